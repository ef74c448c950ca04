//! Caps: how much one advocate's friends can earn at most. What was settled
//! uses a cap up first, then orders do in the sequence in which they occurred;
//! what was undone uses up nothing; milestones are not counted.

use super::BookLine;
use crate::mutant;
use crate::reward::{Part, Value};
use crate::sorted::Map;
use crate::terms::{Cap, Most, Period, Program, Side};
use crate::time::Month;
use alloc::string::String;
use alloc::vec::Vec;

/// What was earned so far.
#[derive(Default)]
pub(super) struct Caps {
    advocate: Earned,
    friend: Earned,
}

#[derive(Default)]
struct Earned {
    total: Sums,
    months: Map<Month, Sums>,
}

#[derive(Default)]
struct Sums {
    rewards: u32,
    minor: i64,
    /// By unit; points are units without a name.
    units: Vec<(Option<String>, i64)>,
}

impl Caps {
    /// What the caps let through of a value, and whether they took any.
    pub(super) fn allow(
        &self,
        part: Part,
        line: &BookLine,
        value: &Value,
        program: &Program,
    ) -> (Value, bool) {
        let Some(side) = capped_side(part) else { return (value.clone(), false) };
        let caps = program.caps.iter().filter(|cap| cap.side == side);
        caps.fold((value.clone(), false), |(value, capped), cap| {
            match self.left(cap, line.occurred_at.month(), &value) {
                Some(left) if value.amount().is_none_or(|amount| amount > left) => {
                    (value.with_amount(left), true)
                }
                _ => (value, capped),
            }
        })
    }

    /// Notes that a value was earned.
    pub(super) fn use_up(&mut self, part: Part, line: &BookLine, value: &Value) {
        if value.amount() == Some(0) {
            return;
        }
        let earned = match capped_side(part) {
            Some(Side::Advocate) => &mut self.advocate,
            Some(Side::Friend) => &mut self.friend,
            None => return,
        };
        let month = line.occurred_at.month();
        earned.total.add(value);
        earned.months.or_default(month).add(value);
    }

    /// How much a cap still lets through, in the value's own measure; `None`
    /// where the cap says nothing about such a value.
    fn left(&self, cap: &Cap, month: Month, value: &Value) -> Option<i64> {
        let earned = match cap.side {
            Side::Advocate => &self.advocate,
            Side::Friend => &self.friend,
        };
        let nothing = Sums::default();
        let sums = match cap.period {
            Period::Total => &earned.total,
            Period::Month => earned.months.get(&month).unwrap_or(&nothing),
        };
        match (&cap.most, value) {
            (Most::Count(count), _) => {
                let count = mutant!(CapOffByOne, *count, *count + 1);
                (sums.rewards >= count).then_some(0)
            }
            (Most::Minor(most), Value::Money(_)) => Some(rest(*most, sums.minor)),
            (Most::Units { amount, unit: None }, Value::Points(_)) => {
                Some(rest(*amount, sums.of(None)))
            }
            (Most::Units { amount, unit: Some(capped) }, Value::Units { unit, .. })
                if capped == unit =>
            {
                Some(rest(*amount, sums.of(Some(unit))))
            }
            _ => None,
        }
    }
}

/// Whose caps bound a reward. An inviter's reward is in the book of the
/// invited, whose caps are not theirs.
fn capped_side(part: Part) -> Option<Side> {
    match part {
        Part::Advocate => Some(Side::Advocate),
        Part::Friend => Some(Side::Friend),
        Part::Inviter => None,
    }
}

fn rest(most: i64, used: i64) -> i64 {
    most.saturating_sub(used).max(0)
}

impl Sums {
    fn add(&mut self, value: &Value) {
        self.rewards += 1;
        let (unit, amount) = match value {
            Value::Money(money) => {
                self.minor = self.minor.saturating_add(money.amount_minor);
                return;
            }
            Value::Points(amount) => (None, *amount),
            Value::Units { amount, unit } => (Some(unit.clone()), *amount),
            Value::Label(_) => return,
        };
        match self.units.iter_mut().find(|(of, _)| *of == unit) {
            Some((_, sum)) => *sum = sum.saturating_add(amount),
            None => self.units.push((unit, amount)),
        }
    }

    fn of(&self, unit: Option<&String>) -> i64 {
        self.units.iter().find(|(of, _)| of.as_ref() == unit).map_or(0, |(_, sum)| *sum)
    }
}
