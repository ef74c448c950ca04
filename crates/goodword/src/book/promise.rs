//! What an order promises to whom: the advocate's rung, the friend's reward,
//! and what the advocate's own inviter gets.

use super::{Book, Final, Place};
use crate::code::ReferralCode;
use crate::mutant;
use crate::reward::Part;
use crate::terms::{Program, RewardTerms, Side, Step};
use crate::time::Instant;
use alloc::vec::Vec;

/// A promise about one order.
pub(super) struct Promise<'a> {
    /// For which part in it.
    pub(super) part: Part,
    /// Whose code the reward is shown under.
    pub(super) code: ReferralCode,
    /// What was promised.
    pub(super) terms: &'a RewardTerms,
    /// Factors in basis points, to be multiplied.
    pub(super) factors: Vec<u32>,
    /// What was settled, if the order is.
    pub(super) settled: Option<&'a Final>,
}

/// The promises of an order. A settled one keeps its rung and its group even
/// if earlier friends fell away or the advocate changed groups.
pub(super) fn of<'a>(book: &Book, place: &Place<'a>) -> Vec<Promise<'a>> {
    let Place { program, line, rank } = *place;
    let settled = line.settled(Part::Advocate);
    let rank = settled.map_or(rank, |settled| settled.rank);
    let group = settled.map_or(book.group.as_deref(), |settled| settled.group.as_deref());
    let inviter = book.invited_by.zip(program.second_level.as_ref());

    let advocate = step_for(program.advocate_reward_for(&book.draws), rank);
    let advocate = advocate.map(|terms| (Part::Advocate, book.code, terms));
    let friend =
        program.friend_reward_for(&book.draws).map(|terms| (Part::Friend, book.code, terms));
    let inviter = inviter.map(|(code, terms)| (Part::Inviter, code, terms));
    let promised = [advocate, friend, inviter].into_iter().flatten();
    promised
        .map(|(part, code, terms)| Promise {
            part,
            code,
            terms,
            factors: factors(part, group, program, place.line.occurred_at),
            settled: line.settled(part),
        })
        .collect()
}

pub(super) fn step_for(steps: &[Step], rank: u32) -> Option<&RewardTerms> {
    let reached =
        |step: &&Step| mutant!(LadderOffByOne, step.from <= rank, step.from < rank.max(2));
    steps.iter().rev().find(reached).map(|step| &step.reward)
}

/// Every boost that runs when the order is made multiplies; the advocate's
/// group multiplies the advocate's reward only. Nothing multiplies what an
/// inviter gets.
pub(super) fn factors(part: Part, group: Option<&str>, program: &Program, at: Instant) -> Vec<u32> {
    let side = match part {
        Part::Advocate => Side::Advocate,
        Part::Friend => Side::Friend,
        Part::Inviter => return Vec::new(),
    };
    let end = |to: Instant| mutant!(BoostEndsInclusive, to, to.plus_ms(1));
    let boosts = program.boosts.iter();
    let boosts =
        boosts.filter(|boost| boost.side == side && boost.from <= at && at < end(boost.to));
    let is_multiplied = mutant!(GroupMultipliesFriend, side == Side::Advocate, true);
    let groups = program.groups.iter();
    let groups = groups.filter(|entry| is_multiplied && Some(entry.name.as_str()) == group);
    boosts.map(|boost| boost.factor_bp).chain(groups.map(|entry| entry.factor_bp)).collect()
}
