//! Settlement: what is due becomes final.
//!
//! It keeps no cursor and may run at any time, any number of times at once.
//! Two runs that see different facts cannot both pay, because what can be
//! rewarded once has one key in the store, its *slot*:
//!
//! 1. For each due order, its facts and its friend's are read again and
//!    attributed again ([`desk`]). An order that is somebody else's moves into
//!    their book and becomes due there, before anything is reckoned with
//!    either book: a cap or a ladder needs every order.
//! 2. If the slot is empty, the outcome is written there, or declined
//!    ([`slots`]). Two runs may do so at the same time with different outcomes;
//!    the store keeps the last.
//! 3. After a grace longer than any staleness the slot is read again. Whoever
//!    finds their outcome there writes it into the book, whatever was reported
//!    since; only now it is final. Whoever finds another declines, and sees to
//!    it that the other is looked at.
//! 4. Milestones that enough final orders reached become final as well
//!    ([`milestones`]); only then is it forgotten what was due.
//!
//! Without a grace (development) 2 and 3 happen in one run.

mod desk;
mod due;
mod milestones;
mod slots;
mod telling;

use crate::http::Failure;
use crate::keys::{self, DueKey};
use crate::limits::{
    OPERATIONS_PER_CALL_MAX, OPERATIONS_PER_ORDER, OPERATIONS_TO_FIND_MAX, OPERATIONS_TO_SETTLE,
    SETTLED_PER_CALL_MAX,
};
use crate::programs::Current;
use crate::records::read;
use crate::store::counting::Counting;
use crate::store::{Keep, StoreError, get_many};
use crate::tracker::Tracker;
use desk::{Arrival, Desk};
use due::Due;
use goodword::code::ReferralCode;
use goodword::key::{OrderKey, ProgramId};
use goodword::mutant;
use goodword::sorted::{Map, Set};
use goodword::time::Instant;

/// What a run did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Settled {
    /// Orders that are final now, or were declined.
    pub settled: usize,
    /// Due orders that are left.
    pub remaining: usize,
}

/// Settles a bounded number of a program's due orders.
///
/// # Errors
/// Whatever the store says. What was settled until then stays settled.
pub async fn settle(tracker: &Tracker<'_>, current: &Current) -> Result<Settled, Failure> {
    settle_within(tracker, current, OPERATIONS_PER_CALL_MAX).await
}

/// The same within so many operations of the store. What is not reached is
/// still due.
///
/// # Errors
/// Whatever the store says. What was settled until then stays settled.
pub async fn settle_within(
    tracker: &Tracker<'_>,
    current: &Current,
    operations_max: usize,
) -> Result<Settled, Failure> {
    let store = Counting::new(tracker.store);
    let tracker = &Tracker { store: &store, ..*tracker };
    let mut due = due::now(tracker, &current.program().id).await?;
    let most = SETTLED_PER_CALL_MAX.min(operations_max / OPERATIONS_PER_ORDER);
    let left = due.len().saturating_sub(most);
    due.truncate(most);

    let mut done = Settled { settled: 0, remaining: left };
    let find_max = OPERATIONS_TO_FIND_MAX.min(operations_max / 3);
    let (advocates, unread) = by_advocate(tracker, current, &store, due, find_max).await?;
    done.remaining += unread;
    let codes: Vec<String> = advocates.keys().map(|code| keys::code(*code)).collect();
    let records = get_many(tracker.store, &codes).await?;
    let mut desks = Vec::new();
    let mut arrivals = Vec::new();
    let mut kept_back = 0;
    for (((code, due), key), record) in advocates.into_iter().zip(codes).zip(records) {
        let Some(record) = record else {
            due::put_off(tracker, &current.program().id, due).await?;
            continue;
        };
        let orders = due.iter().filter(|due| due.order.is_some()).count();
        done.remaining += orders;
        let ahead = due.len() * OPERATIONS_PER_ORDER;
        if store.operations() + kept_back + ahead > operations_max && !desks.is_empty() {
            continue;
        }
        kept_back += due.len() * OPERATIONS_TO_SETTLE;
        let mut desk = Desk::open(tracker, current, code, read(&key, &record)?).await?;
        arrivals.extend(desk.look(due).await?);
        desks.push(desk);
    }
    for Arrival { code, order, kept } in arrivals {
        if let Some(desk) = desks.iter_mut().find(|desk| desk.code == code) {
            desk.arrive(order, kept);
        }
    }
    // Two orders of one friend may want one slot in the same run.
    let mut taken = Set::new();
    for desk in &mut desks {
        desk.confirm().await?;
        desk.take(&mut taken).await?;
        desk.settle_milestones().await?;
        let settled = desk.close().await?;
        done.settled += settled;
        done.remaining -= settled;
    }
    Ok(done)
}

/// What is due, by whose book it is in, and how much of it there was no time
/// to ask about.
async fn by_advocate(
    tracker: &Tracker<'_>,
    current: &Current,
    store: &Counting<'_>,
    keys: Vec<String>,
    operations_max: usize,
) -> Result<(Map<ReferralCode, Vec<Due>>, usize), StoreError> {
    let mut advocates: Map<ReferralCode, Vec<Due>> = Map::new();
    let mut unread = 0;
    for key in keys {
        let (code, due) = match keys::read_due(&key) {
            Some(DueKey::Order(code, order)) => (code, Due { key, order: Some(order) }),
            Some(DueKey::Milestones(code)) => (code, Due { key, order: None }),
            Some(DueKey::Again(_)) if store.operations() >= operations_max => {
                unread += 1;
                continue;
            }
            Some(DueKey::Again(order)) => {
                match due::find_advocate(tracker, current, &key, order).await? {
                    Some(found) => found,
                    None => continue,
                }
            }
            None => continue,
        };
        // An order may be due twice: once is enough for one run, and the other
        // key goes when the outcome is final.
        let of_advocate = advocates.or_default(code);
        if of_advocate.iter().all(|other| other.order != due.order) {
            of_advocate.push(due);
        }
    }
    Ok((advocates, unread))
}

fn grace_ms(tracker: &Tracker<'_>) -> i64 {
    mutant!(GraceIgnored, tracker.settings.settlement_grace_ms, 0)
}

/// Writes down that an order is to be looked at, and returns the key.
async fn put_due(
    tracker: &Tracker<'_>,
    program: &ProgramId,
    at: Instant,
    code: ReferralCode,
    order: OrderKey,
) -> Result<String, StoreError> {
    let key = keys::due(program, at, code, order);
    tracker.store.put(&key, &at.0.to_string(), Keep::Forever).await?;
    Ok(key)
}
