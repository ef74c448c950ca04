//! The outbox: events are written down before whatever makes it needless to
//! try again, so that none is lost when a request dies. Several events of one
//! act share one write. Where nobody listens nothing is written.

use crate::hashing;
use crate::keys;
use crate::limits::{EVENTS_PER_ENTRY_MAX, OUTBOX_PATIENCE_MS};
use crate::mail;
use crate::programs::Current;
use crate::records::outbox::{EventRecord, OutboxRecord};
use crate::records::write;
use crate::store::{self, StoreError};
use crate::tracker::Tracker;
use futures_util::future::LocalBoxFuture;
use goodword_api::event::EventKind;

/// Whether anybody listens at all: only then events are made.
#[must_use]
pub fn is_heard(tracker: &Tracker<'_>, current: &Current) -> bool {
    EventKind::ALL.iter().any(|kind| hears(tracker, current, kind.as_str()))
}

/// Whether anybody hears of a kind of event.
#[must_use]
pub fn hears(tracker: &Tracker<'_>, current: &Current, kind: &str) -> bool {
    let is_mailed = tracker.settings.mail_from.is_some() && mail::is_about(kind);
    is_mailed || current.webhooks.endpoints.iter().any(|endpoint| endpoint.hears(kind))
}

/// Puts the events of one act into the outbox, as far as anybody wants to hear
/// of them. Boxed, because many ask for it: compiled into each, it is large.
///
/// # Errors
/// Whatever the store says.
pub fn tell<'a>(
    tracker: &'a Tracker<'_>,
    current: &'a Current,
    mut events: Vec<EventRecord>,
) -> LocalBoxFuture<'a, Result<(), StoreError>> {
    let program = &current.program().id;
    events.retain(|event| hears(tracker, current, &event.kind));
    let mut entries = Vec::new();
    for events in events.chunks(EVENTS_PER_ENTRY_MAX) {
        let record = OutboxRecord {
            told_at_ms: tracker.now.0,
            due_at_ms: tracker.now.plus_ms(patience_ms(tracker)).0,
            events: events.to_vec(),
            ..OutboxRecord::default()
        };
        let key = keys::outbox::entry(program, tracker.now, &act(events), 0);
        entries.push((key, write(&record)));
    }
    put_all(tracker, entries)
}

/// Writes entries at once; all must succeed.
pub fn put_all<'a>(
    tracker: &'a Tracker<'_>,
    entries: Vec<(String, String)>,
) -> LocalBoxFuture<'a, Result<(), StoreError>> {
    Box::pin(store::put_all(tracker.store, entries))
}

/// The name of an act, made from its events.
#[must_use]
pub fn act(events: &[EventRecord]) -> String {
    let ids: Vec<&str> = events.iter().map(|event| event.id.as_str()).collect();
    hashing::name(&ids)
}

fn patience_ms(tracker: &Tracker<'_>) -> i64 {
    tracker.settings.webhook_wait_ms.unwrap_or(i64::MAX).min(OUTBOX_PATIENCE_MS)
}
