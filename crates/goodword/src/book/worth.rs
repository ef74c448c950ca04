//! What a promise is worth for one order: percentages, boosts and group
//! factors are multiplied exactly and rounded half up once, at the end.

use super::BookLine;
use crate::money::{Fraction, Money};
use crate::reward::Value;
use crate::terms::{Program, RewardTerms, Side, Worth};

/// What is left of the part of an order that counts, in minor units, after
/// so much of the order was refunded. A refund takes from all lines of an
/// order in proportion.
pub(super) fn left(line: &BookLine, refunded_minor: i64) -> Fraction {
    let qualifying = Fraction::whole(line.qualifying_minor);
    match line.value {
        Some(value) if refunded_minor > 0 => {
            qualifying.times(value.amount_minor - refunded_minor, value.amount_minor)
        }
        _ => qualifying,
    }
}

pub(super) fn worth(
    promised: &RewardTerms,
    side: Side,
    group: Option<&str>,
    line: &BookLine,
    left: Fraction,
    program: &Program,
) -> Value {
    let base = match &promised.worth {
        Worth::Fixed { amount_minor } => Fraction::whole(*amount_minor),
        Worth::Percent { basis_points, at_most_minor } => {
            let part = left.times_bp(*basis_points);
            at_most_minor.map_or(part, |most| part.at_most(most))
        }
        Worth::Points { amount } | Worth::Units { amount, .. } => Fraction::whole(*amount),
        Worth::Gift { label } => return Value::Label(label.clone()),
    };
    let amount = multiplied(base, side, group, line, program).round_half_up();
    match &promised.worth {
        Worth::Points { .. } => Value::Points(amount),
        Worth::Units { unit, .. } => Value::Units { amount, unit: unit.clone() },
        _ => Value::Money(Money { amount_minor: amount, currency: program.currency }),
    }
}

/// Every boost that runs when the order is made multiplies; the advocate's
/// group multiplies the advocate's reward only.
fn multiplied(
    base: Fraction,
    side: Side,
    group: Option<&str>,
    line: &BookLine,
    program: &Program,
) -> Fraction {
    let runs = |from, to| from <= line.occurred_at && line.occurred_at < to;
    let boosts =
        program.boosts.iter().filter(|boost| boost.side == side && runs(boost.from, boost.to));
    let groups = program
        .groups
        .iter()
        .filter(|entry| side == Side::Advocate && Some(entry.name.as_str()) == group);
    let factors = boosts.map(|boost| boost.factor_bp).chain(groups.map(|entry| entry.factor_bp));
    factors.fold(base, Fraction::times_bp)
}
