//! What metrics are counted from: small plain facts, each with the identity
//! that makes it one fact however often it is given, and the place it is
//! counted in.

use crate::code::ReferralCode;
use crate::key::OrderKey;
use crate::reward::RewardId;
use crate::time::{DAY_MS, Instant};
use core::fmt;

/// A calendar day in UTC, counted from 1970-01-01. Shown as `2026-11-21`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub i64);

impl Day {
    /// The day an instant lies in.
    #[must_use]
    pub fn of(instant: Instant) -> Self {
        Day(instant.0.div_euclid(DAY_MS))
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = Instant(self.0.saturating_mul(DAY_MS)).day();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

/// What somebody held in their hands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Device {
    /// Nobody knows.
    #[default]
    Unknown,
    /// A phone.
    Phone,
    /// A tablet.
    Tablet,
    /// Anything with a keyboard.
    Computer,
}

impl Device {
    /// The device as reports spell it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Device::Unknown => "unknown",
            Device::Phone => "phone",
            Device::Tablet => "tablet",
            Device::Computer => "computer",
        }
    }
}

/// Where a fact counts. What is not known, or does not apply, is the default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The day it happened.
    pub day: Day,
    /// The channel: its place in the tracker's list, 0 for none.
    pub channel: u8,
    /// The device of whoever acted.
    pub device: Device,
    /// The advocate's group: its place in a list of the caller's, from 1;
    /// 0 for none.
    pub group: u16,
    /// The advocate's variant in the experiment the caller looks at: its
    /// place among the variants, from 1; 0 for none.
    pub variant: u16,
    /// The advocate.
    pub advocate: Option<ReferralCode>,
}

/// Clicks and shares, added up over some time within one day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Traffic {
    /// Where they count; a click and a share each through their own channel.
    pub place: Place,
    /// Which of several tallies of the same place this is: an hour, a batch.
    pub part: u64,
    /// Arrivals with a code, preview robots excluded.
    pub clicks: u64,
    /// First arrivals of a person in the program: each person clicks often
    /// but is counted here once. The page knows, a set is not needed.
    pub people: u64,
    /// How often an advocate pressed a channel.
    pub shares: u64,
}

/// An advocate, once, on the day they enrolled. What they did since is told
/// of all of them who enrolled that day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Enrolled {
    /// Where they count; without a channel or device, for they may use many.
    pub place: Place,
    /// Who.
    pub code: ReferralCode,
    /// Whether they ever shared.
    pub has_shared: bool,
    /// How many customers they brought whose orders still stand.
    pub friends: u32,
}

/// Who made an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// A customer whom nobody brought.
    Other,
    /// A customer whom an advocate brought; the order itself is attributed
    /// to nobody, such as a second purchase where the first is rewarded.
    Friend,
    /// A friend, and the order is attributed to the advocate in its place.
    Attributed,
}

/// One order, as all its reports together tell it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct OrderFact {
    /// Which.
    pub order: OrderKey,
    /// Where it counts: the day it was made; channel and device of the click
    /// behind it; group, variant and code of the advocate who earned it or
    /// brought its customer.
    pub place: Place,
    /// Who made it.
    pub origin: Origin,
    /// Whether it stands: not refunded, or so little that it still reaches
    /// the program's minimum.
    pub stands: bool,
    /// Whether it is the one that won its customer: of a friend's attributed
    /// orders, of any other customer's orders, the earliest that stands.
    pub acquires: bool,
    /// What was paid, in minor units of the program's currency; 0 where
    /// nothing was, or in another currency.
    pub value_minor: i64,
    /// How much of that was given back.
    pub refunded_minor: i64,
    /// When it was made.
    pub occurred_at: Instant,
    /// When the link was followed; `None` for typed and inherited codes.
    pub clicked_at: Option<Instant>,
}

/// What one reward costs, once it is known not to be undone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RewardCost {
    /// Which reward.
    pub reward: RewardId,
    /// Where it counts: where its order does; a milestone, which has no
    /// order, on the day it is due.
    pub place: Place,
    /// What is left of it, in minor units of the program's currency; `None`
    /// for what has no price here, such as points or a gift.
    pub cost_minor: Option<i64>,
}

/// How many people became able to recommend the shop on one day. A shop that
/// knows only their sum gives it once, on any day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NewCustomers {
    /// The day.
    pub day: Day,
    /// How many.
    pub count: u64,
}

/// Anything metrics are counted from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fact {
    /// Clicks and shares.
    Traffic(Traffic),
    /// An advocate.
    Enrolled(Enrolled),
    /// An order.
    Order(OrderFact),
    /// A reward.
    Reward(RewardCost),
    /// Customers.
    Customers(NewCustomers),
}

/// What makes two facts the same one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FactId {
    /// A tally of one place.
    Traffic(Place, u64),
    /// An advocate.
    Enrolled(ReferralCode),
    /// An order.
    Order(OrderKey),
    /// A reward.
    Reward(RewardId),
    /// The customers of a day.
    Customers(Day),
}

impl Fact {
    /// The fact's identity.
    #[must_use]
    pub fn id(&self) -> FactId {
        match self {
            Fact::Traffic(traffic) => FactId::Traffic(traffic.place, traffic.part),
            Fact::Enrolled(enrolled) => FactId::Enrolled(enrolled.code),
            Fact::Order(order) => FactId::Order(order.order),
            Fact::Reward(reward) => FactId::Reward(reward.reward),
            Fact::Customers(customers) => FactId::Customers(customers.day),
        }
    }

    /// Where the fact counts.
    #[must_use]
    pub fn place(&self) -> Place {
        match self {
            Fact::Traffic(traffic) => traffic.place,
            Fact::Enrolled(enrolled) => enrolled.place,
            Fact::Order(order) => order.place,
            Fact::Reward(reward) => reward.place,
            Fact::Customers(customers) => Place { day: customers.day, ..Place::default() },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn days() {
        for (ms, text) in [
            (0, "1970-01-01"),
            (-1, "1969-12-31"),
            (DAY_MS - 1, "1970-01-01"),
            (DAY_MS, "1970-01-02"),
            (20_778 * DAY_MS, "2026-11-21"),
        ] {
            assert_eq!(Day::of(Instant(ms)).to_string(), text);
        }
    }
}
