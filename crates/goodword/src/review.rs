//! Which orders a person looks at before they earn anything. A threshold is
//! the owner's; a flag says which rule, what was found and what is allowed.

use crate::attribution::Click;
use crate::key::OrderKey;
use crate::order::Order;
use crate::sorted;
use crate::terms::Review;
use crate::time::{DAY_MS, Instant};
use alloc::vec::Vec;

/// Fewer orders than this have no median worth comparing with.
const MEDIAN_ORDERS_MIN: usize = 5;

/// A rule that holds orders for a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    /// Many orders from one address and agent in 7 days.
    BucketOrders7d,
    /// Many orders of one code in a day.
    CodeOrders1d,
    /// Worth many times the code's median order.
    ValueOverMedian,
    /// Very soon after the click.
    SecondsAfterClick,
    /// An address of a disposable mail service.
    DisposableMail,
}

impl Rule {
    /// The rule as terms and answers spell it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Rule::BucketOrders7d => "bucket_orders_7d",
            Rule::CodeOrders1d => "code_orders_1d",
            Rule::ValueOverMedian => "value_over_median",
            Rule::SecondsAfterClick => "seconds_after_click",
            Rule::DisposableMail => "disposable_mail",
        }
    }
}

/// Why an order is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flag {
    /// The rule.
    pub rule: Rule,
    /// What was found: orders, minor units, seconds, or 1 for a fact.
    pub found: i64,
    /// What the rule allows, in the same unit.
    pub allowed: i64,
}

/// Another order, as far as rules compare with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Neighbor {
    /// Which.
    pub order: OrderKey,
    /// When it was made.
    pub occurred_at: Instant,
    /// What it was worth, in minor units.
    pub value_minor: i64,
}

/// What surrounds an order.
#[derive(Clone, Debug, Default)]
pub struct Surroundings {
    /// The click that earned it.
    pub click: Option<Click>,
    /// Orders from the same address and agent.
    pub same_bucket: Vec<Neighbor>,
    /// Orders of the same code.
    pub same_code: Vec<Neighbor>,
    /// Whether its customer's address is a disposable one.
    pub is_disposable_mail: bool,
}

/// Flags an order. Whether the order itself is among its neighbors makes no
/// difference.
#[must_use]
pub fn flags(order: &Order, rules: &Review, around: &Surroundings) -> Vec<Flag> {
    let value_minor = order.value.map_or(0, |value| value.amount_minor);
    let mut flags = Vec::new();
    let mut hold = |rule, found, allowed| flags.push(Flag { rule, found, allowed });

    if let Some(most) = rules.bucket_orders_7d {
        let found = count(order, &around.same_bucket, 7 * DAY_MS);
        if found > i64::from(most) {
            hold(Rule::BucketOrders7d, found, i64::from(most));
        }
    }
    if let Some(most) = rules.code_orders_1d {
        let found = count(order, &around.same_code, DAY_MS);
        if found > i64::from(most) {
            hold(Rule::CodeOrders1d, found, i64::from(most));
        }
    }
    if let (Some(times), Some(median)) = (rules.value_over_median, median(order, around)) {
        let most = median.saturating_mul(i64::from(times));
        if value_minor > most {
            hold(Rule::ValueOverMedian, value_minor, most);
        }
    }
    if let (Some(least), Some(click)) = (rules.seconds_after_click, around.click) {
        let after_ms = order.occurred_at.0.saturating_sub(click.at.0);
        // A click that seems later than its order is a difference of clocks.
        if after_ms.max(0) < i64::from(least) * 1_000 {
            hold(Rule::SecondsAfterClick, after_ms.max(0) / 1_000, i64::from(least));
        }
    }
    if rules.disposable_mail && around.is_disposable_mail {
        hold(Rule::DisposableMail, 1, 0);
    }
    flags
}

/// Orders in the time that ends with this one, itself included.
fn count(order: &Order, neighbors: &[Neighbor], within_ms: i64) -> i64 {
    let earliest = order.occurred_at.plus_ms(-within_ms);
    let counts = |neighbor: &&Neighbor| {
        neighbor.order != order.key
            && earliest < neighbor.occurred_at
            && neighbor.occurred_at <= order.occurred_at
    };
    let mut others: Vec<OrderKey> =
        neighbors.iter().filter(counts).map(|neighbor| neighbor.order).collect();
    sorted::sort(&mut others);
    others.dedup();
    others.len() as i64 + 1
}

