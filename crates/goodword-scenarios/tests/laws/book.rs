//! A book is folded the same however its lines lie; what its rewards say
//! adds up; no cap is ever exceeded, whenever what is settled.

use crate::made::book_under_terms;
use crate::trial::law;
use goodword::book::{Book, BookLine, Decision, Final, Settlement, Verdict, offered};
use goodword::key::OrderKey;
use goodword::reward::{Part, Reward, RewardId, RewardStatus, Value};
use goodword::terms::{Cap, Most, Period, TermsHistory, Worth};
use proptest::prelude::*;
use std::collections::BTreeMap;

#[test]
fn sequence_and_number_of_lines() {
    let shuffled = book_under_terms().prop_flat_map(|(book, terms)| {
        let doubled: Vec<BookLine> = book.lines.iter().chain(&book.lines).cloned().collect();
        (Just(book), Just(terms), Just(doubled).prop_shuffle())
    });
    law("a book is a set of lines", shuffled, |(book, terms, lines)| {
        let mut decisions = book.decisions.clone();
        decisions.reverse();
        let shuffled = Book { lines, decisions, ..book.clone() };
        prop_assert_eq!(shuffled.rewards(&terms), book.rewards(&terms));
        Ok(())
    });
}

#[test]
fn entries_add_up_to_the_value_or_to_nothing() {
    let settled = (book_under_terms(), any::<u8>());
    law("entries add up", settled, |((mut book, terms), due)| {
        check_sums(&book.rewards(&terms))?;
        settle(&mut book, &terms, due);
        check_sums(&book.rewards(&terms))
    });
}

fn check_sums(rewards: &[Reward]) -> Result<(), TestCaseError> {
    for reward in rewards {
        let is_undone = matches!(reward.status, RewardStatus::Voided | RewardStatus::ClawedBack);
        let worth = reward.value.amount().unwrap_or(0);
        prop_assert!(worth >= 0, "{reward:?}");
        prop_assert_eq!(reward.balance(), if is_undone { 0 } else { worth }, "{:?}", reward);
    }
    let mut ids: Vec<RewardId> = rewards.iter().map(|reward| reward.id).collect();
    ids.sort();
    ids.dedup();
    prop_assert_eq!(ids.len(), rewards.len(), "a reward is there twice");
    Ok(())
}

/// Settles the lines whose bit is set, and hands over every third advocate's
/// reward among them.
fn settle(book: &mut Book, terms: &TermsHistory, due: u8) {
    let is_due = |index: &usize| due >> (index % 8) & 1 == 1;
    let orders: Vec<OrderKey> = (0..book.lines.len())
        .filter(is_due)
        .filter_map(|index| book.lines.get(index))
        .filter(|line| line.settlement.is_none())
        .map(|line| line.order)
        .collect();
    let finals = book.finals(&orders, terms);
    for (index, line) in book.lines.iter_mut().enumerate() {
        if !orders.contains(&line.order) {
            continue;
        }
        let own: Vec<Final> = finals
            .iter()
            .filter(|(order, _)| *order == line.order)
            .map(|(_, last)| last.clone())
            .collect();
        if index % 3 == 0 && own.iter().any(|last| last.part == Part::Advocate) {
            let slot = line.slot(terms.at(line.occurred_at));
            let reward = RewardId::Act(Part::Advocate, slot);
            book.decisions.push(Decision { reward, verdict: Verdict::Fulfil });
        }
        line.settlement = Some(Settlement::Confirmed(own));
    }
}

