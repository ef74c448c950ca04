//! An advocate's book: the orders attributed to them, folded into rewards.
//!
//! The book is read whole, because a ladder, a cap and a milestone need the
//! orders before. It is gone through by the time at which orders occurred,
//! so a late order takes the place its own time gives it; what was settled
//! keeps the place and the value it was settled with.

mod caps;
mod milestones;
mod worth;

pub use milestones::{NextMilestone, next_milestone};

use crate::code::ReferralCode;
use crate::key::{OrderKey, PersonKey};
use crate::money::Money;
use crate::order::{Refund, refunded_minor};
use crate::reward::{Entry, Reward, RewardId, RewardStatus, Slot, Value};
use crate::terms::{Program, RewardTerms, Side, Step, TermsHistory, Which};
use crate::time::Instant;
use alloc::string::String;
use alloc::vec::Vec;
use caps::Caps;
use worth::{left, worth};

/// An order attributed to the book's advocate, with all that happened to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BookLine {
    /// The order.
    pub order: OrderKey,
    /// The friend who made it.
    pub friend: PersonKey,
    /// When it was made.
    pub occurred_at: Instant,
    /// What was paid.
    pub value: Option<Money>,
    /// How much of that counts under the program, in minor units.
    pub qualifying_minor: i64,
    /// What was given back.
    pub refunds: Vec<Refund>,
    /// Whether a person refused it.
    pub is_refused: bool,
    /// What became of it when it was due.
    pub settlement: Option<Settlement>,
}

/// What became of an order when it was due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Settlement {
    /// Its rewards are final.
    Confirmed(Vec<Final>),
    /// It earns nothing after all: on everything known by then it is
    /// somebody else's, or nobody's, or was refused by a person.
    Declined,
}

/// A reward as it was settled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Final {
    /// For whom.
    pub side: Side,
    /// Which friend in number this was, for the ladder.
    pub rank: u32,
    /// How much it was worth.
    pub value: Value,
    /// Whether a cap took some or all of it.
    pub capped: bool,
}

/// What the owner decided about one reward.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Which reward.
    pub reward: RewardId,
    /// What.
    pub verdict: Verdict,
}

/// What an owner can decide about a reward.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// It is not given.
    Void,
    /// It was handed over.
    Fulfil,
}

/// An advocate's book, and whose it is.
#[derive(Clone, Debug)]
pub struct Book {
    /// The advocate's code.
    pub code: ReferralCode,
    /// Their group, as the shop names it.
    pub group: Option<String>,
    /// Their attributed orders, in any sequence.
    pub lines: Vec<BookLine>,
    /// What the owner decided, in any sequence.
    pub decisions: Vec<Decision>,
}

impl Book {
    /// Folds the book into rewards: those of orders in the sequence in which
    /// they occurred, then the milestones.
    #[must_use]
    pub fn rewards(&self, terms: &TermsHistory) -> Vec<Reward> {
        let mut lines: Vec<&BookLine> = self
            .lines
            .iter()
            .filter(|line| line.settlement != Some(Settlement::Declined))
            .collect();
        lines.sort_by_key(|line| (line.occurred_at, line.order));
        lines.dedup_by_key(|line| line.order);

        let mut rank = 0;
        let mut caps = Caps::default();
        let mut rewards = Vec::new();
        for line in &lines {
            let program = terms.at(line.occurred_at);
            let counts = line.counts(program);
            rank += u32::from(counts);
            let place = Place { program, line, rank: if counts { rank } else { rank + 1 } };
            let sides = [
                (Side::Advocate, step_for(&program.advocate_reward, place.rank)),
                (Side::Friend, program.friend_reward.as_ref()),
            ];
            for (side, promised) in sides {
                if let Some(promised) = promised {
                    rewards.push(self.reward(side, promised, &place, &mut caps));
                }
            }
        }
        milestones::append(self, &lines, terms, &mut rewards);
        rewards
    }

    /// What to settle the orders in `due` with: their rewards that are still
    /// pending, as the whole book says now.
    #[must_use]
    pub fn finals(&self, due: &[OrderKey], terms: &TermsHistory) -> Vec<(OrderKey, Final)> {
        let rewards = self.rewards(terms).into_iter();
        let pending = rewards.filter(|reward| reward.status == RewardStatus::Pending);
        let finals = pending.filter_map(|reward| {
            let order = reward.order.filter(|order| due.contains(order))?;
            let Reward { side, rank, value, capped, .. } = reward;
            Some((order, Final { side, rank, value, capped }))
        });
        finals.collect()
    }

