//! The days that are not added up for good yet: today, yesterday, and those
//! that the roll-up has not finished. Their closed hours are read as tallies,
//! the rest as it was recorded.

use super::hour::{HOURS, Hour};
use super::{Counted, batches};
use crate::keys::traffic as keys;
use crate::limits::{OPEN_DAYS_MAX, OPEN_HOURS_MAX, OPEN_PAGES_MAX};
use crate::store::{Store, StoreError, get, get_many};
use goodword::key::ProgramId;
use goodword::metrics::Day;
use goodword::sorted::Map;
use goodword::time::Instant;

/// What is not added up for good.
#[derive(Clone, Debug, Default)]
pub struct Open {
    /// Those days, and what is known of them.
    pub days: Map<Day, Counted>,
    /// Every hour before this one is added up.
    pub rolled: Option<Hour>,
}

/// Reads them.
///
/// # Errors
/// Whatever the store says.
pub async fn load(
    store: &dyn Store,
    now: Instant,
    program: &ProgramId,
) -> Result<Open, StoreError> {
    let this_hour = Hour::of(now);
    let rolled = rolled(store, program).await?;
    let today = this_hour.day();
    let mut days = Map::new();
    days.insert(Day(today.0 - 1), Counted::default());
    days.insert(today, Counted::default());
    for (day, _) in unfinished(store, program).await?.into_iter().take(OPEN_DAYS_MAX) {
        days.or_default(day);
    }
    let Some(rolled) = rolled else {
        // Nothing was ever added up: a new program, or one without a cron.
        for (key, batch) in batches(store, &keys::all_clicks(program), OPEN_PAGES_MAX).await? {
            let day = keys::read_hour(&key).map_or(today, Hour::day);
            days.or_default(day).merge(&batch);
        }
        return Ok(Open { days, rolled: None });
    };
    // A tally may take a minute to be seen; the batches of the last one are.
    let recorded = rolled.plus(-1).max(this_hour.plus(-OPEN_HOURS_MAX));
    for (day, sum) in days.iter_mut() {
        let first = Hour::first_of(*day);
        let hours: Vec<Hour> = first.until(first.plus(HOURS).min(recorded)).collect();
        for (_, tally) in tallies(store, program, &hours).await? {
            sum.merge(&tally.sum);
        }
    }
    for hour in recorded.until(this_hour.plus(1)) {
        for (_, batch) in batches(store, &keys::clicks(program, hour), OPEN_PAGES_MAX).await? {
            days.or_default(hour.day()).merge(&batch);
        }
    }
    Ok(Open { days, rolled: Some(rolled) })
}

/// The hour before which every hour is added up; `None` before the first run.
///
/// # Errors
/// Whatever the store says.
pub async fn rolled(store: &dyn Store, program: &ProgramId) -> Result<Option<Hour>, StoreError> {
    let body = get(store, &keys::rolled(program)).await?;
    Ok(body.and_then(|hour| hour.parse().ok()).map(Hour))
}

/// The marks of days that are not all in `daily` and `stats`.
///
/// # Errors
/// Whatever the store says.
pub async fn unfinished(
    store: &dyn Store,
    program: &ProgramId,
) -> Result<Vec<(Day, String)>, StoreError> {
    let page = store.list(&keys::all_open(program), None).await?;
    let marks = page.entries.into_iter();
    Ok(marks.filter_map(|(key, _)| Some((keys::day_of_mark(&key)?, key))).collect())
}

/// An hour, added up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Of how many batches.
    pub batches: usize,
    /// What was in them.
    pub sum: Counted,
}

impl Tally {
    /// As it is kept: the number of batches, then the rows.
    #[must_use]
    pub fn write(&self) -> String {
        format!("{} {}", self.batches, self.sum.write())
    }

    fn read(key: &str, body: &str) -> Result<Self, StoreError> {
        let (batches, rows) = body.split_once(' ').unwrap_or((body, ""));
        let unreadable = |_| StoreError(format!("{key} is unreadable"));
        let batches = batches.parse().map_err(unreadable)?;
        Ok(Tally { batches, sum: Counted::read(key, rows)? })
    }
}

/// The tallies of some hours, where there are any.
///
/// # Errors
/// Whatever the store says.
pub async fn tallies(
    store: &dyn Store,
    program: &ProgramId,
    hours: &[Hour],
) -> Result<Vec<(Hour, Tally)>, StoreError> {
    let keys: Vec<String> = hours.iter().map(|hour| keys::tally(program, *hour)).collect();
    let bodies = get_many(store, &keys).await?;
    let mut tallies = Vec::new();
    for ((hour, key), body) in hours.iter().zip(&keys).zip(bodies) {
        if let Some(body) = body {
            tallies.push((*hour, Tally::read(key, &body)?));
        }
    }
    Ok(tallies)
}
