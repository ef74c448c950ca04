//! What an advocate's friends earned: ladder, boosts, caps, refunds and
//! milestones, over the orders that went to the advocate.

use super::attribution::is_timely;
use super::worth::{counts, is_undone, refunded, worth_of};
use super::{Checked, amount, occurred_ms, text, value};
use crate::calendar::{Date, written};
use crate::facts::{Facts, Order, Pointer};
use crate::terms::{Side, Terms, Worth};
use serde_json::Value;
use std::collections::BTreeMap;

/// Checks one advocate's book.
pub fn check(
    facts: &Facts,
    advocate: usize,
    milestones: &[&Value],
    before: Option<&Checked>,
    checked: &mut Checked,
) {
    let terms = &facts.programs[facts.advocates[advocate].program];
    let of_advocate = checked.shown.iter().filter(|(_, shown)| shown.advocate == advocate);
    let mut lines: Vec<usize> = of_advocate.map(|((order, _), _)| *order).collect();
    lines.dedup();
    lines.sort_by_key(|order| occurred_ms(&facts.orders[*order]));

    let is_exact = is_exact(facts, advocate, &lines);
    let settled = settle(facts, advocate, &lines, before);
    for order in &lines {
        for side in [Side::Advocate, Side::Friend] {
            let old = before.is_some_and(|before| before.shown.contains_key(&(*order, side)));
            let is_exact = is_exact && (before.is_none() || old);
            let reward = settled.get(&(*order, side));
            line(facts, terms, advocate, *order, side, is_exact, reward, checked);
        }
    }
    caps(facts, terms, &lines, before, is_exact, checked);
    reached(facts, terms, &lines, milestones, checked);
}

/// Whether every order that may ever have stood in this book was told in
/// time, and every refund either in time or after everything was settled.
fn is_exact(facts: &Facts, advocate: usize, lines: &[usize]) -> bool {
    let program = facts.advocates[advocate].program;
    let is_later = |tried: Option<i64>| {
        tried.is_none_or(|tried| facts.calm_ms.is_some_and(|calm| tried > calm))
    };
    let points = |order: &Order| {
        order.reports.iter().any(|report| {
            let claimed = matches!(report.pointer, Pointer::Claim(claim) if facts.claims[claim].advocate == advocate);
            claimed || report.typed == Some(advocate)
        })
    };
    let in_program =
        || facts.orders.iter().enumerate().filter(|(_, order)| order.program == program);
    let friends: Vec<usize> =
        in_program().filter(|(_, order)| points(order)).map(|(_, order)| order.customer).collect();
    let all_told = in_program()
        .filter(|(_, order)| friends.contains(&order.customer))
        .all(|(number, _)| is_timely(facts, number));
    let all_refunds = lines.iter().all(|order| {
        let of = &facts.orders[*order];
        let due_ms = facts.programs[program].due_ms(occurred_ms(of));
        of.refunds.iter().all(|refund| {
            let in_time = refund.acked_ms.is_some_and(|at| at + facts.seen_after_ms <= due_ms);
            in_time || is_later(refund.tried_ms)
        })
    });
    all_told && all_refunds
}

/// What an order's rewards were settled with.
#[derive(Clone, Copy, Debug)]
struct Settled {
    rank: i64,
    /// `None`: undone before it was settled.
    amount: Option<i64>,
}

