//! A reward: who gets what for which act, its identity, its status and the
//! ledger entries that explain the status.

use crate::code::ReferralCode;
use crate::key::{Key, OrderKey, PersonKey};
use crate::money::{Currency, Money};
use crate::terms::{Gives, Side, Which};
use crate::time::Instant;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

/// What makes two rewards the same one. A friend's first purchase earns one
/// reward a side, whatever order turns out to be the first; where every
/// order earns, each earns its own; a milestone is reached once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Slot {
    /// The friend's one rewarded act.
    Friend(PersonKey),
    /// One order among many.
    Order(OrderKey),
}

impl Slot {
    /// The slot of an order of a friend.
    #[must_use]
    pub fn of(which: Which, friend: PersonKey, order: OrderKey) -> Self {
        match which {
            Which::First => Slot::Friend(friend),
            Which::Every | Which::Months(_) => Slot::Order(order),
        }
    }

    /// Reads what [`fmt::Display`] writes.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let key = Key::parse(text.get(1..)?)?;
        match text.get(..1)? {
            "p" => Some(Slot::Friend(key)),
            "o" => Some(Slot::Order(key)),
            _ => None,
        }
    }
}

impl fmt::Display for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Slot::Friend(person) => write!(f, "p{person}"),
            Slot::Order(order) => write!(f, "o{order}"),
        }
    }
}

/// Who somebody is in the story of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// The one who recommended.
    Advocate,
    /// The one recommended.
    Friend,
    /// The one who had recommended the shop to the advocate.
    Inviter,
}

impl Part {
    /// On which side they stand: an inviter is an advocate, one step away.
    #[must_use]
    pub fn side(self) -> Side {
        match self {
            Part::Advocate | Part::Inviter => Side::Advocate,
            Part::Friend => Side::Friend,
        }
    }
}

/// The name of a reward, derived from what it is for: the same reward cannot
/// exist twice under two names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RewardId {
    /// For an act of a friend.
    Act(Part, Slot),
    /// For a number of friends reached by an advocate.
    Milestone(ReferralCode, u32),
}

impl RewardId {
    /// Reads what [`fmt::Display`] writes.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let rest = text.strip_prefix("rw_")?;
        let id = match rest.get(..1)? {
            "a" => RewardId::Act(Part::Advocate, Slot::parse(rest.get(1..)?)?),
            "f" => RewardId::Act(Part::Friend, Slot::parse(rest.get(1..)?)?),
            "i" => RewardId::Act(Part::Inviter, Slot::parse(rest.get(1..)?)?),
            "m" => {
                let (code, at) = rest.get(1..)?.split_once('_')?;
                RewardId::Milestone(ReferralCode::parse(code)?, at.parse().ok()?)
            }
            _ => return None,
        };
        // One spelling for each reward: what reads otherwise is another text.
        (format!("{id}") == text).then_some(id)
    }
}

impl fmt::Display for RewardId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RewardId::Act(Part::Advocate, slot) => write!(f, "rw_a{slot}"),
            RewardId::Act(Part::Friend, slot) => write!(f, "rw_f{slot}"),
            RewardId::Act(Part::Inviter, slot) => write!(f, "rw_i{slot}"),
            RewardId::Milestone(code, at) => write!(f, "rw_m{code}_{at}"),
        }
    }
}

/// An amount of what a reward gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Money, or something counted like it.
    Money(Money),
    /// Points.
    Points(i64),
    /// Units of the product.
    Units {
        /// How many.
        amount: i64,
        /// Of what.
        unit: String,
    },
    /// Something without an amount.
    Label(String),
}

impl Value {
    /// The number in it, if there is one.
    #[must_use]
    pub fn amount(&self) -> Option<i64> {
        match self {
            Value::Money(money) => Some(money.amount_minor),
            Value::Points(amount) | Value::Units { amount, .. } => Some(*amount),
            Value::Label(_) => None,
        }
    }

