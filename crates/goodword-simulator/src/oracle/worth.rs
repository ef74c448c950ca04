//! What an order's rewards are worth, and what is left of them after refunds.

use super::{occurred_ms, value};
use crate::facts::{Facts, Order};
use crate::terms::{Side, Terms, Worth};

/// How much of an order was given back, in the first part of the run or in
/// all.
pub(super) fn refunded(facts: &Facts, order: &Order, first_part_only: bool) -> i64 {
    let counts = |tried: Option<i64>| match (first_part_only, facts.calm_ms) {
        (true, Some(calm)) => tried.is_some_and(|tried| tried <= calm),
        _ => tried.is_some(),
    };
    let refunds = order.refunds.iter().filter(|refund| counts(refund.tried_ms));
    refunds.map(|refund| refund.value).sum::<i64>().min(value(order))
}

fn counting(terms: &Terms, order: &Order) -> i64 {
    if terms.tea_only { order.tea(value(order)).min(value(order)) } else { value(order) }
}

/// Whether what is left of an order, as a fraction of what counts, is less
/// than the minimum.
fn is_below(terms: &Terms, order: &Order, refunded: i64) -> bool {
    let left = i128::from(counting(terms, order)) * i128::from(value(order) - refunded);
    refunded > 0 && left < i128::from(terms.minimum) * i128::from(value(order))
}

pub(super) fn is_undone(terms: &Terms, order: &Order, worth: &Worth, refunded: i64) -> bool {
    let shrinks = matches!(worth, Worth::Percent(..));
    let is_full = refunded > 0 && refunded >= value(order);
    is_full || !shrinks && is_below(terms, order, refunded)
}

pub(super) fn counts(terms: &Terms, order: &Order, refunded: i64) -> bool {
    let is_gone = refunded > 0 && refunded >= value(order);
    !is_gone && !is_below(terms, order, refunded)
}

/// A reward's amount: everything multiplied exactly, rounded half up once.
pub(super) fn worth_of(
    facts: &Facts,
    advocate: usize,
    order: &Order,
    side: Side,
    worth: &Worth,
    refunded: i64,
) -> i64 {
    let terms = &facts.programs[order.program];
    let (mut upper, mut lower) = match worth {
        Worth::Gift => return 0,
        Worth::Fixed(amount) | Worth::Points(amount) | Worth::Units(amount) => {
            (i128::from(*amount), 1_i128)
        }
        Worth::Percent(bp, most) => {
            let left = i128::from(counting(terms, order)) * i128::from(value(order) - refunded);
            let (upper, lower) = (left * i128::from(*bp), i128::from(value(order)) * 10_000);
            match most {
                Some(most) if upper > i128::from(*most) * lower => (i128::from(*most), 1),
                _ => (upper, lower),
            }
        }
    };
    let at_ms = occurred_ms(order);
    let runs = |from: i64, to: i64| from <= at_ms && at_ms < to;
    for boost in
        terms.boosts.iter().filter(|boost| boost.side == side && runs(boost.from_ms, boost.to_ms))
    {
        upper *= i128::from(boost.factor_bp);
        lower *= 10_000;
    }
    if side == Side::Advocate && facts.advocates[advocate].is_staff {
        upper *= i128::from(terms.staff_bp);
        lower *= 10_000;
    }
    ((2 * upper + lower) / (2 * lower)) as i64
}
