//! Milestones: what an advocate gets for a number of friends reached.
//!
//! A milestone is earned by the order that reaches its number, under the
//! terms in force then. It is final once that many orders are. If refunds
//! take the number back below it, it is voided, unless it was handed over.

use super::{Book, BookLine, Settlement, Verdict};
use crate::money::Money;
use crate::mutant;
use crate::reward::{Entry, Reward, RewardId, RewardStatus, Value};
use crate::terms::{Milestone, RewardTerms, Side, TermsHistory, Worth};
use crate::time::Instant;
use alloc::vec::Vec;

/// The milestone an advocate works towards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NextMilestone {
    /// Its number of friends.
    pub at: u32,
    /// How many came so far.
    pub reached: u32,
    /// What it gives.
    pub reward: RewardTerms,
}

/// The next milestone of a book at an instant; `None` after the last.
#[must_use]
pub fn next_milestone(book: &Book, terms: &TermsHistory, now: Instant) -> Option<NextMilestone> {
    let counts = |line: &&BookLine| {
        line.settlement != Some(Settlement::Declined) && line.counts(terms.at(line.occurred_at))
    };
    let reached = book.lines.iter().filter(counts).count() as u32;
    let ahead = terms.at(now).milestones.iter().filter(|milestone| milestone.at > reached);
    let next: &Milestone = ahead.min_by_key(|milestone| milestone.at)?;
    Some(NextMilestone { at: next.at, reached, reward: next.reward.clone() })
}

/// Appends the milestones that these lines reached. `lines` are in the
/// sequence in which they occurred.
pub(super) fn append(
    book: &Book,
    lines: &[&BookLine],
    terms: &TermsHistory,
    rewards: &mut Vec<Reward>,
) {
    let counting: Vec<bool> =
        lines.iter().map(|line| line.counts(terms.at(line.occurred_at))).collect();
    let live = counting.iter().filter(|counts| **counts).count() as u32;
    let confirmed =
        lines.iter().zip(&counting).filter(|(line, counts)| **counts && line.is_confirmed());
    let confirmed = confirmed.count() as u32;

    for (index, line) in lines.iter().enumerate() {
        let so_far = lines.get(..=index).unwrap_or_default();
        let number = number_at(so_far, line.occurred_at, terms);
        let program = terms.at(line.occurred_at);
        let reached = program.milestones.iter().filter(|milestone| milestone.at == number);
        for milestone in reached {
            let id = RewardId::Milestone(book.code, milestone.at);
            // Lost and reached again, it is still the same reward.
            if rewards.iter().any(|reward| reward.id == id) {
                continue;
            }
            let verdict = book.verdict(id);
            let value = match &milestone.reward.worth {
                Worth::Fixed { amount_minor } => {
                    Value::Money(Money { amount_minor: *amount_minor, currency: program.currency })
                }
                Worth::Points { amount } => Value::Points(*amount),
                Worth::Units { amount, unit } => {
                    Value::Units { amount: *amount, unit: unit.clone() }
                }
                Worth::Gift { label } => Value::Label(label.clone()),
                // Terms let no percentage in here.
                Worth::Percent { .. } => continue,
            };
            let is_lost = mutant!(LostMilestoneStays, live < milestone.at, false)
                || verdict == Some(Verdict::Void);
            let status = match verdict {
                Some(Verdict::Fulfil) => RewardStatus::Fulfilled,
                _ if is_lost => RewardStatus::Voided,
                _ if confirmed >= milestone.at => RewardStatus::Confirmed,
                _ => RewardStatus::Pending,
            };
            let due = so_far
                .iter()
                .map(|line| line.occurred_at.plus_days(terms.at(line.occurred_at).hold_days));
            rewards.push(Reward {
                id,
                side: Side::Advocate,
                code: book.code,
                order: None,
                friend: None,
                rank: 0,
                gives: milestone.reward.gives,
                entries: entries(&value, status),
                value,
                capped: false,
                status,
                due_at: due.max().unwrap_or(line.occurred_at),
            });
        }
    }
}

/// How many friends had come by an instant, refunds until then considered:
/// what was reached once is told, and voided if it was lost later.
fn number_at(lines: &[&BookLine], instant: Instant, terms: &TermsHistory) -> u32 {
    let gone = lines.iter().filter(|line| !line.refunds.is_empty() || line.is_refused);
    let gone = gone.filter(|line| !line.counted_at(instant, terms.at(line.occurred_at)));
    (lines.len() - gone.count()) as u32
}

fn entries(value: &Value, status: RewardStatus) -> Vec<Entry> {
    let amount = value.amount().unwrap_or(0);
    let mut entries = Vec::from([Entry::Accrual(amount)]);
    match status {
        RewardStatus::Pending => {}
        RewardStatus::Confirmed => entries.push(Entry::Confirmation),
        RewardStatus::Fulfilled => entries.extend([Entry::Confirmation, Entry::Fulfilment]),
        RewardStatus::Voided | RewardStatus::ClawedBack => entries.push(Entry::Void(amount)),
    }
    entries
}
