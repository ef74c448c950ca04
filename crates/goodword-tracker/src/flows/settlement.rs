//! Settlement: what is due becomes final.
//!
//! It keeps no cursor and may run at any time, any number of times at once.
//! Two runs that see different facts cannot both pay, because what can be
//! rewarded once has one key in the store, its *slot*:
//!
//! 1. For each due order, its facts and its friend's are read again and
//!    attributed again. An order that is somebody else's becomes due there.
//! 2. If the slot is empty, the outcome is written there, or declined. Two
//!    runs may do so at the same time with different outcomes; the store keeps
//!    the last.
//! 3. After a grace longer than any staleness the slot is read again. Whoever
//!    finds their outcome there writes it into the book, whatever was reported
//!    since; only now it is final. Whoever finds another declines, and sees to
//!    it that the other is looked at.
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
use crate::store::{Keep, StoreError, get, get_many, with_bodies};
use crate::tracker::Tracker;
use goodword::attribution::Attribution;
use goodword::code::ReferralCode;
use goodword::key::{OrderKey, ProgramId};
use goodword::mutant;
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
        let (code, due) = match keys::read_due(&key) {
            Some((Some(code), order)) => (code, Due { key, order }),
            Some((None, order)) => match find_advocate(tracker, current, &key, order).await? {
                Some(found) => found,
                None => continue,
            },
            None => continue,
        };
        // An order may be due twice: once is enough for one run, and the other
        // key goes when the outcome is final.
        let of_advocate = advocates.entry(code).or_default();
        if of_advocate.iter().all(|other| other.order != due.order) {
            of_advocate.push(due);
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

fn grace_ms(tracker: &Tracker<'_>) -> i64 {
    mutant!(GraceIgnored, tracker.settings.settlement_grace_ms, 0)
}

/// Attributes an order that was nobody's when it was reported, or that comes
/// after one that was reported late. If it is somebody's now, it is due there.
async fn find_advocate(
    tracker: &Tracker<'_>,
    current: &Current,
    key: &str,
    order: OrderKey,
) -> Result<Option<(ReferralCode, Due)>, StoreError> {
    let program = &current.program().id;
    let reports = Reports::load(tracker, program, order).await?;
    let mut found = None;
    if let Some(order) = reports.order(order) {
        let Attributed { attribution, terms, .. } =
            attribute_order(tracker, current, &order).await?;
        if let Attribution::To(credit) = attribution {
            let due_at = order.occurred_at.plus_days(terms.at(order.occurred_at).hold_days);
            found = Some((
                credit.code,
                put_due(tracker, program, due_at, credit.code, order.key).await?,
            ));
        }
    }
    tracker.store.delete(key).await?;
    Ok(found)
}

async fn put_due(
    tracker: &Tracker<'_>,
    program: &ProgramId,
    at: Instant,
    code: ReferralCode,
    order: OrderKey,
) -> Result<Due, StoreError> {
    let key = keys::due(program, at, code, order);
    tracker.store.put(&key, &at.0.to_string(), Keep::Forever).await?;
    Ok(Due { key, order })
}

/// A due order after it was looked at again.
struct Candidate {
    due: Due,
    slot: Slot,
    refusal: Option<Refusal>,
}

/// What looking at a due order again found.
struct Look {
    /// Which slot it is about.
    slot: Slot,
    /// When it is due.
    due_at: Instant,
    /// Why it may not have the slot.
    refusal: Option<Refusal>,
}

/// Why an order is not this advocate's any more, and whose it is, from when
/// on.
struct Refusal {
    reason: String,
    belongs_to: Option<(ReferralCode, Instant)>,
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
    let mut settled = 0;
    let mut candidates = Vec::new();
    for due in due {
        if book.orders.get(&due.order).is_some_and(|kept| kept.is_confirmed()) {
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
            Some(Look { due_at, refusal: None, .. }) if due_at > tracker.now => {
                // Looked at early, because it might have been somebody else's.
                let own = put_due(tracker, program, due_at, code, due.order).await?;
                if own.key != due.key {
                    tracker.store.delete(&due.key).await?;
                }
                settled += 1;
            }
            Some(Look { slot, refusal, .. }) => candidates.push(Candidate { due, slot, refusal }),
            None => {
                let outcome = SettledRecord::Declined("unknown_order".to_owned());
                finish(tracker, program, code, &due, outcome, &mut book).await?;
                settled += 1;
            }
        }
    }
    let earliest = book.earliest().unwrap_or(tracker.now);
    let terms = programs::history(tracker.store, current, earliest).await?;
    let advocate = Advocate { program, code, record: &record, terms: &terms };
    settled += confirm(tracker, &advocate, candidates, &mut book).await?;
    Ok(settled)
}

/// Attributes a due order again on all facts there are now, and brings its
/// entry in the book up to date. Says which slot it is about, and why it may
/// not have it; `None` when nobody reported such an order.
async fn look(
    tracker: &Tracker<'_>,
    current: &Current,
    code: ReferralCode,
    book: &mut KeptBook,
    due: &Due,
) -> Result<Option<Look>, StoreError> {
    let program = &current.program().id;
    let reports = Reports::load(tracker, program, due.order).await?;
    let (Some(order), Some(order_id)) = (reports.order(due.order), reports.order_id()) else {
        return Ok(None);
    };
    let Attributed { attribution, terms, .. } = attribute_order(tracker, current, &order).await?;
    let program_then = terms.at(order.occurred_at);
    let due_at = order.occurred_at.plus_days(program_then.hold_days);
    let refusal = match attribution {
        Attribution::Nobody(reason) => {
            Some(Refusal { reason: reason.as_str().to_owned(), belongs_to: None })
        }
        Attribution::To(credit) if mutant!(OtherAdvocateConfirmed, credit.code != code, false) => {
            let belongs_to = Some((credit.code, due_at));
            Some(Refusal { reason: "other_advocate".to_owned(), belongs_to })
        }
        Attribution::To(_) => None,
    };
    let line = orders::line(&order, order_id, program_then);
    let slot = line.line(due.order).map(|line| line.slot(program_then));
    let kept = book.orders.entry(due.order).or_default();
    if refusal.is_none() && kept.is_declined() {
        // It was not this advocate's when it was declined; now it is again.
        kept.settled = None;
    }
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
    Ok(slot.map(|slot| Look { slot, due_at, refusal }))
}

struct Advocate<'a> {
    program: &'a ProgramId,
    code: ReferralCode,
    record: &'a CodeRecord,
    terms: &'a TermsHistory,
}