    /// The same with another number. A label has none and stays.
    #[must_use]
    pub fn with_amount(&self, amount: i64) -> Self {
        match self {
            Value::Money(money) => Value::Money(Money { amount_minor: amount, ..*money }),
            Value::Points(_) => Value::Points(amount),
            Value::Units { unit, .. } => Value::Units { amount, unit: unit.clone() },
            Value::Label(label) => Value::Label(label.clone()),
        }
    }

    /// The currency, where it is money.
    #[must_use]
    pub fn currency(&self) -> Option<Currency> {
        match self {
            Value::Money(money) => Some(money.currency),
            _ => None,
        }
    }
}

/// Where a reward stands. Derived from its entries, never stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RewardStatus {
    /// Earned, within its hold or held for a person.
    Pending,
    /// Final: the shop may hand it over.
    Confirmed,
    /// Handed over.
    Fulfilled,
    /// Undone before it was final.
    Voided,
    /// Undone after it was final.
    ClawedBack,
}

impl RewardStatus {
    /// The status as the contract spells it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            RewardStatus::Pending => "pending",
            RewardStatus::Confirmed => "confirmed",
            RewardStatus::Fulfilled => "fulfilled",
            RewardStatus::Voided => "voided",
            RewardStatus::ClawedBack => "clawed_back",
        }
    }
}

/// One line of the ledger about one reward.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// So much was earned.
    Accrual(i64),
    /// It is final.
    Confirmation,
    /// It was handed over.
    Fulfilment,
    /// So much of it was undone before it was final.
    Void(i64),
    /// So much of it was undone after it was final.
    Clawback(i64),
}

impl Entry {
    /// What the entry changes in the balance.
    #[must_use]
    pub fn change(self) -> i64 {
        match self {
            Entry::Accrual(amount) => amount,
            Entry::Void(amount) | Entry::Clawback(amount) => -amount,
            Entry::Confirmation | Entry::Fulfilment => 0,
        }
    }
}

/// What somebody gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reward {
    /// Its name.
    pub id: RewardId,
    /// For whom.
    pub side: Side,
    /// Whose friend earned it; for an inviter, their own code.
    pub code: ReferralCode,
    /// For which order; `None` for milestones.
    pub order: Option<OrderKey>,
    /// Which friend's act it is for; `None` for milestones.
    pub friend: Option<PersonKey>,
    /// Which friend in number earned it, for the ladder; 0 for milestones.
    pub rank: u32,
    /// In which form.
    pub gives: Gives,
    /// How much: what is left after refunds, or, where nothing is left, what
    /// had been earned.
    pub value: Value,
    /// Whether a cap took some or all of it.
    pub capped: bool,
    /// Where it stands.
    pub status: RewardStatus,
    /// When it becomes final, if nothing happens.
    pub due_at: Instant,
    /// How it came to stand there.
    pub entries: Vec<Entry>,
}

impl Reward {
    /// What the entries add up to: the value, or nothing where it was undone.
    #[must_use]
    pub fn balance(&self) -> i64 {
        self.entries.iter().map(|entry| entry.change()).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn a_reward_has_one_name() {
        let key = Key([7; 16]);
        let code = ReferralCode::from_bytes([1, 2, 3, 4, 5]);
        for id in [
            RewardId::Act(Part::Advocate, Slot::Friend(key)),
            RewardId::Act(Part::Friend, Slot::Order(key)),
            RewardId::Act(Part::Inviter, Slot::Order(key)),
            RewardId::Milestone(code, 5),
        ] {
            assert_eq!(RewardId::parse(&id.to_string()), Some(id));
        }
        let milestone = RewardId::Milestone(code, 5).to_string();
        for bad in [
            "",
            "rw_",
            "rw_a",
            "rw_ap",
            "rw_é",
            &milestone.to_lowercase(),
            &milestone.replace("_5", "_05"),
        ] {
            assert_eq!(RewardId::parse(bad), None, "{bad}");
        }
    }
}
