//! Counts tests in what test programs write: cargo's and Node's.
//!
//! A step without tests of its own counts as one, and so does a step that fails without having
//! named a failed test.

use anyhow::Result;

/// How many held and how many did not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub passed: u64,
    pub failed: u64,
}

impl Tally {
    /// Takes in a line of a test program.
    pub fn read(&mut self, line: &str) {
        if let Some(rest) = line.trim().strip_prefix("test result: ") {
            self.passed += before(rest, " passed");
            self.failed += before(rest, " failed");
        } else if let Some(rest) = line.trim().strip_prefix("ℹ ") {
            let count = |word: &str| rest.strip_prefix(word).and_then(|n| n.trim().parse().ok());
            self.passed += count("pass ").unwrap_or(0);
            self.failed += count("fail ").or_else(|| count("cancelled ")).unwrap_or(0);
        }
    }

    /// What a step comes to, given how it ended.
    pub fn of_step(self, outcome: &Result<()>) -> Self {
        let mut whole = self;
        match outcome {
            Err(_) if self.failed == 0 => whole.failed = 1,
            Ok(()) if self == Self::default() => whole.passed = 1,
            _ => {}
        }
        whole
    }

    /// Both together.
    pub fn plus(self, other: Self) -> Self {
        Self { passed: self.passed + other.passed, failed: self.failed + other.failed }
    }
}

/// The number that stands before a word.
fn before(text: &str, word: &str) -> u64 {
    let number = text.split_once(word).and_then(|(head, _)| head.rsplit(' ').next());
    number.and_then(|digits| digits.parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use anyhow::anyhow;

    use super::*;

    fn check(lines: &[&str], passed: u64, failed: u64) {
        let mut tally = Tally::default();
        lines.iter().for_each(|line| tally.read(line));
        assert_eq!(tally, Tally { passed, failed }, "{lines:?}");
    }

    #[test]
    fn tests_are_counted() {
        check(&[], 0, 0);
        check(&["test result: ok. 12 passed; 0 failed; 0 ignored; 0 measured"], 12, 0);
        check(&["test result: FAILED. 3 passed; 1 failed; 0 ignored", "other"], 3, 1);
        check(&["ℹ tests 5", "ℹ pass 3", "ℹ fail 1", "ℹ cancelled 1", "ℹ skipped 0"], 3, 2);
        check(&["test result: ok. 1 passed; 0 failed", "ℹ pass 2", "ℹ fail 0"], 3, 0);
        check(&["  ✔ pass 12 (3ms)", "12 passed"], 0, 0);
    }

    #[test]
    fn a_step_always_counts() {
        let of = |passed, failed, outcome: Result<()>| {
            let whole = Tally { passed, failed }.of_step(&outcome);
            (whole.passed, whole.failed)
        };
        assert_eq!(of(0, 0, Ok(())), (1, 0));
        assert_eq!(of(5, 0, Ok(())), (5, 0));
        assert_eq!(of(0, 0, Err(anyhow!("no"))), (0, 1));
        assert_eq!(of(5, 0, Err(anyhow!("no"))), (5, 1));
        assert_eq!(of(5, 2, Err(anyhow!("no"))), (5, 2));
    }
}
