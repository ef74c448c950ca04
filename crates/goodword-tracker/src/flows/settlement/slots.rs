//! What can be rewarded once has one slot: who gets it, and when that is
//! final.

use super::desk::{Candidate, Desk, declined};
use super::put_due;
use crate::http::Failure;
use crate::keys;
use crate::records::{FinalRecord, SettledRecord, SlotRecord, read, write};
use crate::store::{Keep, StoreError, get};
use goodword::code::ReferralCode;
use goodword::key::OrderKey;
use goodword::mutant;
use goodword::sorted::Set;
use goodword::time::Instant;

impl Desk<'_> {
    /// Confirms those whose slots are theirs for long enough, and declines
    /// those whose are not. Left are those whose slots are free.
    pub(super) async fn confirm(&mut self) -> Result<(), Failure> {
        let mut free = Vec::new();
        let mut outcomes = Vec::new();
        let mut not_final = Vec::new();
        for candidate in std::mem::take(&mut self.candidates) {
            let Candidate { key, order, slot, refusal, .. } = candidate;
            let outcome = match (slot, refusal) {
                (None, None) => {
                    free.push(Candidate { key, slot: None, refusal: None, ..candidate });
                    continue;
                }
                (Some(slot), _) if is_of(&slot, order, self.code) => {
                    let outcome = SettledRecord::Confirmed(slot.finals.clone());
                    if !self.is_old(slot.at_ms) {
                        not_final.push((order, outcome));
                        continue;
                    }
                    outcome
                }
                (Some(slot), None) if self.is_old(slot.at_ms) => {
                    self.remind(&slot).await?;
                    declined("already_settled")
                }
                (Some(_), None) => continue,
                (_, Some(reason)) => SettledRecord::Declined(reason),
            };
            outcomes.push((key, order, outcome));
        }
        self.finish(outcomes).await?;
        for (order, outcome) in not_final {
            // Not final yet, but what the others are reckoned with.
            self.book.orders.or_default(order).settled = Some(outcome);
        }
        self.candidates = free;
        Ok(())
    }

    /// Writes outcomes into free slots. Without a grace they are final.
    pub(super) async fn take(&mut self, taken: &mut Set<String>) -> Result<(), Failure> {
        let free = std::mem::take(&mut self.candidates);
        let orders: Vec<OrderKey> = free.iter().map(|candidate| candidate.order).collect();
        let terms = self.terms().await?;
        let book = self.book.book(self.tracker, self.code, &self.record, &terms);
        let finals = book.finals(&orders, &terms);
        let mut outcomes = Vec::new();
        for Candidate { key, order, place, .. } in free {
            if taken.contains(&place) {
                continue;
            }
            let own = finals.iter().filter(|(of, _)| *of == order);
            let slot = SlotRecord {
                order: order.to_string(),
                code: self.code.to_string(),
                at_ms: self.tracker.now.0,
                finals: own.map(|(_, last)| FinalRecord::new(last)).collect(),
            };
            self.tracker.store.put(&place, &write(&slot), Keep::Forever).await?;
            taken.insert(place);
            if self.is_old(slot.at_ms) {
                outcomes.push((key, order, SettledRecord::Confirmed(slot.finals)));
            }
        }
        self.finish(outcomes).await?;
        Ok(())
    }

    /// A slot's holder may have been declined by a run that did not see it
    /// taken: they are looked at again, so that a slot never stays without a
    /// reward.
    async fn remind(&self, slot: &SlotRecord) -> Result<(), StoreError> {
        let program = &self.current.program().id;
        let holder = ReferralCode::parse(&slot.code).zip(OrderKey::parse(&slot.order));
        let Some((code, order)) = holder else { return Ok(()) };
        let place = keys::book_settled(program, code, order);
        let outcome = get(self.tracker.store, &place).await?;
        let outcome = outcome.map(|body| read::<SettledRecord>(&place, &body)).transpose()?;
        if !matches!(outcome, Some(SettledRecord::Confirmed(_))) {
            put_due(self.tracker, program, Instant(slot.at_ms), code, order).await?;
        }
        Ok(())
    }
}

/// Whether a slot is an order's, in an advocate's book.
pub(super) fn is_of(slot: &SlotRecord, order: OrderKey, code: ReferralCode) -> bool {
    let is_its = slot.order == order.to_string() && slot.code == code.to_string();
    mutant!(SlotNotChecked, is_its, true)
}
