//! Clicks and shares by hour, channel and device, for an export: the hours
//! that are added up as their tallies say, and the hours since as they were
//! recorded.

use crate::http::Failure;
use crate::keys::traffic as keys;
use crate::limits::{OPEN_HOURS_MAX, OPEN_PAGES_MAX};
use crate::store::StoreError;
use crate::tracker::Tracker;
use crate::traffic::open::tallies;
use crate::traffic::{Counted, Hour, Row, batches, channel_name};
use crate::walk::Place;
use goodword::key::ProgramId;
use goodword::sorted::Map;
use goodword_api::instant;
use goodword_api::object;
use serde_json::Value;

/// So many hours of a program, and where the next ones begin. A place is the
/// store's page and the key of the last tally that was seen.
///
/// # Errors
/// Whatever the store says.
pub async fn page(
    tracker: &Tracker<'_>,
    program: &ProgramId,
    hours_max: usize,
    from: Place,
) -> Result<(Vec<Value>, Option<Place>), Failure> {
    let Place { page, after } = from;
    let listed = tracker.store.list(&keys::all_tallies(program), page.as_deref()).await?;
    let new = listed.entries.iter().map(|(key, _)| key.as_str()).filter(|key| **key > *after);
    let mut hours: Vec<Hour> = new.filter_map(keys::read_hour).collect();
    let is_all = hours.len() <= hours_max;
    hours.truncate(hours_max);
    let after = hours.last().map_or(after, |last| keys::tally(program, *last));

    let tallied = tallies(tracker.store, program, &hours).await?;
    let mut counted: Map<Hour, Counted> =
        tallied.into_iter().map(|(hour, tally)| (hour, tally.sum)).collect();
    let next = if is_all { listed.cursor.map(Some) } else { Some(page) };
    if next.is_none() {
        counted.extend(since(tracker, program, keys::read_hour(&after)).await?);
    }
    let shown = counted.iter().flat_map(|(hour, counted)| shown(*hour, counted));
    Ok((shown.collect(), next.map(|page| Place { page, after })))
}

/// The hours after the last tally, as they were recorded.
async fn since(
    tracker: &Tracker<'_>,
    program: &ProgramId,
    last: Option<Hour>,
) -> Result<Map<Hour, Counted>, StoreError> {
    let this_hour = Hour::of(tracker.now);
    let prefixes: Vec<String> = match last {
        Some(last) => {
            let first = last.plus(1).max(this_hour.plus(-OPEN_HOURS_MAX));
            first.until(this_hour.plus(1)).map(|hour| keys::clicks(program, hour)).collect()
        }
        // Nothing was ever added up: a new program, or one without a cron.
        None => vec![keys::all_clicks(program)],
    };
    let mut hours: Map<Hour, Counted> = Map::new();
    for prefix in prefixes {
        for (key, batch) in batches(tracker.store, &prefix, OPEN_PAGES_MAX).await? {
            let hour = keys::read_hour(&key).unwrap_or(this_hour);
            hours.or_default(hour).merge(&batch);
        }
    }
    Ok(hours)
}

/// An hour's rows, whosever link it was.
fn shown(hour: Hour, counted: &Counted) -> Vec<Value> {
    let of_all = counted.by(|row| Row { code: None, ..row });
    let rows = of_all.rows().map(|(row, counts)| {
        object!({
            "hour": instant::write(hour.start()),
            "channel": channel_name(row.channel),
            "device": row.device.as_str(),
            "clicks": counts.clicks,
            "people": counts.people,
            "shares": counts.shares,
        })
    });
    rows.collect()
}
