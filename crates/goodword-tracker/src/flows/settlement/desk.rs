//! One advocate's book on the table: what is due in it is looked at again on
//! all facts there are now.

use super::due::Due;
use super::{grace_ms, put_due};
use crate::books::{Kept, KeptBook};
use crate::events;
use crate::flows::friend_index::Occasion;
use crate::flows::{friend_index, review};
use crate::hashing;
use crate::keys;
use crate::orders::{self, Attributed, Reports, attribute_order};
use crate::outbox;
use crate::programs::{self, Current};
use crate::records::outbox::EventRecord;
use crate::records::{CodeRecord, SettledRecord, SlotRecord, read, write};
use crate::store::{Keep, StoreError, get_many};
use crate::tracker::Tracker;
use futures_util::future::try_join_all;
use goodword::attribution::{Attribution, Credit};
use goodword::code::ReferralCode;
use goodword::key::{OrderKey, ProgramId};
use goodword::mutant;
use goodword::order::Order;
use goodword::reward::Slot;
use goodword::terms::{Program, TermsHistory};
use goodword::time::Instant;
use serde_json::Value;

/// An advocate's book, and what becomes of what is due in it.
pub(super) struct Desk<'a> {
    pub(super) tracker: &'a Tracker<'a>,
    pub(super) current: &'a Current,
    pub(super) code: ReferralCode,
    pub(super) record: CodeRecord,
    pub(super) book: KeptBook,
    /// Those that may have their slots, or may not.
    pub(super) candidates: Vec<Candidate>,
    /// Orders that are final now, or declined, or not due here any more.
    pub(super) settled: usize,
    /// Keys of what need not be looked at again.
    done: Vec<String>,
}

/// The key of what was due, the order, and what becomes of it.
pub(super) type Outcome = (String, OrderKey, SettledRecord);

/// A due order after it was looked at.
pub(super) struct Candidate {
    pub(super) key: String,
    pub(super) order: OrderKey,
    /// Where its slot is kept.
    pub(super) place: String,
    /// What is in it.
    pub(super) slot: Option<SlotRecord>,
    /// Why it may not have it.
    pub(super) refusal: Option<String>,
}

/// An order that was found to be another advocate's.
pub(super) struct Arrival {
    /// Whose it is.
    pub(super) code: ReferralCode,
    pub(super) order: OrderKey,
    pub(super) kept: Kept,
}

/// What the facts say about a due order.
pub(super) struct Look {
    pub(super) order: Order,
    reports: Reports,
    attribution: Attribution,
    terms: TermsHistory,
}

impl Look {
    fn program(&self) -> &Program {
        self.terms.at(self.order.occurred_at)
    }

    fn due_at(&self) -> Instant {
        self.order.occurred_at.plus_days(self.program().hold_days)
    }

    /// Who earned it, if anybody did.
    fn credit(&self) -> Option<Credit> {
        match self.attribution {
            Attribution::To(credit) => Some(credit),
            Attribution::Nobody(_) => None,
        }
    }

    /// Why it may not be settled in this advocate's book.
    fn refusal(&self, code: ReferralCode) -> Option<String> {
        match self.attribution {
            Attribution::Nobody(reason) => Some(reason.as_str().to_owned()),
            Attribution::To(credit)
                if mutant!(OtherAdvocateConfirmed, credit.code != code, false) =>
            {
                Some("other_advocate".to_owned())
            }
            Attribution::To(_) => None,
        }
    }

    fn is_of(&self, code: ReferralCode) -> bool {
        self.credit().is_some_and(|credit| credit.code == code)
    }

    /// An entry of a book as the facts say now, and what is to be written for
    /// it: its refunds, then its line.
    fn bring_up_to_date(
        &self,
        program: &ProgramId,
        code: ReferralCode,
        mut kept: Kept,
    ) -> (Kept, Vec<(String, String)>) {
        let order = self.order.key;
        let mut writes = Vec::new();
        if self.is_of(code) && kept.is_declined() {
            // It was not this advocate's when it was declined; now it is again.
            kept.settled = None;
        }
        for (content, refund) in &self.reports.refunds {
            if !kept.refunds.contains_key(content) {
                writes.push((keys::book_refund(program, code, order, content), write(refund)));
                kept.refunds.insert(content.clone(), refund.clone());
            }
        }
        if let Some(line) = orders::line(&self.reports, &self.order, self.program()) {
            let body = write(&line);
            let content = hashing::content(&body);
            if !kept.lines.contains(&content) {
                writes.push((keys::book_line(program, code, order, &content), body));
                kept.add_line(content, line);
            }
        }
        (kept, writes)
    }

