//! Milestones: what an advocate gets for a number of friends reached.
//!
//! A milestone is earned by the order that reaches its number, under the
//! terms in force then. Once that many orders are settled it is settled
//! itself: what is reported later changes neither its value nor that it was
//! reached. If refunds take the number back below it, it is voided, unless it
//! was handed over.

use super::{Book, BookLine, Settlement, Verdict};
use crate::money::Money;
use crate::mutant;
use crate::reward::{Entry, Reward, RewardId, RewardStatus, Value};
use crate::terms::{self, Gives, Program, RewardTerms, Side, TermsHistory, Worth};
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
    let next = ahead.min_by_key(|milestone| milestone.at)?;
    Some(NextMilestone { at: next.at, reached, reward: next.reward.clone() })
}

/// A milestone as it was settled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MilestoneFinal {
    /// Its number of friends.
    pub at: u32,
    /// What kind of thing it gives.
    pub gives: Gives,
    /// How much.
    pub value: Value,
    /// From when on it was due.
    pub due_at: Instant,
}

/// Appends the milestones that were settled or that these lines reached.
/// `lines` are in the sequence in which they occurred.
pub(super) fn append(
    book: &Book,
    lines: &[&BookLine],
    terms: &TermsHistory,
    rewards: &mut Vec<Reward>,
) {
    let live = lines.iter().filter(|line| line.counts(terms.at(line.occurred_at))).count() as u32;
    for Milestone { is_settled, last } in of(book, lines, terms) {
        let id = RewardId::Milestone(book.code, last.at);
        let verdict = book.verdict(id);
        let is_lost =
            mutant!(LostMilestoneStays, live < last.at, false) || verdict == Some(Verdict::Void);
        let status = match verdict {
            Some(Verdict::Fulfil) => RewardStatus::Fulfilled,
            _ if is_lost => RewardStatus::Voided,
            _ if is_settled => RewardStatus::Confirmed,
            _ => RewardStatus::Pending,
        };
        rewards.push(Reward {
            id,
            side: Side::Advocate,
            code: book.code,
            order: None,
            friend: None,
            rank: 0,
            gives: last.gives,
            entries: entries(&last.value, status),
            value: last.value,
            capped: false,
            status,
            due_at: last.due_at,
        });
    }
}

/// What to settle milestones with: those that enough settled orders reached
/// and that are not settled yet.
pub(super) fn finals(
    book: &Book,
    lines: &[&BookLine],
    terms: &TermsHistory,
) -> Vec<MilestoneFinal> {
    let counts = |line: &&&BookLine| line.counts(terms.at(line.occurred_at));
    let confirmed = lines.iter().filter(counts).filter(|line| line.is_confirmed()).count() as u32;
    let open = of(book, lines, terms).into_iter().filter(|milestone| !milestone.is_settled);
    open.map(|milestone| milestone.last).filter(|last| confirmed >= last.at).collect()
}

/// A milestone, settled or as it stands now.
struct Milestone {
    is_settled: bool,
    last: MilestoneFinal,
}

fn of(book: &Book, lines: &[&BookLine], terms: &TermsHistory) -> Vec<Milestone> {
    let settled = book.milestones.iter().cloned();
    let mut all: Vec<Milestone> =
        settled.map(|last| Milestone { is_settled: true, last }).collect();
    for (index, line) in lines.iter().enumerate() {
        let so_far = lines.get(..=index).unwrap_or_default();
        let number = number_at(so_far, line.occurred_at, terms);
        let program = terms.at(line.occurred_at);
        for promised in program.milestones.iter().filter(|promised| promised.at == number) {
            // Lost and reached again, it is still the same.
            if all.iter().any(|milestone| milestone.last.at == promised.at) {
                continue;
            }
            let Some(value) = value(promised, program) else { continue };
            let due = so_far
                .iter()
                .map(|line| line.occurred_at.plus_days(terms.at(line.occurred_at).hold_days));
            let due_at = due.max().unwrap_or(line.occurred_at);
            let gives = promised.reward.gives;
            let last = MilestoneFinal { at: promised.at, gives, value, due_at };
            all.push(Milestone { is_settled: false, last });
        }
    }
    all
}

fn value(promised: &terms::Milestone, program: &Program) -> Option<Value> {
    match &promised.reward.worth {
        Worth::Fixed { amount_minor } => {
            Some(Value::Money(Money { amount_minor: *amount_minor, currency: program.currency }))
        }
        Worth::Points { amount } => Some(Value::Points(*amount)),
        Worth::Units { amount, unit } => Some(Value::Units { amount: *amount, unit: unit.clone() }),
        Worth::Gift { label } => Some(Value::Label(label.clone())),
        // Terms let no percentage in here.
        Worth::Percent { .. } => None,
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
