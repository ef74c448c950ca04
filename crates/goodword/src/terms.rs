//! What a program promises. [`Terms`] are plain data as an owner writes
//! them; a [`Program`] is terms that were found good, and cannot exist
//! otherwise. A refusal lists every fault at once, each with its place.

mod check;
mod history;
mod reward_terms;

pub use check::Fault;
pub use history::TermsHistory;
pub use reward_terms::{Gives, RewardTerms, Worth};

use crate::experiment::Experiment;
use crate::key::ProgramId;
use crate::money::Currency;
use crate::time::Instant;
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Deref;

/// Terms that were checked. Read them through the dereference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program(Terms);

impl Program {
    /// Checks terms. Refuses with every fault there is.
    ///
    /// # Errors
    /// The faults, in the order in which the terms are written.
    pub fn new(terms: Terms) -> Result<Self, Vec<Fault>> {
        let faults = check::faults_of(&terms);
        if faults.is_empty() { Ok(Program(terms)) } else { Err(faults) }
    }

    /// Whether orders and clicks count at this instant.
    #[must_use]
    pub fn is_running_at(&self, instant: Instant) -> bool {
        let has_begun = self.starts_at.is_none_or(|starts_at| starts_at <= instant);
        self.status == Status::Active && has_begun && !self.has_ended_at(instant)
    }

    /// The advocate's reward for someone with these draws: that of the first
    /// experiment whose variant changes it, or everybody's.
    #[must_use]
    pub fn advocate_reward_for(&self, draws: &[Draw]) -> &[Step] {
        let changed = self.changes_for(draws).find_map(|change| change.advocate_reward.as_deref());
        changed.unwrap_or(&self.advocate_reward)
    }

    /// The friend's reward for the friends of someone with these draws.
    #[must_use]
    pub fn friend_reward_for(&self, draws: &[Draw]) -> Option<&RewardTerms> {
        let changed = self.changes_for(draws).find_map(|change| change.friend_reward.as_ref());
        changed.or(self.friend_reward.as_ref())
    }

    /// The variants that someone with these draws has: experiment and place
    /// of the variant in it.
    pub fn variants_for<'a, 'd>(
        &'a self,
        draws: &'d [Draw],
    ) -> impl Iterator<Item = (&'a Trial, usize)> + use<'a, 'd> {
        self.experiments.iter().filter_map(move |trial| {
            let experiment = &trial.experiment;
            let draw = draws.iter().find(|draw| draw.experiment == experiment.id)?;
            let variant = experiment.assign(draw.bits)?;
            let place = experiment.variants.iter().position(|other| other.id == variant.id)?;
            Some((trial, place))
        })
    }

    fn changes_for<'a, 'd>(
        &'a self,
        draws: &'d [Draw],
    ) -> impl Iterator<Item = &'a Change> + use<'a, 'd> {
        self.variants_for(draws).filter_map(|(trial, place)| trial.changes.get(place))
    }

    /// Whether the program's end has passed.
    #[must_use]
    pub fn has_ended_at(&self, instant: Instant) -> bool {
        self.ends_at.is_some_and(|ends_at| ends_at <= instant)
    }
}

impl Deref for Program {
    type Target = Terms;
    fn deref(&self) -> &Terms {
        &self.0
    }
}

/// A program's terms, as an owner writes them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    /// The program's id.
    pub id: ProgramId,
    /// Its name, shown to people.
    pub name: String,
    /// Whether it runs.
    pub status: Status,
    /// From when it runs; `None`: from the first day.
    pub starts_at: Option<Instant>,
    /// When it ends (exclusive); `None`: never.
    pub ends_at: Option<Instant>,
    /// Where links lead.
    pub destination: String,
    /// Origins of pages that may speak for the program, exactly as browsers
    /// spell them.
    pub origins: Vec<String>,
    /// The currency of every amount here.
    pub currency: Currency,
    /// Languages the owner offers, the first being the default.
    pub locales: Vec<String>,
    /// Channels of the share panel, in order.
    pub channels: Vec<String>,
    /// How an order finds its advocate.
    pub attribution: AttributionTerms,
    /// Which orders earn.
    pub qualifies: Qualifies,
    /// Days before a reward becomes final.
    pub hold_days: u32,
    /// The advocate's reward, by how many friends came; empty: none.
    pub advocate_reward: Vec<Step>,
    /// The friend's reward.
    pub friend_reward: Option<RewardTerms>,
    /// What an advocate's own inviter gets for each of the advocate's friends.
    pub second_level: Option<RewardTerms>,
    /// Rewards for a number of friends reached.
    pub milestones: Vec<Milestone>,
    /// Bounds on what one advocate's friends can earn.
    pub caps: Vec<Cap>,
    /// Weeks in which rewards are multiplied.
    pub boosts: Vec<Boost>,
    /// Groups of advocates whose rewards are multiplied.
    pub groups: Vec<Group>,
    /// What is blocked and what a person looks at.
    pub fraud: Fraud,
    /// What is tried on some advocates.
    pub experiments: Vec<Trial>,
}