    /// That it is an advocate's doing, as an event.
    pub(super) fn told(
        &self,
        program: &ProgramId,
        shown: &str,
        kept: &Kept,
    ) -> Option<EventRecord> {
        let line = kept.line.as_ref()?;
        Some(events::attributed(program, self.order.key, line, shown))
    }

    /// Whether the review rules saw it as this advocate's when it was
    /// reported.
    fn was_told_of(&self, code: ReferralCode) -> bool {
        let told = self.reports.answer.as_ref().and_then(|answer| answer.get("code"));
        told.and_then(Value::as_str).and_then(ReferralCode::parse) == Some(code)
    }
}

impl<'a> Desk<'a> {
    /// Reads an advocate's book.
    pub(super) async fn open(
        tracker: &'a Tracker<'a>,
        current: &'a Current,
        code: ReferralCode,
        record: CodeRecord,
    ) -> Result<Self, StoreError> {
        let book = KeptBook::load(tracker, &current.program().id, code).await?;
        Ok(Desk {
            tracker,
            current,
            code,
            record,
            book,
            candidates: Vec::new(),
            settled: 0,
            done: Vec::new(),
        })
    }

    /// Looks at what is due. Says what belongs into other books: it is
    /// written down there already.
    pub(super) async fn look(&mut self, due: Vec<Due>) -> Result<Vec<Arrival>, StoreError> {
        let mut looks = Vec::new();
        for Due { key, order } in due {
            let Some(order) = order else {
                self.tell_milestones(&key).await?;
                self.done.push(key);
                continue;
            };
            // What is held a person decides; if they accept, it is due again.
            let kept = self.book.orders.get(&order);
            if kept.is_some_and(|kept| kept.is_confirmed() || kept.is_held()) {
                self.finished(key);
                continue;
            }
            match look(self.tracker, self.current, order).await? {
                Some(look) => looks.push((key, look)),
                None => self.finish(vec![(key, order, declined("unknown_order"))]).await?,
            }
        }
        let program = &self.current.program().id;
        let slot = |look: &Look| {
            Slot::of(look.program().qualifies.which, look.order.customer, look.order.key)
        };
        let places: Vec<String> =
            looks.iter().map(|(_, look)| keys::settled(program, slot(look))).collect();
        let slots = get_many(self.tracker.store, &places).await?;
        let mut arrivals = Vec::new();
        for (((key, look), place), slot) in looks.into_iter().zip(places).zip(slots) {
            let slot = slot.map(|body| read::<SlotRecord>(&place, &body)).transpose()?;
            arrivals.extend(self.sort(key, look, place, slot).await?);
        }
        Ok(arrivals)
    }

    /// Makes a candidate of an order, or puts it off, or passes it on.
    async fn sort(
        &mut self,
        key: String,
        look: Look,
        place: String,
        slot: Option<SlotRecord>,
    ) -> Result<Option<Arrival>, StoreError> {
        let order = look.order.key;
        let refusal = look.refusal(self.code);
        let is_ours = slot.as_ref().is_some_and(|slot| super::slots::is_of(slot, order, self.code));
        self.bring_up_to_date(&look).await?;
        if refusal.is_none() && look.due_at() > self.tracker.now {
            // Looked at early, because it might have been somebody else's.
            let program = &self.current.program().id;
            let own = put_due(self.tracker, program, look.due_at(), self.code, order).await?;
            self.settled += 1;
            if own != key {
                self.done.push(key);
            }
            return Ok(None);
        }
        if refusal.is_none() && slot.is_none() && self.is_flagged(&look).await? {
            self.finished(key);
            return Ok(None);
        }
        let other = look.credit().filter(|_| refusal.is_some() && !is_ours);
        self.candidates.push(Candidate { key, order, place, slot, refusal });
        let Some(Credit { code, .. }) = other else { return Ok(None) };
        let program = &self.current.program().id;
        put_due(self.tracker, program, look.due_at(), code, order).await?;
        let (kept, writes) = look.bring_up_to_date(program, code, Kept::default());
        self.tell_of_move(&look, code, &kept).await?;
        put_in_sequence(self.tracker, writes).await?;
        Ok(Some(Arrival { code, order, kept }))
    }