/// The lower median of the code's other orders.
fn median(order: &Order, around: &Surroundings) -> Option<i64> {
    let mut others: Vec<(OrderKey, i64)> = around
        .same_code
        .iter()
        .filter(|neighbor| neighbor.order != order.key)
        .map(|neighbor| (neighbor.order, neighbor.value_minor))
        .collect();
    sorted::sort(&mut others);
    others.dedup_by_key(|(order, _)| *order);
    let mut values: Vec<i64> = others.into_iter().map(|(_, value)| value).collect();
    sorted::sort(&mut values);
    let middle = values.len().checked_sub(1)? / 2;
    values.get(middle).copied().filter(|_| values.len() >= MEDIAN_ORDERS_MIN)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::Key;
    use crate::money::{EURO, Money};
    use crate::terms::Kind;

    const NOW: Instant = Instant(100 * DAY_MS);

    fn order(value_minor: i64) -> Order {
        Order {
            key: Key([0; 16]),
            occurred_at: NOW,
            kind: Kind::Purchase,
            value: Some(Money { amount_minor: value_minor, currency: EURO }),
            customer: Key([1; 16]),
            emails: Vec::new(),
            existing: false,
            claims: Vec::new(),
            codes: Vec::new(),
            lines: Vec::new(),
        }
    }

    /// So many orders, the youngest `age_ms` old, each worth as much as its
    /// number.
    fn others(number: u8, age_ms: i64) -> Vec<Neighbor> {
        let neighbor = |index| Neighbor {
            order: Key([index; 16]),
            occurred_at: NOW.plus_ms(-age_ms),
            value_minor: i64::from(index),
        };
        (1..=number).map(neighbor).collect()
    }

    #[track_caller]
    fn check(rules: Review, around: Surroundings, value_minor: i64, expected: &[(Rule, i64, i64)]) {
        let found = flags(&order(value_minor), &rules, &around);
        let found: Vec<_> =
            found.iter().map(|flag| (flag.rule, flag.found, flag.allowed)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn orders_of_a_bucket_and_of_a_code() {
        let rules = || Review { bucket_orders_7d: Some(3), ..Review::default() };
        let bucket = |number, age_ms| Surroundings {
            same_bucket: others(number, age_ms),
            ..Surroundings::default()
        };
        check(rules(), bucket(2, 0), 1, &[]);
        check(rules(), bucket(3, 0), 1, &[(Rule::BucketOrders7d, 4, 3)]);
        check(rules(), bucket(3, 7 * DAY_MS - 1), 1, &[(Rule::BucketOrders7d, 4, 3)]);
        check(rules(), bucket(3, 7 * DAY_MS), 1, &[]);
        check(rules(), bucket(3, -1), 1, &[]);
        let rules = Review { code_orders_1d: Some(1), ..Review::default() };
        let twice = others(1, 0).repeat(2);
        let around = Surroundings { same_code: twice, ..Surroundings::default() };
        check(rules, around, 1, &[(Rule::CodeOrders1d, 2, 1)]);
    }

    #[test]
    fn values_far_above_the_median() {
        let rules = || Review { value_over_median: Some(5), ..Review::default() };
        let code =
            |number| Surroundings { same_code: others(number, 0), ..Surroundings::default() };
        check(rules(), code(4), 1_000, &[]);
        check(rules(), code(5), 15, &[]);
        check(rules(), code(5), 16, &[(Rule::ValueOverMedian, 16, 15)]);
        check(rules(), code(6), 16, &[(Rule::ValueOverMedian, 16, 15)]);
    }

    #[test]
    fn orders_right_after_the_click() {
        let rules = || Review { seconds_after_click: Some(60), ..Review::default() };
        let clicked = |before_ms: i64| Surroundings {
            click: Some(Click { at: NOW.plus_ms(-before_ms), channel: 0, bucket: [0; 4] }),
            ..Surroundings::default()
        };
        check(rules(), clicked(60_000), 1, &[]);
        check(rules(), clicked(59_999), 1, &[(Rule::SecondsAfterClick, 59, 60)]);
        check(rules(), clicked(-5_000), 1, &[(Rule::SecondsAfterClick, 0, 60)]);
        check(rules(), Surroundings::default(), 1, &[]);
    }

    #[test]
    fn disposable_mail() {
        let around = || Surroundings { is_disposable_mail: true, ..Surroundings::default() };
        check(
            Review { disposable_mail: true, ..Review::default() },
            around(),
            1,
            &[(Rule::DisposableMail, 1, 0)],
        );
        check(Review::default(), around(), 1, &[]);
    }
}
