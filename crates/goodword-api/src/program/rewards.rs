//! Rewards, milestones and caps, as an owner writes them.

use super::side;
use crate::read::Object;
use crate::reward::GIVES;
use alloc::vec::Vec;
use goodword::limits::{AMOUNT_MAX, BASIS_POINTS_MAX, NAME_BYTES_MAX};
use goodword::terms::{Cap, Gives, Milestone, Most, Period, RewardTerms, Step, Worth};

/// The advocate's ladder. A reward written without steps is a ladder of one.
pub(super) fn steps<'a>(body: &Object<'a>, name: &'a str) -> Vec<Step> {
    let Some(value) = body.nullable(name) else { return Vec::new() };
    let Some(part) = body.as_object(name, value) else { return Vec::new() };
    if value.get("steps").is_none() {
        return reward(&part).map(|reward| Step { from: 1, reward }).into_iter().collect();
    }
    let steps = part.objects("steps");
    part.refuse_unknown();
    steps
        .into_iter()
        .filter_map(|step| {
            let from = step.integer("from", 1, 1_000_000);
            let reward = step.object("reward").and_then(|part| reward(&part));
            step.refuse_unknown();
            Some(Step { from: from? as u32, reward: reward? })
        })
        .collect()
}

/// A reward without steps, or null.
pub(super) fn single<'a>(body: &Object<'a>, name: &'a str) -> Option<RewardTerms> {
    let value = body.nullable(name)?;
    reward(&body.as_object(name, value)?)
}

pub(super) fn milestones<'a>(body: &Object<'a>, name: &'a str) -> Vec<Milestone> {
    let read = body.objects(name).into_iter().filter_map(|part| {
        let at = part.integer("at", 1, 1_000_000);
        let reward = part.object("reward").and_then(|part| reward(&part));
        part.refuse_unknown();
        Some(Milestone { at: at? as u32, reward: reward? })
    });
    read.collect()
}

fn reward(part: &Object<'_>) -> Option<RewardTerms> {
    let gives = part.word("gives", &GIVES)?;
    let worth = match gives {
        Gives::Money | Gives::Credit | Gives::Discount | Gives::Coupon => money_worth(part),
        Gives::Points => {
            part.integer("amount", 1, AMOUNT_MAX).map(|amount| Worth::Points { amount })
        }
        Gives::Units => {
            let amount = part.integer("amount", 1, AMOUNT_MAX);
            let unit = part.text("unit", NAME_BYTES_MAX);
            amount.zip(unit).map(|(amount, unit)| Worth::Units { amount, unit: unit.into() })
        }
        Gives::Gift => {
            part.text("label", NAME_BYTES_MAX).map(|label| Worth::Gift { label: label.into() })
        }
    };
    part.refuse_unknown();
    Some(RewardTerms { gives, worth: worth? })
}

fn money_worth(part: &Object<'_>) -> Option<Worth> {
    let basis_points = part.optional_integer("basis_points", 1, i64::from(BASIS_POINTS_MAX));
    let amount_minor = part.optional_integer("amount_minor", 1, AMOUNT_MAX);
    let at_most_minor = part.optional_integer("at_most_minor", 1, AMOUNT_MAX);
    match (amount_minor, basis_points) {
        (Some(_), Some(_)) => {
            part.fault("basis_points", "must not be there beside amount_minor");
            None
        }
        (Some(_), None) if at_most_minor.is_some() => {
            part.fault("at_most_minor", "goes with basis_points only");
            None
        }
        (Some(amount_minor), None) => Some(Worth::Fixed { amount_minor }),
        (None, Some(basis_points)) => {
            Some(Worth::Percent { basis_points: basis_points as u32, at_most_minor })
        }
        (None, None) => {
            let of_either = ["amount_minor", "basis_points"];
            if !of_either.iter().any(|name| part.has_fault_near(&part.path(name))) {
                part.fault("amount_minor", "is required, or basis_points");
            }
            None
        }
    }
}

pub(super) fn caps<'a>(body: &Object<'a>, name: &'a str) -> Vec<Cap> {
    let read = body.objects(name).into_iter().filter_map(|part| {
        let side = side(&part);
        let period = part.word("period", &[("month", Period::Month), ("total", Period::Total)]);
        let most = most(&part);
        part.refuse_unknown();
        Some(Cap { side: side?, period: period?, most: most? })
    });
    read.collect()
}

fn most(part: &Object<'_>) -> Option<Most> {
    let count = part.optional_integer("count", 0, i64::from(u32::MAX));
    let minor = part.optional_integer("amount_minor", 0, i64::MAX / 2);
    let amount = part.optional_integer("amount", 0, i64::MAX / 2);
    let unit = part.optional_text("unit", NAME_BYTES_MAX);
    match (count, minor, amount) {
        (Some(count), None, None) => Some(Most::Count(count as u32)),
        (None, Some(minor), None) => Some(Most::Minor(minor)),
        (None, None, Some(amount)) => Some(Most::Units { amount, unit: unit.map(Into::into) }),
        _ => {
            part.fault("count", "is required, or amount_minor, or amount with unit: one of them");
            None
        }
    }
}