    /// Brings an order's entry up to date with all facts there are now.
    async fn bring_up_to_date(&mut self, look: &Look) -> Result<(), StoreError> {
        let program = &self.current.program().id;
        let order = look.order.key;
        let was = self.book.orders.get(&order).cloned().unwrap_or_default();
        let (kept, writes) = look.bring_up_to_date(program, self.code, was.clone());
        let is_new = (was.line.is_none() || was.is_declined()) && look.is_of(self.code);
        let is_news = is_new || !writes.is_empty();
        let before = if is_news { self.heard_rewards().await? } else { None };
        let news = is_new.then(|| look.told(program, &self.record.shown, &kept)).flatten();
        self.book.orders.insert(order, kept);
        self.tell(before, news).await?;
        put_in_sequence(self.tracker, writes).await
    }

    /// Whether a person must look at an order that nobody knew to be this
    /// advocate's when it was reported.
    async fn is_flagged(&mut self, look: &Look) -> Result<bool, StoreError> {
        let Some(credit) = look.credit().filter(|_| !look.was_told_of(self.code)) else {
            return Ok(false);
        };
        let Desk { tracker, book, .. } = self;
        let program = look.program();
        let held = review::flag(tracker, program, &look.order, credit, &look.reports, book).await?;
        let order = look.order.key;
        let kept = self.book.orders.or_default(order);
        if let Some(held) = held.as_ref().filter(|_| kept.held.is_none()) {
            if let Some(line) = &kept.line {
                let news = events::flagged(&program.id, order, line, &self.record.shown, held);
                outbox::tell(tracker, self.current, vec![news]).await?;
            }
            review::hold(tracker, &program.id, order, credit, held).await?;
        }
        kept.held = held;
        Ok(kept.is_held())
    }

    /// Takes in an order that another book passed on.
    pub(super) fn arrive(&mut self, order: OrderKey, arrived: Kept) {
        let kept = self.book.orders.or_default(order);
        if let Some(line) = arrived.line {
            kept.add_line(arrived.lines.into_keys().next().unwrap_or_default(), line);
        }
        kept.refunds.extend(arrived.refunds);
        if kept.is_declined() {
            kept.settled = None;
        }
    }

    /// The terms in force over the book.
    pub(super) async fn terms(&self) -> Result<TermsHistory, StoreError> {
        let earliest = self.book.earliest().unwrap_or(self.tracker.now);
        programs::history(self.tracker.store, self.current, earliest).await
    }

    /// Writes outcomes into the book, after it was told what follows from
    /// them.
    pub(super) async fn finish(&mut self, outcomes: Vec<Outcome>) -> Result<(), StoreError> {
        let before = if outcomes.is_empty() { None } else { self.heard_rewards().await? };
        for (_, order, outcome) in &outcomes {
            self.book.orders.or_default(*order).settled = Some(outcome.clone());
        }
        self.tell(before, None).await?;
        for (key, order, outcome) in outcomes {
            let place = keys::book_settled(&self.current.program().id, self.code, order);
            if mutant!(DueForgottenBeforeSettled, false, true) {
                self.tracker.store.delete(&key).await?;
            }
            self.tracker.store.put(&place, &write(&outcome), Keep::Forever).await?;
            self.finished(key);
        }
        Ok(())
    }

    fn finished(&mut self, key: String) {
        self.settled += 1;
        self.done.push(key);
    }

    /// Forgets what was due and is done. Says how many orders that were.
    pub(super) async fn close(&mut self) -> Result<usize, StoreError> {
        try_join_all(self.done.iter().map(|key| self.tracker.store.delete(key))).await?;
        Ok(self.settled)
    }

    pub(super) fn is_old(&self, at_ms: i64) -> bool {
        Instant(at_ms).plus_ms(grace_ms(self.tracker)) <= self.tracker.now
    }
}

/// That an order earns nothing here.
pub(super) fn declined(reason: &str) -> SettledRecord {
    SettledRecord::Declined(reason.to_owned())
}

/// Attributes a due order again; `None` when no server reported it.
async fn look(
    tracker: &Tracker<'_>,
    current: &Current,
    order: OrderKey,
) -> Result<Option<Look>, StoreError> {
    let reports = Reports::load(tracker, &current.program().id, order).await?;
    let Some(order) = reports.order(order) else { return Ok(None) };
    let attributed = attribute_order(tracker, current, &order).await?;
    friend_index::tell(
        tracker,
        &current.program().id,
        &order,
        &reports,
        &attributed,
        Occasion::Due,
    )
    .await?;
    let Attributed { attribution, terms, .. } = attributed;
    Ok(Some(Look { order, reports, attribution, terms }))
}

/// Writes one after the other: refunds are there before the line is.
async fn put_in_sequence(
    tracker: &Tracker<'_>,
    writes: Vec<(String, String)>,
) -> Result<(), StoreError> {
    for (key, body) in writes {
        tracker.store.put(&key, &body, Keep::Forever).await?;
    }
    Ok(())
}
