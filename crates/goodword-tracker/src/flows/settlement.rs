//! Settlement: what is due becomes final.
//!
//! It keeps no cursor and may run at any time, any number of times at once.
//! Two runs that see different facts cannot both pay, because what can be
//! rewarded once has one key in the store, its *slot*:
//!
//! 1. For each due order, its facts and its friend's are read again and
//!    attributed again. If it is not this advocate's any more, it is declined.
//! 2. If the slot is empty, the outcome is written there. Two runs may do so
//!    at the same time with different outcomes; the store keeps the last.
//! 3. After a grace longer than any staleness the slot is read again. Whoever
//!    finds their outcome there writes it into the book; only now it is final.
//!    Whoever finds another declines.
//!
//! Without a grace (development) 2 and 3 happen in one run.

use crate::books::KeptBook;
use crate::directory;
use crate::http::Failure;
use crate::keys;
use crate::limits::{DUE_PAGES_MAX, SETTLED_PER_CALL_MAX};
use crate::orders::{self, Attributed, Reports, attribute_order};
use crate::programs::{self, Current};
use crate::records::{CodeRecord, FinalRecord, SettledRecord, SlotRecord, read, write};
use crate::store::{Keep, StoreError, get_many, with_bodies};
use crate::tracker::Tracker;
use goodword::attribution::Attribution;
use goodword::code::ReferralCode;
use goodword::key::{OrderKey, ProgramId};
use goodword::reward::Slot;
use goodword::terms::TermsHistory;
use goodword::time::Instant;
use std::collections::BTreeMap;

/// What a run did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Settled {
    /// Orders that are final now, or were declined.
    pub settled: usize,
    /// Due orders that are left.
    pub remaining: usize,
}

/// Something to look at.
struct Due {
    key: String,
    order: OrderKey,
}

/// Settles a bounded number of a program's due orders.
///
/// # Errors
/// Whatever the store says. What was settled until then stays settled.
pub async fn settle(tracker: &Tracker<'_>, current: &Current) -> Result<Settled, Failure> {
    let program = &current.program().id;
    let mut due = due_now(tracker, program).await?;
    let left = due.len().saturating_sub(SETTLED_PER_CALL_MAX);
    due.truncate(SETTLED_PER_CALL_MAX);

    let mut advocates: BTreeMap<ReferralCode, Vec<Due>> = BTreeMap::new();
    for key in due {
        if let Some((code, order)) = keys::read_due(&key) {
            advocates.entry(code).or_default().push(Due { key, order });
        }
    }
    let mut done = Settled { settled: 0, remaining: left };
    for (code, due) in advocates {
        let looked_at = due.len();
        let settled = settle_advocate(tracker, current, code, due).await?;
        done.settled += settled;
        done.remaining += looked_at - settled;
    }
    Ok(done)
}

