//! What the owner is to know about the store: that it did not do what it was
//! asked. While it refuses to write nothing can be written down, so an isolate
//! remembers it, and writes it down with the first request that works again.
//! An isolate that ends before takes its memory along; the log still has every
//! failure, and whoever asks for warnings is told whether the store takes
//! writes now.

use crate::keys;
use crate::limits::WARNING_DAYS;
use crate::random::{self, Random};
use crate::records::record::record;
use crate::records::{read, write};
use crate::store::{Keep, Store, StoreError, scan};
use goodword::time::Instant;

record! {
    /// Requests that the store did not answer, as one isolate saw them.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct Unanswered {
        /// The first, in milliseconds since 1970.
        pub from_ms: i64,
        /// The last, in milliseconds since 1970.
        pub to_ms: i64,
        /// How many.
        pub count: u32,
    }
}

impl Unanswered {
    /// One more after those before.
    #[must_use]
    pub fn and(before: Option<Self>, now: Instant) -> Self {
        let before = before.unwrap_or(Unanswered { from_ms: now.0, to_ms: now.0, count: 0 });
        Unanswered { to_ms: now.0, count: before.count.saturating_add(1), ..before }
    }
}

/// Writes down what an isolate remembers.
///
/// # Errors
/// Whatever the store says: then it is to be remembered further.
pub async fn record(
    store: &dyn Store,
    random: &dyn Random,
    unanswered: Unanswered,
) -> Result<(), StoreError> {
    let place = keys::warning(Instant(unanswered.from_ms), &random::name(random));
    store.put(&place, &write(&unanswered), Keep::Days(WARNING_DAYS)).await
}

/// What was written down, the latest first.
///
/// # Errors
/// Whatever the store says.
pub async fn recorded(store: &dyn Store) -> Result<Vec<Unanswered>, StoreError> {
    let all = scan(store, keys::WARNINGS).await?;
    let read = all.iter().rev().map(|(key, body)| read(key, body));
    read.collect()
}

/// Whether the store takes writes now: one is tried, under a key that nobody
/// else writes to, because two writes to one key are refused as well.
pub async fn takes_writes(store: &dyn Store, random: &dyn Random) -> bool {
    let place = keys::probe(&random::name(random));
    store.put(&place, "", Keep::Days(1)).await.is_ok()
}
