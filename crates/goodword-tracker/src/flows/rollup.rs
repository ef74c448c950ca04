//! The roll-up: the batches of each closed hour become its tally, the tallies
//! of each closed day its sums and those of every advocate.
//!
//! Whatever is written is derived anew from what lies below it, never from
//! what was there before: the same run twice, two at once, or one that dies on
//! the way leave the same figures in the end.
//!
//! 1. Days that are marked open and over are finished: their sums and their
//!    advocates' are written where they differ, a bounded number in one run.
//!    Only when nothing differs any more does the mark go.
//! 2. Every hour since the last run that is over for a quarter of an hour is
//!    added up; its day is marked before. Only then is it told how far the
//!    hours are added up.
//! 3. The hour before them and the same hours of the day before are looked at
//!    again: a batch that came late rewrites its hour and marks its day.
//!
//! A listing that is older than a tally has fewer batches, and then the tally
//! stays.

use crate::keys::traffic as keys;
use crate::limits::{HOUR_PAGES_MAX, OPERATIONS_PER_HOUR, TALLY_GRACE_MS};
use crate::store::{Keep, Store, StoreError, get_many};
use crate::traffic::open::{self, Tally, tallies};
use crate::traffic::{Counted, HOURS, Hour, Row, batches};
use goodword::key::ProgramId;
use goodword::metrics::{Day, Device};
use goodword::time::Instant;

/// Adds up what is closed in a program, with about so many operations of the
/// store, half of them for hours. What does not fit is left for the next run.
///
/// # Errors
/// Whatever the store says; what was not done is done by the next run.
pub async fn roll_up(
    store: &dyn Store,
    now: Instant,
    program: &ProgramId,
    operations_max: usize,
) -> Result<(), StoreError> {
    let half = operations_max / 2;
    let rolled = open::rolled(store, program).await?;
    let marks = open::unfinished(store, program).await?;
    finish_days(store, program, rolled, &marks, half).await?;

    let marked = marks.iter().map(|(day, _)| *day).collect();
    let mut run = Run { store, program, now, rolled, marked };
    let end = Hour::of(now.plus_ms(-TALLY_GRACE_MS));
    let start = match rolled {
        Some(rolled) => rolled,
        None => first_hour(store, program).await?.unwrap_or(end),
    };
    let hours_max = i64::try_from(half / OPERATIONS_PER_HOUR).unwrap_or(i64::MAX).max(1);
    let end = end.min(start.plus(hours_max));
    if end <= start && rolled.is_some() {
        return Ok(());
    }
    let of_yesterday = start.plus(-HOURS).until(end.plus(-HOURS));
    for hour in of_yesterday.chain([start.plus(-1)]).chain(start.until(end)) {
        run.add_up(hour).await?;
    }
    store.put(&keys::rolled(program), &end.max(start).0.to_string(), Keep::Forever).await
}

/// The hour of the oldest batch.
async fn first_hour(store: &dyn Store, program: &ProgramId) -> Result<Option<Hour>, StoreError> {
    let page = store.list(&keys::all_clicks(program), None).await?;
    Ok(page.entries.first().and_then(|(key, _)| keys::read_hour(key)))
}

struct Run<'a> {
    store: &'a dyn Store,
    program: &'a ProgramId,
    now: Instant,
    rolled: Option<Hour>,
    /// Days of which a mark was seen or made.
    marked: Vec<Day>,
}

impl Run<'_> {
    async fn add_up(&mut self, hour: Hour) -> Result<(), StoreError> {
        let Run { store, program, .. } = *self;
        let found = batches(store, &keys::clicks(program, hour), HOUR_PAGES_MAX).await?;
        let kept = match found.as_slice() {
            [] => return Ok(()),
            _ => tallies(store, program, &[hour]).await?.pop(),
        };
        if kept.is_some_and(|(_, kept)| kept.batches >= found.len()) {
            return Ok(());
        }
        // A mark that was seen on a day that is over may be gone by now.
        if !self.marked.contains(&hour.day()) || is_over(hour.day(), self.rolled) {
            self.marked.push(hour.day());
            store.put(&keys::open(program, hour.day(), self.now), "", Keep::Forever).await?;
        }
        let mut tally = Tally { batches: found.len(), sum: Counted::default() };
        found.iter().for_each(|(_, batch)| tally.sum.merge(batch));
        store.put(&keys::tally(program, hour), &tally.write(), Keep::Forever).await
    }
}

/// Whether every hour of a day was added up a run ago.
fn is_over(day: Day, rolled: Option<Hour>) -> bool {
    rolled.is_some_and(|rolled| Hour::first_of(day).plus(HOURS) < rolled)
}

/// Finishes the marked days that are over.
async fn finish_days(
    store: &dyn Store,
    program: &ProgramId,
    rolled: Option<Hour>,
    marks: &[(Day, String)],
    writes_max: usize,
) -> Result<(), StoreError> {
    // A listing is in the sequence of days.
    let mut days: Vec<Day> = marks.iter().map(|(day, _)| *day).collect();
    days.dedup();
    let mut left = writes_max;
    for day in days.into_iter().filter(|day| is_over(*day, rolled)) {
        left -= finish(store, program, day, left).await?;
        if left == 0 {
            break;
        }
        for (_, mark) in marks.iter().filter(|(of, _)| *of == day) {
            store.delete(mark).await?;
        }
    }
    Ok(())
}

/// Writes what differs of a day, at most so much. Returns how much it was.
async fn finish(
    store: &dyn Store,
    program: &ProgramId,
    day: Day,
    most: usize,
) -> Result<usize, StoreError> {
    let first = Hour::first_of(day);
    let hours: Vec<Hour> = first.until(first.plus(HOURS)).collect();
    let mut sum = Counted::default();
    for (_, tally) in tallies(store, program, &hours).await? {
        sum.merge(&tally.sum);
    }
    let wanted = records(program, day, &sum);
    let keys: Vec<String> = wanted.iter().map(|(key, _)| key.clone()).collect();
    let mut written = 0;
    for (keys, wanted) in keys.chunks(READ_AT_ONCE).zip(wanted.chunks(READ_AT_ONCE)) {
        let kept = get_many(store, keys).await?;
        for ((key, body), kept) in wanted.iter().zip(kept) {
            if kept.as_ref() == Some(body) {
                continue;
            }
            if written == most {
                return Ok(written);
            }
            store.put(key, body, Keep::Forever).await?;
            written += 1;
        }
    }
    Ok(written)
}

/// Keys that one bulk read may name.
const READ_AT_ONCE: usize = 100;

/// What is kept of a day.
fn records(program: &ProgramId, day: Day, sum: &Counted) -> Vec<(String, String)> {
    let by_channel = sum.by(|row| Row { code: None, ..row });
    let by_code = sum.by(|row| Row { channel: 0, device: Device::Unknown, ..row });
    let mut records = vec![
        (keys::daily(program, day), by_channel.write()),
        (keys::daily_codes(program, day), by_code.write()),
    ];
    for code in by_code.rows().filter_map(|(row, _)| row.code) {
        records.push((keys::stats(program, code, day), sum.of(code).write()));
    }
    records
}
