//! What was settled, as it is kept: a slot's outcome, and an order's in its
//! advocate's book.

use super::MoneyRecord;
use super::record::{Faults, Kept, record, write_variant};
use goodword::book::{Final, Settlement};
use goodword::reward::{Part, Value};
use serde_json::Value as Json;

record! {
    /// `settled/{p}/{slot}`: the outcome of what can be rewarded once.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct SlotRecord {
        /// For which order.
        pub order: String,
        /// To which advocate.
        pub code: String,
        /// When, in milliseconds since 1970.
        pub at_ms: i64,
        /// Its rewards.
        pub finals: Vec<FinalRecord>,
    }
}

/// `book/…/settled`: what became of an order when it was due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SettledRecord {
    /// Its rewards are final.
    Confirmed(Vec<FinalRecord>),
    /// It earns nothing, for this reason.
    Declined(String),
}

impl Kept for SettledRecord {
    fn from_json(found: Option<&Json>, faults: &mut Faults) -> Self {
        match faults.variant(found) {
            ("confirmed", finals) => SettledRecord::Confirmed(Kept::from_json(finals, faults)),
            ("declined", reason) => SettledRecord::Declined(Kept::from_json(reason, faults)),
            _ => SettledRecord::Declined(faults.or_empty(None)),
        }
    }

    fn write_json(&self, text: &mut String) {
        match self {
            SettledRecord::Confirmed(finals) => write_variant(text, "confirmed", finals),
            SettledRecord::Declined(reason) => write_variant(text, "declined", reason),
        }
    }
}

impl SettledRecord {
    /// The outcome as the rules have it.
    #[must_use]
    pub fn settlement(&self) -> Settlement {
        match self {
            SettledRecord::Declined(_) => Settlement::Declined,
            SettledRecord::Confirmed(finals) => {
                Settlement::Confirmed(finals.iter().filter_map(FinalRecord::read).collect())
            }
        }
    }
}

record! {
    /// A reward as it was settled.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct FinalRecord {
        /// `advocate`, `friend` or `inviter`.
        pub part: String,
        /// Which friend in number.
        pub rank: u32,
        /// The advocate's group then.
        pub group: Option<String>,
        /// How much.
        pub value: ValueRecord,
        /// Whether a cap took some or all of it.
        pub capped: bool,
    }
}

/// An amount of what a reward gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ValueRecord {
    /// Money.
    Money(MoneyRecord),
    /// Points.
    Points(i64),
    /// Units of the product.
    Units(i64, String),
    /// Something without an amount.
    Label(String),
}

impl Kept for ValueRecord {
    fn from_json(found: Option<&Json>, faults: &mut Faults) -> Self {
        match faults.variant(found) {
            ("money", amount) => ValueRecord::Money(Kept::from_json(amount, faults)),
            ("points", amount) => ValueRecord::Points(Kept::from_json(amount, faults)),
            ("units", amount) => {
                let (amount, unit) = Kept::from_json(amount, faults);
                ValueRecord::Units(amount, unit)
            }
            ("label", label) => ValueRecord::Label(Kept::from_json(label, faults)),
            _ => ValueRecord::Points(faults.or_empty(None)),
        }
    }

    fn write_json(&self, text: &mut String) {
        match self {
            ValueRecord::Money(money) => write_variant(text, "money", money),
            ValueRecord::Points(amount) => write_variant(text, "points", amount),
            ValueRecord::Units(amount, unit) => {
                write_variant(text, "units", &(*amount, unit.clone()))
            }
            ValueRecord::Label(label) => write_variant(text, "label", label),
        }
    }
}

impl ValueRecord {
    /// An amount as a record.
    #[must_use]
    pub fn new(value: &Value) -> Self {
        match value {
            Value::Money(money) => ValueRecord::Money((*money).into()),
            Value::Points(amount) => ValueRecord::Points(*amount),
            Value::Units { amount, unit } => ValueRecord::Units(*amount, unit.clone()),
            Value::Label(label) => ValueRecord::Label(label.clone()),
        }
    }

    /// The amount as the rules have it.
    #[must_use]
    pub fn read(&self) -> Option<Value> {
        Some(match self {
            ValueRecord::Money(money) => Value::Money(money.money()?),
            ValueRecord::Points(amount) => Value::Points(*amount),
            ValueRecord::Units(amount, unit) => {
                Value::Units { amount: *amount, unit: unit.clone() }
            }
            ValueRecord::Label(label) => Value::Label(label.clone()),
        })
    }
}

fn part_text(part: Part) -> &'static str {
    match part {
        Part::Advocate => "advocate",
        Part::Friend => "friend",
        Part::Inviter => "inviter",
    }
}

impl FinalRecord {
    /// A settled reward as a record.
    #[must_use]
    pub fn new(settled: &Final) -> Self {
        FinalRecord {
            part: part_text(settled.part).to_owned(),
            rank: settled.rank,
            group: settled.group.clone(),
            value: ValueRecord::new(&settled.value),
            capped: settled.capped,
        }
    }

    fn read(&self) -> Option<Final> {
        let parts = [Part::Advocate, Part::Friend, Part::Inviter];
        let part = parts.into_iter().find(|part| part_text(*part) == self.part)?;
        let value = self.value.read()?;
        Some(Final { part, rank: self.rank, group: self.group.clone(), value, capped: self.capped })
    }
}