/// Settles the lines of the first part, one after the other in the sequence
/// in which they were made.
fn settle(
    facts: &Facts,
    advocate: usize,
    lines: &[usize],
    before: Option<&Checked>,
) -> BTreeMap<(usize, Side), Settled> {
    let terms = &facts.programs[facts.advocates[advocate].program];
    let is_old = |order: &&usize| {
        let shown = |side| before.is_none_or(|before| before.shown.contains_key(&(**order, side)));
        shown(Side::Advocate) || shown(Side::Friend)
    };
    let mut settled = BTreeMap::new();
    let mut friends = 0;
    // By side and month; the month 0 is all time: how many, and how much.
    let mut used: BTreeMap<(Side, i64), (i64, i64)> = BTreeMap::new();
    for order in lines.iter().filter(is_old) {
        let of = &facts.orders[*order];
        let refunded = refunded(facts, of, true);
        let is_counting = counts(terms, of, refunded);
        friends += i64::from(is_counting);
        let rank = if is_counting { friends } else { friends + 1 };
        let date = Date::of(occurred_ms(of));
        let month = date.year * 12 + date.month;
        let worths = [(Side::Advocate, terms.step(rank)), (Side::Friend, terms.friend.as_ref())];
        for (side, worth) in worths {
            let Some(worth) = worth else { continue };
            let mut amount = worth_of(facts, advocate, of, side, worth, refunded);
            let mut takes_gift = false;
            for cap in terms.caps.iter().filter(|cap| cap.side == side) {
                let of_period = used.get(&(side, if cap.monthly { month } else { 0 }));
                let (number, sum) = of_period.copied().unwrap_or_default();
                if cap.counts && number >= cap.most {
                    amount = 0;
                    takes_gift = true;
                } else if !cap.counts {
                    amount = amount.min((cap.most - sum).max(0));
                }
            }
            let is_gift = *worth == Worth::Gift;
            let undone = is_undone(terms, of, worth, refunded) || is_gift && takes_gift;
            if !undone && (is_gift || amount > 0) {
                for period in [0, month] {
                    let (number, sum) = used.entry((side, period)).or_default();
                    *number += 1;
                    *sum += amount;
                }
            }
            settled.insert((*order, side), Settled { rank, amount: (!undone).then_some(amount) });
        }
    }
    settled
}

#[allow(clippy::too_many_arguments)]
fn line(
    facts: &Facts,
    terms: &Terms,
    advocate: usize,
    order: usize,
    side: Side,
    is_exact: bool,
    settled: Option<&Settled>,
    checked: &mut Checked,
) {
    let of = &facts.orders[order];
    let is_promised = side == Side::Advocate || terms.friend.is_some();
    let Some(shown) = checked.shown.get(&(order, side)).cloned() else {
        if is_promised {
            checked.errors.push(format!("{} has no reward for the {}", of.id, side.word()));
        }
        return;
    };
    let mut wrong = |what: String| {
        let error = format!("{} {}: {} {}, {what}", of.id, side.word(), shown.status, shown.amount);
        checked.errors.push(error);
    };
    let due_at = written(terms.due_ms(occurred_ms(of)));
    if shown.due_at.trim_end_matches('Z') != due_at.trim_end_matches('Z').trim_end_matches(".000")
        && !same_instant(&shown.due_at, &due_at)
    {
        wrong(format!("due {}, must be {due_at}", shown.due_at));
    }
    let all_back = refunded(facts, of, false);
    if is_exact && let Some(settled) = settled {
        let worth = match side {
            Side::Advocate => terms.step(settled.rank),
            Side::Friend => terms.friend.as_ref(),
        };
        let Some(worth) = worth else { return wrong("promises nothing".to_owned()) };
        let (status, amount) = match settled.amount {
            None => ("voided", None),
            Some(_) if is_undone(terms, of, worth, all_back) => ("clawed_back", None),
            Some(amount) => {
                let left = worth_of(facts, advocate, of, side, worth, all_back);
                ("confirmed", Some(amount.min(left)))
            }
        };
        if shown.status != status || amount.is_some_and(|amount| amount != shown.amount) {
            wrong(format!("must be {status} {amount:?}"));
        }
        checked.exact += 1;
        return;
    }
    bounds(facts, terms, advocate, of, side, all_back, &shown.status, shown.amount, &mut wrong);
    checked.bounded += 1;
}

/// What was told late may have been counted or not: the rung may be any, a
/// cap may have taken any part, but what is given back is given back.
#[allow(clippy::too_many_arguments)]
fn bounds(
    facts: &Facts,
    terms: &Terms,
    advocate: usize,
    order: &Order,
    side: Side,
    all_back: i64,
    status: &str,
    amount: i64,
    wrong: &mut dyn FnMut(String),
) {
    let worths: Vec<&Worth> = match side {
        Side::Advocate => terms.steps.iter().map(|(_, worth)| worth).collect(),
        Side::Friend => terms.friend.iter().collect(),
    };
    let is_capped = terms.caps.iter().any(|cap| cap.side == side);
    let has_versions = order.reports.iter().any(|report| report.value != value(order));
    let undone = worths.iter().all(|worth| is_undone(terms, order, worth, all_back));
    let gift_taken = is_capped && worths.contains(&&Worth::Gift);
    let allowed: &[&str] = match (undone, gift_taken) {
        (true, _) => &["voided", "clawed_back"],
        (false, true) => &["confirmed", "voided"],
        (false, false) => &["confirmed"],
    };
    if !allowed.contains(&status) {
        return wrong(format!("must be {}", allowed.join(" or ")));
    }
    if undone || has_versions {
        return;
    }
    let amounts =
        worths.iter().map(|worth| worth_of(facts, advocate, order, side, worth, all_back));
    let amounts: Vec<i64> = amounts.collect();
    let most = amounts.iter().max().copied().unwrap_or(0);
    let least = if is_capped { 0 } else { amounts.iter().min().copied().unwrap_or(0) };
    if !(least..=most).contains(&amount) {
        wrong(format!("must be {least} to {most}"));
    }
}

