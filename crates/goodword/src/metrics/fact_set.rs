//! A set of facts: what was given twice is there once.

use super::fact::{Fact, FactId};
use alloc::collections::BTreeMap;

/// Facts by identity. Neither the sequence in which they were put in nor how
/// often makes a difference.
///
/// Two versions of one fact cannot both be right; which is, only the reader
/// of the store knows. The greater one is kept, so that the result is at
/// least always the same.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FactSet(BTreeMap<FactId, Fact>);

impl FactSet {
    /// Puts a fact in.
    pub fn insert(&mut self, fact: Fact) {
        let kept = self.0.entry(fact.id()).or_insert(fact);
        *kept = (*kept).max(fact);
    }

    /// The facts, each once.
    pub fn iter(&self) -> impl Iterator<Item = &Fact> {
        self.0.values()
    }
}

impl FromIterator<Fact> for FactSet {
    fn from_iter<I: IntoIterator<Item = Fact>>(facts: I) -> Self {
        let mut set = FactSet::default();
        set.extend(facts);
        set
    }
}

impl Extend<Fact> for FactSet {
    fn extend<I: IntoIterator<Item = Fact>>(&mut self, facts: I) {
        facts.into_iter().for_each(|fact| self.insert(fact));
    }
}
