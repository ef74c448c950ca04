//! What is to be looked at now.

use super::{grace_ms, put_due};
use crate::flows::conversion;
use crate::flows::friend_index::{self, Occasion};
use crate::keys;
use crate::limits::{DUE_PAGES_MAX, NAMELESS_MS, SETTLED_PER_CALL_MAX};
use crate::orders::{Attributed, Reports, attribute_order};
use crate::programs::Current;
use crate::store::{Keep, StoreError, with_bodies};
use crate::tracker::Tracker;
use goodword::attribution::Attribution;
use goodword::code::ReferralCode;
use goodword::key::{OrderKey, ProgramId};
use goodword::mutant;
use goodword::time::Instant;

/// Something to look at in an advocate's book.
pub(super) struct Due {
    /// The key that says so.
    pub(super) key: String,
    /// The order; `None` for the milestones.
    pub(super) order: Option<OrderKey>,
}

/// The keys of what is due now, a few pages at most. Keys begin with their
/// hour, so what comes later ends the search.
pub(super) async fn now(
    tracker: &Tracker<'_>,
    program: &ProgramId,
) -> Result<Vec<String>, StoreError> {
    let is_due = |(_, at): &(String, String)| {
        at.parse().is_ok_and(|ms| {
            let is_now = Instant(ms).plus_ms(grace_ms(tracker)) <= tracker.now;
            mutant!(HoldIgnored, is_now, true)
        })
    };
    let mut due = Vec::new();
    let mut cursor = None;
    for _ in 0..DUE_PAGES_MAX {
        let page = tracker.store.list(&keys::all_due(program), cursor.as_deref()).await?;
        let has_later = page.entries.iter().any(|(key, _)| !keys::is_due_hour(key, tracker.now));
        let of_now =
            page.entries.into_iter().filter(|(key, _)| keys::is_due_hour(key, tracker.now));
        let of_now = with_bodies(tracker.store, of_now.collect()).await?;
        due.extend(of_now.into_iter().filter(is_due).map(|(key, _)| key));
        cursor = page.cursor.filter(|_| !has_later && due.len() <= SETTLED_PER_CALL_MAX);
        if cursor.is_none() {
            break;
        }
    }
    Ok(due)
}

/// What is due in the book of somebody whom no record names would be due for
/// ever, before everything else. Its orders are attributed again later, and then
/// they are somebody's or nobody's. Milestones go: the next order that is
/// settled looks at them.
pub(super) async fn put_off(
    tracker: &Tracker<'_>,
    program: &ProgramId,
    due: Vec<Due>,
) -> Result<(), StoreError> {
    for Due { key, order } in due {
        if let Some(order) = order {
            let at = tracker.now.plus_ms(NAMELESS_MS);
            let again = keys::due_again(program, at, order);
            tracker.store.put(&again, &at.0.to_string(), Keep::Forever).await?;
        }
        tracker.store.delete(&key).await?;
    }
    Ok(())
}

/// Attributes an order that was nobody's when it was reported, or that comes
/// after one that was reported late. If it is somebody's now, it is due there.
/// What was given back under a name that was told late goes into the book even
/// where the order is settled.
pub(super) async fn find_advocate(
    tracker: &Tracker<'_>,
    current: &Current,
    key: &str,
    order: OrderKey,
) -> Result<Option<(ReferralCode, Due)>, StoreError> {
    let program = &current.program().id;
    let reports = Reports::load(tracker, program, order).await?;
    if reports.has_names() && !reports.refunds.is_empty() {
        conversion::apply(tracker, current, order, &reports, Occasion::Due).await?;
    }
    let mut found = None;
    if let Some(order) = reports.order(order) {
        let attributed = attribute_order(tracker, current, &order).await?;
        friend_index::tell(tracker, program, &order, &reports, &attributed, Occasion::Due).await?;
        let Attributed { attribution, terms, .. } = attributed;
        if let Attribution::To(credit) = attribution {
            let due_at = order.occurred_at.plus_days(terms.at(order.occurred_at).hold_days);
            let key = put_due(tracker, program, due_at, credit.code, order.key).await?;
            found = Some((credit.code, Due { key, order: Some(order.key) }));
        }
    }
    tracker.store.delete(key).await?;
    Ok(found)
}