/// The keys of orders that are due now, a few pages at most. Keys begin with
/// their hour, so what comes later ends the search.
async fn due_now(tracker: &Tracker<'_>, program: &ProgramId) -> Result<Vec<String>, StoreError> {
    let is_due = |(_, at): &(String, String)| {
        at.parse().is_ok_and(|ms| Instant(ms).plus_ms(grace_ms(tracker)) <= tracker.now)
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

fn grace_ms(tracker: &Tracker<'_>) -> i64 {
    tracker.settings.settlement_grace_ms
}

/// A due order after it was looked at again.
struct Candidate {
    due: Due,
    slot: Slot,
}

async fn settle_advocate(
    tracker: &Tracker<'_>,
    current: &Current,
    code: ReferralCode,
    due: Vec<Due>,
) -> Result<usize, Failure> {
    let program = &current.program().id;
    let mut book = KeptBook::load(tracker, program, code).await?;
    let Some(record) = directory::find(tracker, code).await? else { return Ok(0) };
    let earliest = book.earliest().unwrap_or(tracker.now);
    let terms = programs::history(tracker.store, current, earliest).await?;

    let mut settled = 0;
    let mut candidates = Vec::new();
    for due in due {
        if book.orders.get(&due.order).is_some_and(|kept| kept.is_settled()) {
            tracker.store.delete(&due.key).await?;
            settled += 1;
            continue;
        }
        // A person decides; if they accept, it is due again.
        if book.orders.get(&due.order).is_some_and(|kept| kept.is_held()) {
            tracker.store.delete(&due.key).await?;
            settled += 1;
            continue;
        }
        match look(tracker, current, code, &mut book, &due).await? {
            Ok(slot) => candidates.push(Candidate { due, slot }),
            Err(reason) => {
                let outcome = SettledRecord::Declined(reason);
                finish(tracker, program, code, &due, outcome, &mut book).await?;
                settled += 1;
            }
        }
    }
    let advocate = Advocate { program, code, record: &record, terms: &terms };
    settled += confirm(tracker, &advocate, candidates, &mut book).await?;
    Ok(settled)
}

/// Attributes a due order again on all facts there are now, and brings its
/// entry in the book up to date. Says which slot it wants, or why none.
async fn look(
    tracker: &Tracker<'_>,
    current: &Current,
    code: ReferralCode,
    book: &mut KeptBook,
    due: &Due,
) -> Result<Result<Slot, String>, StoreError> {
    let program = &current.program().id;
    let reports = Reports::load(tracker, program, due.order).await?;
    let (Some(order), Some(order_id)) = (reports.order(due.order), reports.order_id()) else {
        return Ok(Err("unknown_order".to_owned()));
    };
    let Attributed { attribution, terms, .. } = attribute_order(tracker, current, &order).await?;
    match attribution {
        Attribution::Nobody(reason) => return Ok(Err(reason.as_str().to_owned())),
        Attribution::To(credit) if credit.code != code => {
            return Ok(Err("other_advocate".to_owned()));
        }
        Attribution::To(_) => {}
    }
    let program_then = terms.at(order.occurred_at);
    let line = orders::line(&order, order_id, program_then);
    let kept = book.orders.entry(due.order).or_default();
    for (content, refund) in &reports.refunds {
        if !kept.refunds.contains_key(content) {
            let place = keys::book_refund(program, code, due.order, content);
            tracker.store.put(&place, &write(refund), Keep::Forever).await?;
            kept.refunds.insert(content.clone(), refund.clone());
        }
    }
    if kept.line.as_ref() != Some(&line) {
        let place = keys::book_line(program, code, due.order);
        tracker.store.put(&place, &write(&line), Keep::Forever).await?;
        kept.line = Some(line.clone());
    }
    Ok(line
        .line(due.order)
        .map(|line| line.slot(program_then))
        .ok_or_else(|| "unreadable".to_owned()))
}

struct Advocate<'a> {
    program: &'a ProgramId,
    code: ReferralCode,
    record: &'a CodeRecord,
    terms: &'a TermsHistory,
}

/// Takes empty slots for the candidates, and confirms those whose slots are
/// theirs for long enough.
async fn confirm(
    tracker: &Tracker<'_>,
    advocate: &Advocate<'_>,
    candidates: Vec<Candidate>,
    book: &mut KeptBook,
) -> Result<usize, Failure> {
    let Advocate { program, code, .. } = *advocate;
    let places: Vec<String> =
        candidates.iter().map(|candidate| keys::settled(program, candidate.slot)).collect();
    let taken = get_many(tracker.store, &places).await?;
    let orders: Vec<OrderKey> = candidates.iter().map(|candidate| candidate.due.order).collect();
    let finals =
        book.book(tracker, code, advocate.record, advocate.terms).finals(&orders, advocate.terms);

    let mut settled = 0;
    let mut taken_now = Vec::new();
    for ((candidate, place), taken) in candidates.iter().zip(&places).zip(taken) {
        let order = candidate.due.order.to_string();
        let slot = match taken {
            Some(body) => read::<SlotRecord>(place, &body)?,
            // Two orders of one friend may want one slot in the same run.
            None if taken_now.contains(&place) => continue,
            None => {
                let own = finals.iter().filter(|(of, _)| *of == candidate.due.order);
                let slot = SlotRecord {
                    order: order.clone(),
                    code: code.to_string(),
                    at_ms: tracker.now.0,
                    finals: own.map(|(_, last)| FinalRecord::new(last)).collect(),
                };
                tracker.store.put(place, &write(&slot), Keep::Forever).await?;
                taken_now.push(place);
                slot
            }
        };
        if Instant(slot.at_ms).plus_ms(grace_ms(tracker)) > tracker.now {
            continue;
        }
        let is_ours = slot.order == order && slot.code == code.to_string();
        let outcome = if is_ours {
            SettledRecord::Confirmed(slot.finals)
        } else {
            SettledRecord::Declined("already_settled".to_owned())
        };
        finish(tracker, program, code, &candidate.due, outcome, book).await?;
        settled += 1;
    }
    Ok(settled)
}

/// Writes an outcome into the book, then forgets that it was due.
async fn finish(
    tracker: &Tracker<'_>,
    program: &ProgramId,
    code: ReferralCode,
    due: &Due,
    outcome: SettledRecord,
    book: &mut KeptBook,
) -> Result<(), StoreError> {
    let place = keys::book_settled(program, code, due.order);
    tracker.store.put(&place, &write(&outcome), Keep::Forever).await?;
    tracker.store.delete(&due.key).await?;
    book.orders.entry(due.order).or_default().settled = Some(outcome);
    Ok(())
}