/// Confirms those whose slots are theirs for long enough, declines those
/// whose are not, and takes the free slots for the rest.
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

    let mut settled = 0;
    let mut free = Vec::new();
    for ((candidate, place), taken) in candidates.into_iter().zip(places).zip(taken) {
        let Candidate { due, refusal, .. } = candidate;
        let slot = taken.map(|body| read::<SlotRecord>(&place, &body)).transpose()?;
        let outcome = match (slot, refusal) {
            (None, None) => {
                free.push((due, place));
                continue;
            }
            (Some(slot), _) if is_of(&slot, due.order, code) => {
                let outcome = SettledRecord::Confirmed(slot.finals.clone());
                if !is_old(tracker, &slot) {
                    // Not final yet, but what the others are reckoned with.
                    book.orders.entry(due.order).or_default().settled = Some(outcome);
                    continue;
                }
                outcome
            }
            (Some(slot), None) if is_old(tracker, &slot) => {
                remind(tracker, program, &slot).await?;
                SettledRecord::Declined("already_settled".to_owned())
            }
            (Some(_), None) => continue,
            (_, Some(refusal)) => {
                if let Some((other, due_at)) = refusal.belongs_to {
                    put_due(tracker, program, due_at, other, due.order).await?;
                }
                SettledRecord::Declined(refusal.reason)
            }
        };
        finish(tracker, program, code, &due, outcome, book).await?;
        settled += 1;
    }
    Ok(settled + take(tracker, advocate, free, book).await?)
}

fn is_of(slot: &SlotRecord, order: OrderKey, code: ReferralCode) -> bool {
    let is_its = slot.order == order.to_string() && slot.code == code.to_string();
    mutant!(SlotNotChecked, is_its, true)
}

fn is_old(tracker: &Tracker<'_>, slot: &SlotRecord) -> bool {
    Instant(slot.at_ms).plus_ms(grace_ms(tracker)) <= tracker.now
}

/// Writes outcomes into free slots. Without a grace they are final.
async fn take(
    tracker: &Tracker<'_>,
    advocate: &Advocate<'_>,
    free: Vec<(Due, String)>,
    book: &mut KeptBook,
) -> Result<usize, Failure> {
    let Advocate { program, code, .. } = *advocate;
    let orders: Vec<OrderKey> = free.iter().map(|(due, _)| due.order).collect();
    let terms = advocate.terms;
    let finals = book.book(tracker, code, advocate.record, terms).finals(&orders, terms);
    let mut settled = 0;
    let mut taken = Vec::new();
    for (due, place) in free {
        // Two orders of one friend may want one slot in the same run.
        if taken.contains(&place) {
            continue;
        }
        let own = finals.iter().filter(|(of, _)| *of == due.order);
        let slot = SlotRecord {
            order: due.order.to_string(),
            code: code.to_string(),
            at_ms: tracker.now.0,
            finals: own.map(|(_, last)| FinalRecord::new(last)).collect(),
        };
        tracker.store.put(&place, &write(&slot), Keep::Forever).await?;
        taken.push(place);
        if is_old(tracker, &slot) {
            let outcome = SettledRecord::Confirmed(slot.finals);
            finish(tracker, program, code, &due, outcome, book).await?;
            settled += 1;
        }
    }
    Ok(settled)
}

/// A slot's holder may have been declined by a run that did not see it taken:
/// they are looked at again, so that a slot never stays without a reward.
async fn remind(
    tracker: &Tracker<'_>,
    program: &ProgramId,
    slot: &SlotRecord,
) -> Result<(), StoreError> {
    let holder = ReferralCode::parse(&slot.code).zip(OrderKey::parse(&slot.order));
    let Some((code, order)) = holder else { return Ok(()) };
    let place = keys::book_settled(program, code, order);
    let outcome = get(tracker.store, &place).await?;
    let outcome = outcome.map(|body| read::<SettledRecord>(&place, &body)).transpose()?;
    if !matches!(outcome, Some(SettledRecord::Confirmed(_))) {
        put_due(tracker, program, Instant(slot.at_ms), code, order).await?;
    }
    Ok(())
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
    if mutant!(DueForgottenBeforeSettled, false, true) {
        tracker.store.delete(&due.key).await?;
    }
    tracker.store.put(&place, &write(&outcome), Keep::Forever).await?;
    tracker.store.delete(&due.key).await?;
    book.orders.entry(due.order).or_default().settled = Some(outcome);
    Ok(())
}
