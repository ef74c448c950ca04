//! What a promise is worth for one order: percentages, boosts and group
//! factors are multiplied exactly and rounded half up once, at the end.

use super::BookLine;
use super::promise::Promise;
use crate::money::{Fraction, Money};
use crate::mutant;
use crate::reward::Value;
use crate::terms::{Program, Worth};

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

/// What a promise is worth when so much of the order is left.
pub(super) fn worth(promise: &Promise<'_>, left: Fraction, program: &Program) -> Value {
    let worth = &promise.terms.worth;
    let base = match worth {
        Worth::Fixed { amount_minor } => Fraction::whole(*amount_minor),
        Worth::Percent { basis_points, at_most_minor } => {
            let part = left.times_bp(*basis_points);
            let at_most_minor = mutant!(PercentHasNoMost, *at_most_minor, None);
            at_most_minor.map_or(part, |most| part.at_most(most))
        }
        Worth::Points { amount } | Worth::Units { amount, .. } => Fraction::whole(*amount),
        Worth::Gift { label } => return Value::Label(label.clone()),
    };
    let amount = multiplied(base, &promise.factors);
    match worth {
        Worth::Points { .. } => Value::Points(amount),
        Worth::Units { unit, .. } => Value::Units { amount, unit: unit.clone() },
        _ => Value::Money(Money { amount_minor: amount, currency: program.currency }),
    }
}

/// A base and its factors, rounded half up once.
pub(super) fn multiplied(base: Fraction, factors: &[u32]) -> i64 {
    factors.iter().fold(base, |base, factor| base.times_bp(*factor)).round_half_up()
}