    fn reward(
        &self,
        side: Side,
        promised: &RewardTerms,
        place: &Place<'_>,
        caps: &mut Caps,
    ) -> Reward {
        let Place { program, line, .. } = *place;
        let id = RewardId::Act(side, line.slot(program));
        let verdict = self.verdict(id);
        let settled = line.settled(side);

        // A settled reward keeps its rung even if earlier friends fell away.
        let promised = match settled {
            Some(settled) if side == Side::Advocate => {
                step_for(&program.advocate_reward, settled.rank).unwrap_or(promised)
            }
            _ => promised,
        };
        let group = self.group.as_deref();
        let full = worth(promised, side, group, line, left(line, 0), program);
        let rest = left(line, line.refunded().unwrap_or(0));
        let rest = worth(promised, side, group, line, rest, program);

        let (earned, rest, capped) = match settled {
            // What was settled bounds what is left of it.
            Some(settled) => {
                let most = settled.value.amount();
                let rest = rest.amount().zip(most).map_or(0, |(rest, most)| rest.min(most));
                (settled.value.clone(), settled.value.with_amount(rest), settled.capped)
            }
            None => {
                let (full, _) = caps.allow(side, line, &full, program);
                let (rest, capped) = caps.allow(side, line, &rest, program);
                (full, rest, capped)
            }
        };
        // A gift has no amount that a cap could take, so it takes the gift.
        let is_undone = line.is_undone(promised, program)
            || verdict == Some(Verdict::Void)
            || (capped && rest.amount().is_none());
        if !is_undone {
            caps.use_up(side, line, &rest);
        }
        let (status, entries) =
            ledger(&earned, &rest, Standing { is_undone, is_settled: settled.is_some(), verdict });
        Reward {
            id,
            side,
            code: self.code,
            order: Some(line.order),
            friend: Some(line.friend),
            rank: settled.map_or(place.rank, |settled| settled.rank),
            gives: promised.gives,
            value: if is_undone { earned } else { rest },
            capped,
            status,
            due_at: line.occurred_at.plus_days(program.hold_days),
            entries,
        }
    }

    /// The owner's last word on a reward. Handing over cannot be taken back,
    /// so it goes before a void.
    fn verdict(&self, id: RewardId) -> Option<Verdict> {
        let about = self.decisions.iter().filter(|decision| decision.reward == id);
        about.map(|decision| decision.verdict).max()
    }
}

impl BookLine {
    /// The identity of this order's rewards.
    #[must_use]
    pub fn slot(&self, program: &Program) -> Slot {
        match program.qualifies.which {
            Which::First => Slot::Friend(self.friend),
            Which::Every | Which::Months(_) => Slot::Order(self.order),
        }
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
    fn counted_at(&self, instant: Instant, program: &Program) -> bool {
        let earlier = self.refunds.iter().filter(|refund| refund.occurred_at <= instant);
        let has_refund = earlier.clone().next().is_some();
        let refunded = has_refund.then(|| refunded_minor(self.value, earlier));
        !self.is_refused && !self.is_refunded_in_full(refunded) && !self.is_below(refunded, program)
    }

    /// How much was given back; `None` when nothing was.
    fn refunded(&self) -> Option<i64> {
        (!self.refunds.is_empty()).then(|| refunded_minor(self.value, self.refunds.iter()))
    }

    /// A sign-up without a value is undone by any refund.
    fn is_refunded_in_full(&self, refunded: Option<i64>) -> bool {
        refunded.is_some_and(|minor| minor >= self.value.map_or(0, |value| value.amount_minor))
    }

    fn is_below(&self, refunded: Option<i64>, program: &Program) -> bool {
        refunded.is_some_and(|minor| {
            minor > 0 && left(self, minor).is_less_than(program.qualifies.minimum_minor)
        })
    }

    /// A full refund undoes every reward; one that leaves less than the
    /// minimum undoes those that do not shrink with the order.
    fn is_undone(&self, promised: &RewardTerms, program: &Program) -> bool {
        let refunded = self.refunded();
        self.is_refused
            || self.is_refunded_in_full(refunded)
            || (!promised.is_percent() && self.is_below(refunded, program))
    }

    fn settled(&self, side: Side) -> Option<&Final> {
        match &self.settlement {
            Some(Settlement::Confirmed(finals)) => finals.iter().find(|last| last.side == side),
            _ => None,
        }
    }
}

/// An order's place in the book.
struct Place<'a> {
    program: &'a Program,
    line: &'a BookLine,
    rank: u32,
}

struct Standing {
    is_undone: bool,
    is_settled: bool,
    verdict: Option<Verdict>,
}

fn step_for(steps: &[Step], rank: u32) -> Option<&RewardTerms> {
    steps.iter().rev().find(|step| step.from <= rank).map(|step| &step.reward)
}

/// The entries of a reward and the status they amount to.
fn ledger(earned: &Value, rest: &Value, standing: Standing) -> (RewardStatus, Vec<Entry>) {
    let earned = earned.amount().unwrap_or(0);
    let kept = if standing.is_undone { 0 } else { rest.amount().unwrap_or(0) };
    let taken = earned - kept;
    let mut entries = Vec::from([Entry::Accrual(earned)]);
    if standing.is_settled {
        entries.push(Entry::Confirmation);
    }
    if standing.verdict == Some(Verdict::Fulfil) {
        entries.push(Entry::Fulfilment);
    }
    if taken != 0 || standing.is_undone {
        let entry = if standing.is_settled { Entry::Clawback } else { Entry::Void };
        entries.push(entry(taken));
    }
    let status = match (standing.is_undone, standing.is_settled) {
        (true, true) => RewardStatus::ClawedBack,
        (true, false) => RewardStatus::Voided,
        (false, _) if standing.verdict == Some(Verdict::Fulfil) => RewardStatus::Fulfilled,
        (false, true) => RewardStatus::Confirmed,
        (false, false) => RewardStatus::Pending,
    };
    (status, entries)
}
