//! Walks through a scenario on a level and compares.

use crate::ledger::{Ledger, Line, difference};
use crate::levels::{Level, Told};
use crate::moment;
use crate::programs::{check, set};
use crate::report::Failure;
use crate::scenario::{Answer, Earned, Order, Scenario, Step, What};
use goodword::key::ProgramId;
use serde_json::Value;
use std::collections::BTreeMap;

/// Runs a scenario under a program's terms.
///
/// # Errors
/// The first expectation that is not met.
pub fn run(
    level: &mut dyn Level,
    scenario: &Scenario,
    document: &Value,
    id: &ProgramId,
) -> Result<(), Failure> {
    level.put_program(moment::BEGINNING, document).map_err(|found| Failure {
        place: scenario.place.clone(),
        title: scenario.title.clone(),
        expected: "a program".to_owned(),
        found,
    })?;
    let mut walk = Walk { level, document: document.clone(), id, buyers: BTreeMap::new() };
    for step in &scenario.steps {
        walk.step(step).map_err(|(expected, found)| Failure {
            place: step.place.clone(),
            title: scenario.title.clone(),
            expected,
            found,
        })?;
    }
    Ok(())
}

/// What was expected, and what was found.
type Mismatch = (String, String);

struct Walk<'a> {
    level: &'a mut dyn Level,
    document: Value,
    id: &'a ProgramId,
    /// Who made which order.
    buyers: BTreeMap<String, String>,
}

impl Walk<'_> {
    fn step(&mut self, step: &Step) -> Result<(), Mismatch> {
        let broken = |fault: String| ("this to go on".to_owned(), fault);
        let (now, at) = (step.now, step.at);
        match &step.what {
            What::Enrol(enrolment) => self.level.enrol(now, enrolment).map_err(broken),
            What::Click(click) => {
                let has_claim = self.level.click(now, click).map_err(broken)?;
                let shown = |has: bool| if has { "a claim" } else { "no claim" };
                equal(shown(click.expects_claim), shown(has_claim))
            }
            What::Order(order) => {
                let told = self.level.order(now, at, order).map_err(broken)?;
                self.buyers.entry(order.id.clone()).or_insert_with(|| order.friend.clone());
                answered(order, &told)
            }
            What::Page { order, friend, evidence } => {
                self.level.page(now, order, friend, evidence).map_err(broken)
            }
            What::Refund(refund) => {
                let is_taken = self.level.refund(now, at, refund).map_err(broken)?;
                let shown = |is_taken: bool| if is_taken { "recorded" } else { "conflict" };
                equal(shown(!refund.expects_conflict), shown(is_taken))
            }
            What::Settle { expected } => {
                let settled = self.level.settle(now).map_err(broken)?;
                let expected = expected.unwrap_or(settled);
                equal(&format!("{expected} settled"), &format!("{settled} settled"))
            }
            What::Terms(path, value) => {
                set(&mut self.document, path, value.clone()).map_err(broken)?;
                check(&self.document, self.id).map_err(broken)?;
                self.level.put_program(now, &self.document).map_err(broken)
            }
            What::Block(advocate) => self.level.block(now, advocate).map_err(broken),
            What::Review { order, is_accepted } => {
                self.level.review(now, order, *is_accepted).map_err(broken)
            }
            What::Decide(decision) => self.level.decide(now, decision).map_err(broken),
            What::Ledger(ledger) => {
                let found = self.level.ledger(now).map_err(broken)?;
                let found: Vec<Line> = found.into_iter().map(|line| self.named(line)).collect();
                let lines = ledger.lines.iter().map(|line| self.named(line.clone())).collect();
                let expected = Ledger { lines, is_partial: ledger.is_partial };
                difference(&expected, &found).map_or(Ok(()), Err)
            }
        }
    }

    /// A line that names nobody is about the buyer of its order.
    fn named(&self, line: Line) -> Line {
        match &line.of {
            Earned::Order(id) if line.who.is_empty() => {
                let who = self.buyers.get(id).cloned().unwrap_or_default();
                Line { who, ..line }
            }
            _ => line,
        }
    }
}

fn answered(order: &Order, told: &Told) -> Result<(), Mismatch> {
    match &order.expected {
        None => Ok(()),
        Some(Answer::Same) => {
            let found = if told.is_same { Answer::Same } else { told.answer.clone() };
            equal(&Answer::Same.to_string(), &found.to_string())
        }
        Some(expected) => equal(&expected.to_string(), &told.answer.to_string()),
    }
}

fn equal(expected: &str, found: &str) -> Result<(), Mismatch> {
    if expected == found { Ok(()) } else { Err((expected.to_owned(), found.to_owned())) }
}
