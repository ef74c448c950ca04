//! The sums that every metric is made of. Adding facts and adding tallies
//! are both plain addition, so that a tally may be made in any number of
//! parts, in any sequence, on any number of machines. A fact given twice is
//! counted twice: see [`FactSet`](super::FactSet).

use super::fact::{Enrolled, Fact, OrderFact, Origin, Traffic};
use super::histogram::Histogram;

/// What was counted of some facts. Wraps around beyond 2^64, or 2^127 minor
/// units, rather than stop: what no program reaches must not be able to end
/// one that runs, and wrapping addition is still associative.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Advocates who enrolled.
    pub advocates: u64,
    /// Those of them who shared.
    pub advocates_sharing: u64,
    /// Those of them who brought at least one customer.
    pub advocates_converting: u64,
    /// Those of them who brought at least two.
    pub advocates_repeating: u64,
    /// People who could have enrolled.
    pub customers: u64,
    /// Clicks.
    pub clicks: u64,
    /// People who clicked.
    pub people: u64,
    /// Shares.
    pub shares: u64,
    /// Customers whom advocates brought.
    pub friends: u64,
    /// Those of them who came by a click.
    pub friends_by_click: u64,
    /// Customers whom nobody brought.
    pub others: u64,
    /// Orders that stand.
    pub orders: u64,
    /// Those of them that are attributed.
    pub orders_attributed: u64,
    /// What attributed orders brought, less refunds, in minor units.
    pub revenue_attributed_minor: i128,
    /// What all orders of friends brought, less refunds, in minor units.
    pub revenue_friends_minor: i128,
    /// What orders of other customers brought, less refunds, in minor units.
    pub revenue_others_minor: i128,
    /// What rewards cost, in minor units.
    pub reward_cost_minor: i128,
    /// Rewards that have no price and are not in that cost.
    pub rewards_unpriced: u64,
    /// From click to order, in milliseconds, of friends who came by a click.
    pub convert_ms: Histogram,
}

impl Tally {
    /// Counts one more fact.
    pub fn add(&mut self, fact: &Fact) {
        match fact {
            Fact::Traffic(traffic) => self.add_traffic(traffic),
            Fact::Enrolled(enrolled) => self.add_enrolled(enrolled),
            Fact::Order(order) => self.add_order(order),
            Fact::Reward(reward) => match reward.cost_minor {
                Some(minor) => sum(&mut self.reward_cost_minor, minor),
                None => count(&mut self.rewards_unpriced, 1),
            },
            Fact::Customers(customers) => count(&mut self.customers, customers.count),
        }
    }

    /// Counts all that another tally counted.
    pub fn merge(&mut self, other: &Tally) {
        for (own, more) in [
            (&mut self.advocates, other.advocates),
            (&mut self.advocates_sharing, other.advocates_sharing),
            (&mut self.advocates_converting, other.advocates_converting),
            (&mut self.advocates_repeating, other.advocates_repeating),
            (&mut self.customers, other.customers),
            (&mut self.clicks, other.clicks),
            (&mut self.people, other.people),
            (&mut self.shares, other.shares),
            (&mut self.friends, other.friends),
            (&mut self.friends_by_click, other.friends_by_click),
            (&mut self.others, other.others),
            (&mut self.orders, other.orders),
            (&mut self.orders_attributed, other.orders_attributed),
            (&mut self.rewards_unpriced, other.rewards_unpriced),
        ] {
            count(own, more);
        }
        for (own, more) in [
            (&mut self.revenue_attributed_minor, other.revenue_attributed_minor),
            (&mut self.revenue_friends_minor, other.revenue_friends_minor),
            (&mut self.revenue_others_minor, other.revenue_others_minor),
            (&mut self.reward_cost_minor, other.reward_cost_minor),
        ] {
            sum(own, more);
        }
        self.convert_ms.merge(&other.convert_ms);
    }

    fn add_traffic(&mut self, traffic: &Traffic) {
        count(&mut self.clicks, traffic.clicks);
        count(&mut self.people, traffic.people);
        count(&mut self.shares, traffic.shares);
    }

    fn add_enrolled(&mut self, enrolled: &Enrolled) {
        count(&mut self.advocates, 1);
        count(&mut self.advocates_sharing, u64::from(enrolled.has_shared));
        count(&mut self.advocates_converting, u64::from(enrolled.friends >= 1));
        count(&mut self.advocates_repeating, u64::from(enrolled.friends >= 2));
    }

    fn add_order(&mut self, order: &OrderFact) {
        let is_attributed = order.origin == Origin::Attributed;
        let revenue_minor = order.value_minor.saturating_sub(order.refunded_minor).max(0);
        if order.origin == Origin::Other {
            sum(&mut self.revenue_others_minor, revenue_minor);
        } else {
            sum(&mut self.revenue_friends_minor, revenue_minor);
        }
        if is_attributed {
            sum(&mut self.revenue_attributed_minor, revenue_minor);
        }
        if !order.stands {
            return;
        }
        count(&mut self.orders, 1);
        count(&mut self.orders_attributed, u64::from(is_attributed));
        match order.origin {
            Origin::Other => count(&mut self.others, u64::from(order.acquires)),
            Origin::Attributed if order.acquires => self.add_friend(order),
            Origin::Attributed | Origin::Friend => {}
        }
    }

    fn add_friend(&mut self, order: &OrderFact) {
        count(&mut self.friends, 1);
        if let Some(clicked_at) = order.clicked_at {
            count(&mut self.friends_by_click, 1);
            // Clocks differ: a click may seem later than its order.
            let took_ms = order.occurred_at.0.saturating_sub(clicked_at.0).max(0);
            self.convert_ms.count(took_ms.unsigned_abs());
        }
    }
}

fn count(own: &mut u64, more: u64) {
    *own = own.wrapping_add(more);
}

fn sum(own: &mut i128, more: impl Into<i128>) {
    *own = own.wrapping_add(more.into());
}
