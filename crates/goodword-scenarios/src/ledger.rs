//! What everybody has, as a scenario states it and as a level finds it: one
//! line a reward, compared as sets.

use crate::moment;
use crate::scenario::Earned;
use goodword::time::Instant;
use std::collections::BTreeSet;
use std::fmt;

/// A ledger, as a scenario states it.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    /// The rewards that must be there.
    pub lines: Vec<Line>,
    /// Whether there may be others.
    pub is_partial: bool,
}

/// One reward, in words that a scenario and an answer have in common.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Line {
    /// Who gets it: an advocate's name, or the name of an order's buyer.
    pub who: String,
    /// What it gives and how much, such as `credit 10.00 EUR`.
    pub what: String,
    /// Where it stands.
    pub status: String,
    /// Whether a cap took some or all of it.
    pub capped: bool,
    /// Whether it is for a friend of somebody they invited.
    pub second_level: bool,
    /// What it is for.
    pub of: Earned,
    /// When it is due; `None` where a scenario does not say.
    pub due: Option<Instant>,
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Line { who, what, status, capped, second_level, of, due } = self;
        let capped = if *capped { " capped" } else { "" };
        let level = if *second_level { " at the second level" } else { "" };
        write!(f, "{who} gets {what} {status}{capped}{level} for {of}")?;
        due.map_or(Ok(()), |due| write!(f, ", due {}", moment::shown(due)))
    }
}

impl Line {
    fn without_due(&self) -> Line {
        Line { due: None, ..self.clone() }
    }
}

/// What differs; `None` when nothing does. `found` has every due date.
#[must_use]
pub fn difference(expected: &Ledger, found: &[Line]) -> Option<(String, String)> {
    let with_due: BTreeSet<&Line> = found.iter().collect();
    let without: BTreeSet<Line> = found.iter().map(Line::without_due).collect();
    let is_there = |line: &&Line| {
        if line.due.is_some() { with_due.contains(line) } else { without.contains(*line) }
    };
    let missing: Vec<&Line> = expected.lines.iter().filter(|line| !is_there(line)).collect();
    let stated: BTreeSet<Line> = expected.lines.iter().map(Line::without_due).collect();
    let surplus: Vec<&Line> = found
        .iter()
        .filter(|line| !expected.is_partial && !stated.contains(&line.without_due()))
        .collect();
    let is_twice = with_due.len() != found.len();
    if missing.is_empty() && surplus.is_empty() && !is_twice {
        return None;
    }
    let shown = |lines: Vec<&Line>, none: &str| match lines.as_slice() {
        [] => none.to_owned(),
        lines => lines.iter().map(|line| format!("\n      {line}")).collect(),
    };
    let near = if surplus.is_empty() { found.iter().collect() } else { surplus };
    Some((shown(missing, "nothing else"), shown(near, "nothing")))
}
