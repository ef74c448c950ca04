//! All rewards, advocate by advocate, for an export: one walk through the
//! books.

use crate::books::KeptBook;
use crate::directory;
use crate::http::Failure;
use crate::keys;
use crate::limits::LIST_OPERATIONS_MAX;
use crate::programs::{self, Current};
use crate::tracker::Tracker;
use crate::walk::{Found, Place, Walk};
use goodword::code::ReferralCode;
use goodword::time::Instant;
use serde_json::Value;

/// The rewards of so many advocates, and where the next ones begin.
///
/// # Errors
/// Whatever the store says.
pub async fn page(
    tracker: &Tracker<'_>,
    current: &Current,
    advocates: usize,
    from: Place,
) -> Result<(Vec<Value>, Option<Place>), Failure> {
    let program = &current.program().id;
    let terms = programs::history(tracker.store, current, Instant(i64::MIN)).await?;
    let prefix = keys::books(program);
    let mut walk = Walk::new(tracker.store, prefix, 2, from.clone(), LIST_OPERATIONS_MAX);
    let mut books = Vec::new();
    while books.len() < advocates {
        let Found::Group(group) = walk.next().await? else { break };
        let Some(code) = ReferralCode::parse(&group.name) else { continue };
        let mut book = KeptBook::default();
        for (key, body) in group.entries {
            book.add(&key, &body)?;
        }
        books.push((code, book));
    }
    let codes: Vec<ReferralCode> = books.iter().map(|(code, _)| *code).collect();
    let records = directory::find_many(tracker, &codes).await?;
    let mut rewards = Vec::new();
    for (code, book) in &books {
        let Some(record) = records.get(code) else { continue };
        let of_book = book.book(tracker, *code, record, &terms).rewards(&terms);
        rewards.extend(of_book.iter().map(|reward| book.shown(reward, record)));
    }
    let next = (!walk.is_done()).then(|| walk.place().clone());
    Ok((rewards, next.filter(|next| *next != from)))
}
