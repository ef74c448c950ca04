//! The levels a scenario runs at, and what each must be able to do. A level
//! knows persons, orders and refunds by the names of the scenario.

pub mod handlers;
pub mod live;
pub mod rules;
pub mod shop;

use crate::ledger::Line;
use crate::scenario::{
    Answer, Click, Decision, Enrolment, Evidence, Order, Refund, Scenario, What,
};
use goodword::time::{DAY_MS, Instant};
use serde_json::Value;

/// Something a scenario can run against. An error is a level that could not
/// go on, in words for a person.
pub trait Level {
    /// Puts a program's terms, which apply from now on.
    ///
    /// # Errors
    /// That they were refused.
    fn put_program(&mut self, now: Instant, document: &Value) -> Result<(), String>;

    /// Makes somebody an advocate.
    ///
    /// # Errors
    /// That they were refused.
    fn enrol(&mut self, now: Instant, enrolment: &Enrolment) -> Result<(), String>;

    /// Follows a link; says whether a claim came of it.
    ///
    /// # Errors
    /// That it led nowhere.
    fn click(&mut self, now: Instant, click: &Click) -> Result<bool, String>;

    /// Reports an order that occurred at `at`.
    ///
    /// # Errors
    /// That it was refused.
    fn order(&mut self, now: Instant, at: Instant, order: &Order) -> Result<Told, String>;

    /// Reports an order from a page.
    ///
    /// # Errors
    /// That it was refused.
    fn page(
        &mut self,
        now: Instant,
        order: &str,
        friend: &str,
        evidence: &Evidence,
    ) -> Result<(), String>;

    /// Reports a refund; says whether it was taken rather than found to
    /// conflict.
    ///
    /// # Errors
    /// That it was refused for another reason.
    fn refund(&mut self, now: Instant, at: Instant, refund: &Refund) -> Result<bool, String>;

    /// Settles what is due; says how many orders.
    ///
    /// # Errors
    /// That it failed.
    fn settle(&mut self, now: Instant) -> Result<u64, String>;

    /// Blocks an advocate.
    ///
    /// # Errors
    /// That there is none.
    fn block(&mut self, now: Instant, advocate: &str) -> Result<(), String>;

    /// Takes an owner's decision about an order that is held.
    ///
    /// # Errors
    /// That it is not.
    fn review(&mut self, now: Instant, order: &str, is_accepted: bool) -> Result<(), String>;

    /// Takes an owner's decision about a reward.
    ///
    /// # Errors
    /// That there is no such reward, or it cannot be decided about.
    fn decide(&mut self, now: Instant, decision: &Decision) -> Result<(), String>;

    /// All rewards there are.
    ///
    /// # Errors
    /// That they could not be read.
    fn ledger(&mut self, now: Instant) -> Result<Vec<Line>, String>;
}

/// What an order was answered with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// The decision.
    pub answer: Answer,
    /// Whether it is a replay with the first answer.
    pub is_same: bool,
}

/// Longest time between a live scenario's first and last moment: a claim may
/// be clicked up to ten minutes after its order, and a live tracker's clock
/// stands at the end of the scenario all the time.
const LIVE_MS: i64 = 9 * 60_000;

/// Which level it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// The rules alone.
    Rules,
    /// The tracker's handlers with a store in memory.
    Handlers,
    /// A running tracker.
    Live,
}

impl Which {
    /// Whether a scenario can run here. `document` is its program.
    #[must_use]
    pub fn can_run(self, scenario: &Scenario, document: &Value) -> bool {
        let says = |is: fn(&What) -> bool| scenario.steps.iter().any(|step| is(&step.what));
        let changes = says(|what| matches!(what, What::Terms(..)));
        match self {
            Which::Rules | Which::Handlers => true,
            Which::Live => !changes && is_short(scenario) && has_no_dates(document),
        }
    }
}

fn is_short(scenario: &Scenario) -> bool {
    let dated = || scenario.steps.iter().filter(|step| step.is_dated).map(|step| step.at.0);
    let (first, last) = (dated().min().unwrap_or(0), dated().max().unwrap_or(0));
    let is_one_day = first.div_euclid(DAY_MS) == last.div_euclid(DAY_MS);
    is_one_day && last - first <= LIVE_MS
}

fn has_no_dates(document: &Value) -> bool {
    let is_null = |name| document.get(name).is_none_or(Value::is_null);
    let boosts = document.get("boosts").and_then(Value::as_array);
    // How long after a click an order comes is for the clock to say.
    let review = document.pointer("/fraud/review/seconds_after_click");
    review.is_none()
        && is_null("starts_at")
        && is_null("ends_at")
        && boosts.is_none_or(Vec::is_empty)
}
