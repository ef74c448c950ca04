//! A program's terms over time. The terms in force when an order occurred
//! apply to it for ever, so every version is kept.

use super::Program;
use crate::sorted;
use crate::time::Instant;
use alloc::vec::Vec;

/// Versions of one program, each from some instant on. Never empty.
#[derive(Clone, Debug)]
pub struct TermsHistory {
    earliest: Program,
    /// Later versions with their beginnings, sorted by them.
    later: Vec<(Instant, Program)>,
}

impl TermsHistory {
    /// A history of these versions, in any order; `None` when there is none.
    /// The earliest also applies to whatever occurred before it: an owner
    /// may report orders from before the program was written down.
    #[must_use]
    pub fn new(mut versions: Vec<(Instant, Program)>) -> Option<Self> {
        sorted::sort_by_key(&mut versions, |(from, _)| *from);
        let mut versions = versions.into_iter();
        let (_, earliest) = versions.next()?;
        Some(TermsHistory { earliest, later: versions.collect() })
    }

    /// All versions.
    pub fn all(&self) -> impl Iterator<Item = &Program> {
        core::iter::once(&self.earliest).chain(self.later.iter().map(|(_, program)| program))
    }

    /// Since when something that holds of the newest terms has held without a
    /// break; `None` where it always has.
    pub fn since(&self, holds: impl Fn(&Program) -> bool) -> Option<Instant> {
        let mut since = None;
        let mut held = holds(&self.earliest);
        for (from, program) in &self.later {
            let holds = holds(program);
            if holds && !held {
                since = Some(*from);
            }
            held = holds;
        }
        since.filter(|_| held)
    }

    /// The terms in force at an instant.
    #[must_use]
    pub fn at(&self, instant: Instant) -> &Program {
        let in_force = self.later.iter().rev().find(|(from, _)| *from <= instant);
        in_force.map_or(&self.earliest, |(_, program)| program)
    }
}
