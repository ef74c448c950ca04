//! What went wrong, for a person: where it is written, what the scenario
//! shows, what was expected and what was found.

use crate::scenario::{Place, Scenario};
use std::fmt;

/// An expectation that was not met, or a level that could not go on.
#[derive(Clone, Debug)]
pub struct Failure {
    /// The line.
    pub place: Place,
    /// The scenario's heading.
    pub title: String,
    /// What was expected.
    pub expected: String,
    /// What was found.
    pub found: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Failure { place, title, expected, found } = self;
        write!(f, "{place}: scenario: {title}\n    expected: {expected}\n    found:    {found}")
    }
}

/// What one level made of all scenarios.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// How many hold.
    pub passed: usize,
    /// How many this level cannot run.
    pub left_out: usize,
    /// What does not hold.
    pub failures: Vec<Failure>,
}

impl Outcome {
    /// Counts one scenario: whether it ran, or why it does not hold.
    pub fn add(&mut self, result: Result<bool, Failure>) {
        match result {
            Ok(true) => self.passed += 1,
            Ok(false) => self.left_out += 1,
            Err(failure) => self.failures.push(failure),
        }
    }

    /// Both together, in this sequence.
    #[must_use]
    pub fn plus(mut self, other: Outcome) -> Self {
        self.passed += other.passed;
        self.left_out += other.left_out;
        self.failures.extend(other.failures);
        self
    }

    /// One line of counts, and below it every failure.
    #[must_use]
    pub fn told(&self, level: &str, scenarios: &[Scenario]) -> String {
        let mut files: Vec<&str> =
            scenarios.iter().map(|scenario| scenario.place.file.as_str()).collect();
        files.dedup();
        let failures: String =
            self.failures.iter().map(|failure| format!("\n\n{failure}")).collect();
        format!(
            "{} files, {} scenarios, {level}: {} passed, {} failed, {} not for this level{failures}",
            files.len(),
            scenarios.len(),
            self.passed,
            self.failures.len(),
            self.left_out,
        )
    }
}
