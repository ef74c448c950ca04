//! Events once more, because the owner asks: with the ids they had, to
//! everybody who wants to hear of them now.

use crate::hashing;
use crate::keys;
use crate::limits::RESENT_PER_CALL_MAX;
use crate::outbox;
use crate::programs::Current;
use crate::records::outbox::OutboxRecord;
use crate::records::{read, write};
use crate::store::{StoreError, scan};
use crate::tracker::Tracker;
use goodword::sorted;
use goodword::time::Instant;
use goodword_api::event::EventKind;
use goodword_api::webhooks::Resend;

/// What is told again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resent {
    /// How many events.
    pub events: usize,
    /// From when on to go on, where one call was not enough.
    pub next_since: Option<Instant>,
}

/// Puts events that were told, or wait to be, into the outbox once more.
///
/// # Errors
/// Whatever the store says.
pub async fn resend(
    tracker: &Tracker<'_>,
    current: &Current,
    wish: &Resend,
) -> Result<Resent, StoreError> {
    let program = &current.program().id;
    let mut chosen = Vec::new();
    for prefix in [keys::outbox::all_delivered(program), keys::outbox::waiting(program)] {
        for (key, body) in scan(tracker.store, &prefix).await? {
            chosen.extend(again(tracker, read(&key, &body)?, wish));
        }
    }
    // The earliest first, each once.
    sorted::sort(&mut chosen);
    chosen.dedup();
    let next_since = cut(&mut chosen);
    let mut events = 0;
    let mut entries = Vec::new();
    for (_, body) in &chosen {
        let record: OutboxRecord = read(keys::outbox::ALL, body)?;
        events += record.events.len();
        // Another entry than the first one, which may still wait.
        let act = hashing::name(&["again", &outbox::act(&record.events)]);
        entries.push((keys::outbox::entry(program, tracker.now, &act, 0), body.clone()));
    }
    outbox::put_all(tracker, entries).await?;
    Ok(Resent { events, next_since })
}

/// What of an act is wished for, if anything: when it came to pass, and the
/// entry that tells it again.
fn again(tracker: &Tracker<'_>, told: OutboxRecord, wish: &Resend) -> Option<(i64, String)> {
    let OutboxRecord { told_at_ms, mut events, .. } = told;
    match wish {
        Resend::Since(since) if told_at_ms < since.0 => return None,
        Resend::Since(_) => {}
        Resend::Event(id) => events.retain(|event| event.id == *id),
    }
    // A letter is not written twice.
    events.retain(|event| EventKind::parse(&event.kind).is_some());
    if events.is_empty() {
        return None;
    }
    let due_at_ms = tracker.now.0;
    let record =
        OutboxRecord { told_at_ms, due_at_ms, events, is_again: true, ..OutboxRecord::default() };
    Some((told_at_ms, write(&record)))
}

/// Leaves as many acts as one call tells, with all of the last one's instant,
/// and says from when on the rest is.
fn cut(chosen: &mut Vec<(i64, String)>) -> Option<Instant> {
    let last_ms = chosen.get(RESENT_PER_CALL_MAX - 1)?.0;
    let place = chosen.iter().position(|(told_at_ms, _)| *told_at_ms > last_ms)?;
    let next_since = chosen.get(place).map(|(told_at_ms, _)| Instant(*told_at_ms));
    chosen.truncate(place);
    next_since
}
