//! What an advocate's next friend brings them, as far as it is known before
//! that friend comes: the rung they are on, the boosts that run and their
//! group's factor, and what the caps leave.
//!
//! The book answers it itself: an order made now is put into it, and what the
//! fold gives for that order is the answer.

use super::promise::step_for;
use super::{Book, BookLine, offered};
use crate::key::Key;
use crate::limits::AMOUNT_MAX;
use crate::reward::{Part, Reward};
use crate::terms::{RewardTerms, Side, TermsHistory, Worth};
use crate::time::Instant;
use alloc::vec::Vec;

/// The next friend and their order: no hash comes out like this, and of all
/// that happens at one instant it is the last.
const NEXT: Key = Key([u8::MAX; 16]);

/// What the next friend's order would bring the advocate if it were made now;
/// `None` where that is nothing, because the terms give nothing or a cap is
/// reached.
#[must_use]
pub fn next_reward(mut book: Book, terms: &TermsHistory, now: Instant) -> Option<RewardTerms> {
    book.lines.push(BookLine {
        order: NEXT,
        friend: NEXT,
        occurred_at: now,
        value: None,
        // Of a percentage only whether a cap leaves anything of it is asked.
        qualifying_minor: AMOUNT_MAX,
        refunds: Vec::new(),
        is_refused: false,
        settlement: None,
    });
    let code = book.code;
    let is_own = |reward: &Reward| reward.code == code && reward.side == Side::Advocate;
    let rewards = book.rewards(terms);
    let reward = rewards
        .iter()
        .find(|reward| reward.order == Some(NEXT) && is_own(reward))
        .filter(|reward| !reward.capped || reward.value.amount().is_some_and(|left| left > 0))?;
    let program = terms.at(now);
    let step = step_for(program.advocate_reward_for(&book.draws), reward.rank)?;
    let mut next = offered(step, Part::Advocate, book.group.as_deref(), program, now);
    if let (
        Worth::Fixed { amount_minor: amount }
        | Worth::Points { amount }
        | Worth::Units { amount, .. },
        Some(left),
    ) = (&mut next.worth, reward.value.amount())
    {
        *amount = left;
    }
    Some(next)
}
