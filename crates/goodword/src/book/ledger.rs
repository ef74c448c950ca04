//! The entries of a reward, and the status they amount to.

use super::Verdict;
use crate::reward::{Entry, RewardStatus, Value};
use alloc::vec::Vec;

/// What decides where a reward stands.
#[derive(Clone, Copy)]
pub(super) struct Standing {
    pub(super) is_undone: bool,
    pub(super) is_settled: bool,
    pub(super) verdict: Option<Verdict>,
}

/// The entries of a reward and the status they amount to.
pub(super) fn ledger(
    earned: &Value,
    rest: &Value,
    standing: Standing,
) -> (RewardStatus, Vec<Entry>) {
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
