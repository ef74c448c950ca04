//! One order in a book: whether it still counts, and what of it is undone.

use super::worth::left;
use super::{BookLine, Final, Settlement};
use crate::mutant;
use crate::order::refunded_minor;
use crate::reward::{Part, Slot};
use crate::terms::{Program, RewardTerms};
use crate::time::Instant;

impl BookLine {
    /// The identity of this order's rewards.
    #[must_use]
    pub fn slot(&self, program: &Program) -> Slot {
        Slot::of(program.qualifies.which, self.friend, self.order)
    }

    /// Whether the order counts for ladders and milestones: nobody refused it,
    /// and it was not refunded, or so little that it still reaches the minimum.
    #[must_use]
    pub fn counts(&self, program: &Program) -> bool {
        !self.is_refused
            && !self.is_refunded_in_full(self.refunded())
            && !self.is_below(self.refunded(), program)
    }

    /// Whether it counted at an instant, before refunds that came later.
    pub(super) fn counted_at(&self, instant: Instant, program: &Program) -> bool {
        let earlier = self.refunds.iter().filter(|refund| refund.occurred_at <= instant);
        let has_refund = earlier.clone().next().is_some();
        let refunded = has_refund.then(|| refunded_minor(self.value, earlier));
        !self.is_refused && !self.is_refunded_in_full(refunded) && !self.is_below(refunded, program)
    }

    /// How much was given back; `None` when nothing was.
    pub(super) fn refunded(&self) -> Option<i64> {
        (!self.refunds.is_empty()).then(|| refunded_minor(self.value, self.refunds.iter()))
    }

    /// A sign-up without a value is undone by any refund.
    fn is_refunded_in_full(&self, refunded: Option<i64>) -> bool {
        let is_full = |minor| minor >= self.value.map_or(0, |value| value.amount_minor);
        refunded.is_some_and(is_full)
    }

    fn is_below(&self, refunded: Option<i64>, program: &Program) -> bool {
        refunded.is_some_and(|minor| {
            minor > 0 && left(self, minor).is_less_than(program.qualifies.minimum_minor)
        })
    }

    /// A full refund undoes every reward; one that leaves less than the
    /// minimum undoes those that do not shrink with the order.
    pub(super) fn is_undone(&self, promised: &RewardTerms, program: &Program) -> bool {
        let refunded = self.refunded();
        let is_full = self.is_refunded_in_full(refunded);
        let is_below = !promised.is_percent() && self.is_below(refunded, program);
        self.is_refused
            || mutant!(FullRefundKeepsFixed, is_full, is_full && promised.is_percent())
            || mutant!(BelowMinimumKept, is_below, false)
    }

    /// Whether its rewards are final.
    pub(super) fn is_confirmed(&self) -> bool {
        matches!(self.settlement, Some(Settlement::Confirmed(_)))
    }

    /// What was settled for somebody, if the order is.
    pub(super) fn settled(&self, part: Part) -> Option<&Final> {
        match &self.settlement {
            Some(Settlement::Confirmed(finals)) => finals.iter().find(|last| last.part == part),
            _ => None,
        }
    }
}
