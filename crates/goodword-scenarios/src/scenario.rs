//! What a scenario says, once it is read. Persons, orders and refunds go by
//! the names the scenario gives them.

use crate::ledger::Ledger;
use goodword::money::Money;
use goodword::time::Instant;
use serde_json::Value;
use std::fmt;

/// Where something is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file's name.
    pub file: String,
    /// The line, counted from 1.
    pub line: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

/// One scenario: a program, and what happens.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// Its heading line.
    pub place: Place,
    /// What it shows.
    pub title: String,
    /// The program it starts from: a file in `programs/`.
    pub program: String,
    /// What is different here, as paths and values.
    pub with: Vec<(String, Value)>,
    /// What happens, in the sequence in which the tracker hears of it.
    pub steps: Vec<Step>,
}

/// One line of a scenario.
#[derive(Clone, Debug)]
pub struct Step {
    /// Where it is written.
    pub place: Place,
    /// When it happened.
    pub at: Instant,
    /// When the tracker hears of it: then, or later.
    pub now: Instant,
    /// Whether the line names its moment.
    pub is_dated: bool,
    /// The line.
    pub what: What,
}

/// What a line says.
#[derive(Clone, Debug)]
pub enum What {
    /// Somebody becomes an advocate.
    Enrol(Enrolment),
    /// A friend follows a link.
    Click(Click),
    /// The shop's server reports an order.
    Order(Box<Order>),
    /// A page reports an order, without proof.
    Page {
        /// The shop's id of the order.
        order: String,
        /// Whose page.
        friend: String,
        /// What it says.
        evidence: Evidence,
    },
    /// The shop's server reports a refund.
    Refund(Refund),
    /// Settlement runs.
    Settle {
        /// How many orders it must settle, where the line says so.
        expected: Option<u64>,
    },
    /// The owner changes the terms.
    Terms(String, Value),
    /// The owner blocks an advocate.
    Block(String),
    /// The owner decides about an order that is held for a person.
    Review {
        /// The shop's id of the order.
        order: String,
        /// Whether it may earn.
        is_accepted: bool,
    },
    /// The owner decides about a reward.
    Decide(Decision),
    /// What everybody has by now.
    Ledger(Ledger),
}

/// Somebody becomes an advocate.
#[derive(Clone, Debug)]
pub struct Enrolment {
    /// Who; also the shop's id of them.
    pub name: String,
    /// Their group.
    pub group: Option<String>,
    /// Their e-mail address.
    pub email: Option<String>,
    /// Whether they are known by their address only.
    pub by_email_only: bool,
    /// Whose claim they bring, if they were somebody's friend before.
    pub claim_of: Option<String>,
}

/// A friend follows a link.
#[derive(Clone, Debug)]
pub struct Click {
    /// Who.
    pub friend: String,
    /// Whose link.
    pub advocate: String,
    /// Whether the link leads to the shop itself, whose page asks for the
    /// claim.
    pub is_direct: bool,
    /// Whether it must give a claim.
    pub expects_claim: bool,
}

/// The shop's server reports an order.
#[derive(Clone, Debug)]
pub struct Order {
    /// The shop's id of the order.
    pub id: String,
    /// The shop's id of the customer.
    pub friend: String,
    /// Whether it is a purchase; otherwise a sign-up.
    pub is_purchase: bool,
    /// What was paid.
    pub value: Option<Money>,
    /// The address given.
    pub email: Option<String>,
    /// Whether the shop says this is a customer from before.
    pub existing: bool,
    /// How it points to an advocate.
    pub evidence: Evidence,
    /// What was bought: product, category, price.
    pub lines: Vec<(String, Option<String>, Money)>,
    /// What must be answered.
    pub expected: Option<Answer>,
}

/// How an order points to an advocate.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Evidence {
    /// By claim.
    pub claim: Claim,
    /// By a code that was typed.
    pub typed: Option<Typed>,
}

/// Which claim comes with an order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Claim {
    /// The friend's latest, if they have any.
    #[default]
    Latest,
    /// None.
    Without,
    /// The friend's latest from this advocate's link.
    From(String),
    /// Another friend's latest.
    Of(String),
    /// The friend's latest, altered.
    Tampered,
    /// One for another program of the same owner.
    OtherProgram,
}

/// What was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Typed {
    /// An advocate's code.
    CodeOf(String),
    /// This.
    Text(String),
}

/// What an order or a refund is answered with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Attributed to this advocate, and held for a person by these rules.
    To(String, Vec<String>),
    /// Attributed to nobody, for a reason of the contract.
    Nobody(String),
    /// The order is known with other content.
    Conflict,
    /// The same as the first time.
    Same,
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Answer::To(name, held) if held.is_empty() => write!(f, "attributed to {name}"),
            Answer::To(name, held) => {
                write!(f, "attributed to {name}, held by {}", held.join(" and "))
            }
            Answer::Nobody(reason) => f.write_str(reason),
            Answer::Conflict => f.write_str("conflict"),
            Answer::Same => f.write_str("same answer"),
        }
    }
}

/// The shop's server reports a refund.
#[derive(Clone, Debug)]
pub struct Refund {
    /// The shop's id of the refund.
    pub id: String,
    /// The shop's id of the order.
    pub order: String,
    /// How much.
    pub value: Money,
    /// Whether it must be refused as known with another amount.
    pub expects_conflict: bool,
}

/// The owner decides about a reward of an advocate.
#[derive(Clone, Debug)]
pub struct Decision {
    /// Whether it was handed over; otherwise it is not given.
    pub is_fulfilled: bool,
    /// Whose.
    pub advocate: String,
    /// For what.
    pub of: Earned,
}

/// What a reward is for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Earned {
    /// An order.
    Order(String),
    /// A number of friends reached.
    Friends(u32),
}

impl fmt::Display for Earned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Earned::Order(id) => f.write_str(id),
            Earned::Friends(number) => write!(f, "{number} friends"),
        }
    }
}

impl Scenario {
    /// The last moment it names.
    #[must_use]
    pub fn last(&self) -> Instant {
        let dated = self.steps.iter().filter(|step| step.is_dated).map(|step| step.at);
        dated.max().unwrap_or(crate::moment::BEGINNING)
    }
}