/// Whoever reads an offer and orders at that moment gets what it says.
#[test]
fn an_order_earns_what_was_offered_when_it_was_made() {
    law("an order earns what was offered", book_under_terms(), |(book, terms)| {
        for reward in book.rewards(&terms).iter().filter(|reward| !reward.capped) {
            let is_its = |line: &&BookLine| Some(line.order) == reward.order;
            let Some(line) = book.lines.iter().find(is_its) else { continue };
            let RewardId::Act(part, _) = reward.id else { continue };
            let program = terms.at(line.occurred_at);
            let promised = match part {
                Part::Advocate => {
                    let steps = program.advocate_reward_for(&book.draws).iter().rev();
                    let mut reached = steps.filter(|step| step.from <= reward.rank);
                    reached.next().map(|step| &step.reward)
                }
                Part::Friend => program.friend_reward_for(&book.draws),
                Part::Inviter => None,
            };
            let group = book.group.as_deref();
            let at_that_moment =
                |terms| offered(terms, part, group, program, line.occurred_at).worth;
            let amount = match promised.map(at_that_moment) {
                Some(Worth::Fixed { amount_minor: amount } | Worth::Points { amount }) => amount,
                Some(Worth::Units { amount, .. }) => amount,
                _ => continue,
            };
            prop_assert_eq!(reward.value.amount(), Some(amount), "{:?}", reward);
        }
        Ok(())
    });
}

/// The orders arrive in some sequence and are settled in any two runs, none
/// of them refunded later: what they are worth together stays within every
/// cap.
#[test]
fn caps_are_never_exceeded() {
    let in_parts = (book_under_terms(), 0_usize..8, any::<u8>(), any::<u8>());
    law("caps are never exceeded", in_parts, |((book, terms), late, first, second)| {
        let mut early = Book { lines: book.lines.iter().take(late).cloned().collect(), ..book };
        let rest = book.lines.iter().skip(late).cloned();
        check_caps(&early, &terms)?;
        settle(&mut early, &terms, first);
        check_caps(&early, &terms)?;
        early.lines.extend(rest);
        check_caps(&early, &terms)?;
        settle(&mut early, &terms, second);
        check_caps(&early, &terms)
    });
}

fn check_caps(book: &Book, terms: &TermsHistory) -> Result<(), TestCaseError> {
    let rewards = book.rewards(terms);
    let at =
        |order| book.lines.iter().find(|line| line.order == order).map(|line| line.occurred_at);
    for cap in book.lines.iter().flat_map(|line| &terms.at(line.occurred_at).caps) {
        let mut sums: BTreeMap<_, i64> = BTreeMap::new();
        for reward in rewards.iter().filter(|reward| reward.side == cap.side) {
            let Some(occurred_at) = reward.order.and_then(at) else { continue };
            let is_undone =
                matches!(reward.status, RewardStatus::Voided | RewardStatus::ClawedBack);
            let month = (cap.period == Period::Month).then(|| occurred_at.month());
            if !is_undone {
                *sums.entry(month).or_default() += counted(cap, &reward.value);
            }
        }
        let most = match &cap.most {
            Most::Count(count) => i64::from(*count),
            Most::Minor(most) => *most,
            Most::Units { amount, .. } => *amount,
        };
        prop_assert!(sums.values().all(|sum| *sum <= most), "{cap:?} {sums:?} {rewards:#?}");
    }
    Ok(())
}

fn counted(cap: &Cap, value: &Value) -> i64 {
    match (&cap.most, value) {
        (Most::Count(_), value) => i64::from(value.amount() != Some(0)),
        (Most::Minor(_), Value::Money(money)) => money.amount_minor,
        (Most::Units { unit: None, .. }, Value::Points(amount)) => *amount,
        (Most::Units { unit: Some(capped), .. }, Value::Units { amount, unit })
            if capped == unit =>
        {
            *amount
        }
        _ => 0,
    }
}

/// What is final keeps its value, whatever orders are told later.
#[test]
fn what_is_final_stays() {
    let in_parts = (book_under_terms(), 0_usize..8, any::<u8>());
    law("what is final stays", in_parts, |((book, terms), late, due)| {
        let mut early =
            Book { lines: book.lines.iter().take(late).cloned().collect(), ..book.clone() };
        settle(&mut early, &terms, due);
        let is_final = |reward: &Reward| {
            let is_act = matches!(reward.id, RewardId::Act(..));
            is_act && matches!(reward.status, RewardStatus::Confirmed | RewardStatus::Fulfilled)
        };
        let before: Vec<Reward> = early.rewards(&terms).into_iter().filter(is_final).collect();
        early.lines.extend(book.lines.iter().skip(late).cloned());
        let after = early.rewards(&terms);
        for reward in before {
            prop_assert!(after.contains(&reward), "{reward:#?} is not in {after:#?}");
        }
        Ok(())
    });
}
