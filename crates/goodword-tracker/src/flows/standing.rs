//! The owner blocks an advocate, or lets them earn again.
//!
//! A block holds for everything that is not final: orders from before it are
//! declined as well, because whoever blocks an advocate has found out about
//! orders that were made already. What is final stays; single rewards can be
//! voided. The link leads to the shop still, without a claim.

use crate::books::{Kept, KeptBook};
use crate::directory;
use crate::http::Failure;
use crate::keys;
use crate::limits::STANDING_ORDERS_MAX;
use crate::programs::{self, Current};
use crate::records::{DecisionRecord, SettledRecord, StandingRecord, write};
use crate::store::Keep;
use crate::tracker::Tracker;
use goodword::attribution::Reason;
use goodword::code::ReferralCode;
use goodword::key::OrderKey;
use goodword::time::Instant;
use goodword_api::object;
use goodword_api::problem::{Code, Problem};
use serde_json::Value;

/// They may not earn.
pub const BLOCK: &str = "block";
/// They may again.
pub const UNBLOCK: &str = "unblock";

/// Blocks or unblocks an advocate.
///
/// 1. Who says so, when and why becomes a fact.
/// 2. It holds from now on.
/// 3. A block has the orders that are open looked at now, so that they are
///    declined; unblocking has those looked at again that were declined for
///    it. Both do so many at a time, and say how many are left.
///
/// # Errors
/// `not_found`, or whatever the store says.
pub async fn decide(
    tracker: &Tracker<'_>,
    current: &Current,
    code: ReferralCode,
    verdict: &str,
    decision: DecisionRecord,
) -> Result<Value, Failure> {
    let program = &current.program().id;
    let unknown = || Problem::new(Code::NotFound, format!("There is no advocate {code}."));
    let record = directory::find(tracker, code)
        .await?
        .filter(|record| record.program == program.as_str() && record.erased_ms.is_none());
    let record = record.ok_or_else(unknown)?;
    let blocked = verdict == BLOCK;
    let body = write(&StandingRecord { blocked, decision });
    let fact = keys::standing_fact(program, code, tracker.now);
    tracker.store.put(&fact, &body, Keep::Forever).await?;
    tracker.store.put(&keys::standing(code), &body, Keep::Forever).await?;
    if blocked {
        // Whoever may come back says again that they want to be seen.
        tracker.store.delete(&keys::member(program, code)).await?;
    }

    let book = KeptBook::load(tracker, program, code).await?;
    let concerned = |kept: &Kept| if blocked { is_open(kept) } else { is_declined(kept) };
    let orders = book.orders.iter().filter(|(_, kept)| concerned(kept));
    let orders: Vec<(OrderKey, Instant)> = orders
        .filter_map(|(order, kept)| Some((*order, Instant(kept.line.as_ref()?.at_ms))))
        .collect();
    let remaining = orders.len().saturating_sub(STANDING_ORDERS_MAX);
    let terms =
        programs::history(tracker.store, current, book.earliest().unwrap_or(tracker.now)).await?;
    for (order, made_at) in orders.iter().take(STANDING_ORDERS_MAX) {
        let own = made_at.plus_days(terms.at(*made_at).hold_days);
        let due_at = if blocked { tracker.now } else { own.max(tracker.now) };
        let due = keys::due(program, due_at, code, *order);
        tracker.store.put(&due, &due_at.0.to_string(), Keep::Forever).await?;
        if !blocked {
            // What settlement says next is said on all that is known then.
            tracker.store.delete(&keys::book_settled(program, code, *order)).await?;
        }
    }
    Ok(object!({
        "code": record.shown,
        "status": if blocked { "blocked" } else { "active" },
        "orders": orders.len() - remaining,
        "remaining": remaining,
    }))
}

fn is_open(kept: &Kept) -> bool {
    !kept.is_settled() && !kept.is_held()
}

fn is_declined(kept: &Kept) -> bool {
    let reason = Reason::AdvocateBlocked.as_str();
    matches!(&kept.settled, Some(SettledRecord::Declined(why)) if why == reason)
}
