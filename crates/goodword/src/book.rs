//! An advocate's book: the orders attributed to them, folded into rewards.
//!
//! The book is read whole, because a ladder, a cap and a milestone need the
//! orders before. It is gone through by the time at which orders occurred,
//! so a late order takes the place its own time gives it; what was settled
//! keeps the place and the value it was settled with.

mod caps;
mod ledger;
mod line;
mod milestones;
mod next;
mod offered;
mod promise;
mod worth;

pub use milestones::{MilestoneFinal, NextMilestone, next_milestone};
pub use next::next_reward;
pub use offered::{next_change, offered};

use crate::code::ReferralCode;
use crate::key::{OrderKey, PersonKey};
use crate::money::Money;
use crate::mutant;
use crate::order::Refund;
use crate::reward::{Part, Reward, RewardId, RewardStatus, Value};
use crate::sorted;
use crate::terms::{Draw, Program, TermsHistory};
use crate::time::Instant;
use alloc::string::String;
use alloc::vec::Vec;
use caps::Caps;
use ledger::{Standing, ledger};
use promise::Promise;
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
    pub part: Part,
    /// Which friend in number this was, for the ladder.
    pub rank: u32,
    /// The advocate's group then: it may change, the reward may not.
    pub group: Option<String>,
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
    /// Whose friend they were themselves: who may get a second-level reward.
    pub invited_by: Option<ReferralCode>,
    /// Their draws in experiments.
    pub draws: Vec<Draw>,
    /// Their attributed orders, in any sequence.
    pub lines: Vec<BookLine>,
    /// Their milestones that were settled.
    pub milestones: Vec<MilestoneFinal>,
    /// What the owner decided, in any sequence.
    pub decisions: Vec<Decision>,
}

/// An order's place in the book.
struct Place<'a> {
    program: &'a Program,
    line: &'a BookLine,
    rank: u32,
}

impl Book {
    /// Folds the book into rewards: those of orders in the sequence in which
    /// they occurred, then the milestones.
    #[must_use]
    pub fn rewards(&self, terms: &TermsHistory) -> Vec<Reward> {
        let lines = self.counted();
        let mut rank = 0;
        let places = lines.iter().enumerate().map(|(index, line)| {
            let program = terms.at(line.occurred_at);
            let counts = line.counts(program);
            rank += u32::from(mutant!(RefundedFriendClimbsLadder, counts, true));
            (index, Place { program, line, rank: if counts { rank } else { rank + 1 } })
        });
        // What was settled used the caps up, wherever it stands: a late order
        // gets what is left of them.
        let (settled, open): (Vec<_>, Vec<_>) = places
            .partition(|(_, place)| mutant!(CapIgnoresSettled, place.line.is_confirmed(), true));
        let mut caps = Caps::default();
        let mut rewards = Vec::new();
        for (index, place) in settled.iter().chain(&open) {
            for promise in promise::of(self, place) {
                rewards.push((*index, self.reward(&promise, place, &mut caps)));
            }
        }
        sorted::sort_by_key(&mut rewards, |(index, _)| *index);
        let mut rewards = rewards.into_iter().map(|(_, reward)| reward).collect();
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
            let RewardId::Act(part, _) = reward.id else { return None };
            let Reward { rank, value, capped, .. } = reward;
            Some((order, Final { part, rank, group: self.group.clone(), value, capped }))
        });
        finals.collect()
    }

    /// What to settle milestones with, once orders are.
    #[must_use]
    pub fn milestone_finals(&self, terms: &TermsHistory) -> Vec<MilestoneFinal> {
        milestones::finals(self, &self.counted(), terms)
    }

    /// The lines that were not declined, in the sequence in which they
    /// occurred.
    fn counted(&self) -> Vec<&BookLine> {
        let is_declined = |line: &&BookLine| line.settlement == Some(Settlement::Declined);
        let mut lines: Vec<&BookLine> =
            self.lines.iter().filter(|line| !is_declined(line)).collect();
        sorted::sort_by_key(&mut lines, |line| (line.occurred_at, line.order));
        lines.dedup_by_key(|line| line.order);
        lines
    }

    fn reward(&self, promise: &Promise<'_>, place: &Place<'_>, caps: &mut Caps) -> Reward {
        let Place { program, line, .. } = *place;
        let id = RewardId::Act(promise.part, line.slot(program));
        let verdict = self.verdict(id);
        let full = worth(promise, left(line, 0), program);
        let refunded = line.refunded().unwrap_or(0);
        let refunded = mutant!(PartialRefundKeepsPercent, refunded, 0);
        let rest = worth(promise, left(line, refunded), program);

        let (earned, rest, capped) = match promise.settled {
            // What was settled bounds what is left of it.
            Some(settled) => {
                let most = settled.value.amount();
                let rest = rest.amount().zip(most).map_or(0, |(rest, most)| rest.min(most));
                (settled.value.clone(), settled.value.with_amount(rest), settled.capped)
            }
            None => {
                let (full, _) = caps.allow(promise.part, line, &full, program);
                let (rest, capped) = caps.allow(promise.part, line, &rest, program);
                (full, rest, capped)
            }
        };
        // A gift has no amount that a cap could take, so it takes the gift. What
        // was not worth settling does not come back when another reward goes.
        let is_undone = line.is_undone(promise.terms, program)
            || verdict == Some(Verdict::Void)
            || mutant!(
                SettledRewardRevived,
                line.is_confirmed() && promise.settled.is_none(),
                false
            )
            || (capped && rest.amount().is_none());
        if !is_undone {
            caps.use_up(promise.part, line, &rest);
        }
        let is_settled = promise.settled.is_some();
        let (status, entries) = ledger(&earned, &rest, Standing { is_undone, is_settled, verdict });
        Reward {
            id,
            side: promise.part.side(),
            code: promise.code,
            order: Some(line.order),
            friend: Some(line.friend),
            rank: promise.settled.map_or(place.rank, |settled| settled.rank),
            gives: promise.terms.gives,
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
