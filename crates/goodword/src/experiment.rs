//! Experiments: which advocate gets which variant, and whether a variant
//! does better.
//!
//! 1. [`Experiment`]: variants and their weights; [`faults_of`] says which
//!    experiments are good.
//! 2. [`Experiment::assign`]: the variant of an advocate, from 64 bits that
//!    the caller derives by keyed hash.
//! 3. [`Experiment::compare`]: each variant against the first, with an
//!    interval and a verdict that may be looked at after every order.
//!
//! What a variant changes, and the hashing, are left to others. The floats
//! here are probabilities; no money is near them. Logarithms and the gamma
//! function are those of `libm`, so that every platform tells the same.

mod arm;
mod assignment;
#[cfg(test)]
mod calibration;
mod check;
mod comparison;
mod mixture;

pub use arm::Arm;
pub use check::{EXPERIMENTS_MAX, VARIANTS_MAX, WEIGHT_MAX, faults_of};
pub use comparison::{Comparison, ERROR_RATE, Verdict};
pub use mixture::Interval;

use alloc::string::String;
use alloc::vec::Vec;

/// A trial of several variants. The first is what the others are compared
/// with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Experiment {
    /// Its name. Part of what is hashed, so that experiments that run at the
    /// same time assign independently of each other.
    pub id: String,
    /// Its variants, in the sequence in which they were added.
    pub variants: Vec<Variant>,
}

/// One of the things tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variant {
    /// Its name.
    pub id: String,
    /// Its part of the advocates, in proportion to the sum of all weights.
    pub weight: u32,
}

impl Experiment {
    /// The place of a variant, counted from 1, as metrics count it; 0 when
    /// there is none of this name.
    #[must_use]
    pub fn number_of(&self, variant: &str) -> u16 {
        let index = self.variants.iter().position(|of| of.id == variant);
        index.and_then(|index| u16::try_from(index + 1).ok()).unwrap_or(0)
    }
}