/// An experiment, and what each of its variants changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trial {
    /// The experiment.
    pub experiment: Experiment,
    /// What its variants change, in their sequence.
    pub changes: Vec<Change>,
}

/// What a variant changes; `None`: as everybody.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// The advocate's reward.
    pub advocate_reward: Option<Vec<Step>>,
    /// The friend's reward.
    pub friend_reward: Option<RewardTerms>,
}

/// An advocate's draw in an experiment: its id, and 64 bits by keyed hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draw {
    /// The experiment.
    pub experiment: String,
    /// The bits.
    pub bits: u64,
}

/// Whether a program runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It runs between its start and its end.
    Active,
    /// It stands still: links lead to the shop, nothing is earned.
    Paused,
}

/// How an order finds its advocate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AttributionTerms {
    /// Which of several clicks counts.
    pub model: Model,
    /// Days a claim counts.
    pub window_days: u32,
    /// Whether a typed code goes before a claim.
    pub typed_code: TypedCode,
}

/// Which of several clicks counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Model {
    /// The earliest within the window.
    FirstClick,
    /// The latest within the window.
    LastClick,
}

/// What a typed code does against a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TypedCode {
    /// It goes before a claim.
    Wins,
    /// It counts only where no claim does.
    Loses,
}

/// What kind of act an order is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Somebody paid.
    Purchase,
    /// Somebody signed up; it may have no value.
    Signup,
}

/// Which orders earn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Qualifies {
    /// The act that counts.
    pub kind: Kind,
    /// Which of a friend's acts count.
    pub which: Which,
    /// Least value of an order, in minor units.
    pub minimum_minor: i64,
    /// Whether customers from before are excluded.
    pub new_customers_only: bool,
    /// Products or categories that count; empty: all.
    pub products: Vec<String>,
}

/// Which of a friend's acts count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// The first only.
    First,
    /// Every one.
    Every,
    /// Every one within so many calendar months of the first attributed.
    Months(u32),
}

/// One rung of a ladder: this reward from friend number `from` on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The first friend it is for, counted from 1.
    pub from: u32,
    /// What the advocate gets.
    pub reward: RewardTerms,
}

/// A reward for a number of friends reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Milestone {
    /// That number.
    pub at: u32,
    /// What the advocate gets.
    pub reward: RewardTerms,
}

/// Who a reward is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// The one who recommended.
    Advocate,
    /// The one recommended.
    Friend,
}

/// A bound on the rewards of one advocate's friends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cap {
    /// Whose rewards it bounds.
    pub side: Side,
    /// Over what time.
    pub period: Period,
    /// By how much.
    pub most: Most,
}

/// Over what time a cap counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    /// A calendar month in UTC.
    Month,
    /// All time.
    Total,
}

/// By how much a cap bounds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Most {
    /// A number of rewards.
    Count(u32),
    /// A sum of money, in minor units of the program's currency.
    Minor(i64),
    /// A sum of units of one kind, or of points where `unit` is `None`.
    Units {
        /// How many.
        amount: i64,
        /// Of what.
        unit: Option<String>,
    },
}

/// A time in which rewards are multiplied: from `from` until before `to`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Boost {
    /// Its first instant.
    pub from: Instant,
    /// The first instant after it.
    pub to: Instant,
    /// Whose rewards.
    pub side: Side,
    /// The factor in basis points (20,000 doubles).
    pub factor_bp: u32,
}

/// A group of advocates whose rewards are multiplied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Its name, as identity tokens carry it.
    pub name: String,
    /// The factor in basis points.
    pub factor_bp: u32,
}

/// What is blocked, and what is held for a person to look at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fraud {
    /// Rules that make an order earn nothing.
    pub block: Vec<Block>,
    /// Rules that hold an order's rewards until a person decides.
    pub review: Review,
}

impl Fraud {
    /// Whether a rule is on.
    #[must_use]
    pub fn blocks(&self, rule: Block) -> bool {
        self.block.contains(&rule)
    }
}

/// A rule that makes an order earn nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Block {
    /// The advocate buying through their own code.
    SelfReferral,
    /// The same, known by e-mail address.
    SameEmail,
    /// A customer from before.
    ExistingCustomer,
    /// A friend another advocate brought already.
    AlreadyReferred,
}

/// Thresholds beyond which a person looks at an order; `None`: off.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Review {
    /// More orders than this of one address-and-agent bucket in 7 days.
    pub bucket_orders_7d: Option<u32>,
    /// More orders than this of one code in a day.
    pub code_orders_1d: Option<u32>,
    /// Worth more than this many times the median of the code's orders.
    pub value_over_median: Option<u32>,
    /// Fewer seconds than this between click and order.
    pub seconds_after_click: Option<u32>,
    /// An address of a disposable mail service.
    pub disposable_mail: bool,
}

impl Review {
    /// Whether no rule is on.
    #[must_use]
    pub fn is_off(&self) -> bool {
        *self == Review::default()
    }
}