fn same_instant(one: &str, other: &str) -> bool {
    let plain = |text: &str| {
        let text = text.trim_end_matches('Z');
        let (seconds, fraction) = text.split_once('.').unwrap_or((text, ""));
        (seconds.to_owned(), fraction.trim_end_matches('0').to_owned())
    };
    plain(one) == plain(other)
}

/// Caps hold over everything that was told in time. What is told after that
/// was settled gets no more than was left over.
fn caps(
    facts: &Facts,
    terms: &Terms,
    lines: &[usize],
    before: Option<&Checked>,
    is_exact: bool,
    checked: &mut Checked,
) {
    let is_new = |order: &usize| {
        before.is_some_and(|before| !before.shown.contains_key(&(*order, Side::Advocate)))
    };
    let mut errors = Vec::new();
    for cap in &terms.caps {
        let worth = if cap.side == Side::Advocate { terms.step(1) } else { terms.friend.as_ref() };
        let month = |order: usize| {
            let date = Date::of(occurred_ms(&facts.orders[order]));
            if cap.monthly { date.year * 12 + date.month } else { 0 }
        };
        let used = |order: usize| {
            let shown = checked.shown.get(&(order, cap.side));
            let shown = shown.filter(|shown| shown.status == "confirmed");
            let amount = shown.map_or(0, |shown| shown.amount);
            let is_one = shown.is_some() && (amount > 0 || worth == Some(&Worth::Gift));
            if cap.counts { i64::from(is_one) } else { amount }
        };
        let is_old = |order: &&usize| !is_new(order);
        let sum_of_old = |of_month: i64| {
            let lines = lines.iter().filter(is_old).filter(|order| month(**order) == of_month);
            lines.map(|order| used(*order)).sum::<i64>()
        };
        for order in lines {
            let left = cap.most - sum_of_old(month(*order));
            let is_good = match is_new(order) {
                true => used(*order) <= left.max(0),
                false => left >= 0 || !is_exact,
            };
            if !is_good {
                let id = &facts.orders[*order].id;
                errors.push(format!("with {id} more than {cap:?} is used up"));
            }
        }
    }
    checked.errors.extend(errors);
}

/// A milestone is there as long as so many friends are.
fn reached(
    facts: &Facts,
    terms: &Terms,
    lines: &[usize],
    milestones: &[&Value],
    checked: &mut Checked,
) {
    let friends = lines.iter().filter(|order| {
        let of = &facts.orders[**order];
        counts(terms, of, refunded(facts, of, false))
    });
    let friends = friends.count() as i64;
    for (at, worth) in &terms.milestones {
        let shown: Vec<&&Value> = milestones
            .iter()
            .filter(|reward| reward.get("milestone").and_then(Value::as_i64) == Some(*at))
            .collect();
        let live: Vec<&&&Value> =
            shown.iter().filter(|reward| text(reward, "status") != "voided").collect();
        let wanted = usize::from(friends >= *at);
        if live.len() != wanted || shown.len() > 1 {
            checked.errors.push(format!("milestone {at} with {friends} friends: {shown:?}"));
        }
        let due = match worth {
            Worth::Fixed(due) | Worth::Points(due) | Worth::Units(due) => *due,
            Worth::Percent(..) | Worth::Gift => 0,
        };
        if live.iter().any(|reward| amount(reward) != due || text(reward, "status") != "confirmed")
        {
            checked.errors.push(format!("milestone {at} must be confirmed {due}: {live:?}"));
        }
        checked.exact += live.len();
    }
}
