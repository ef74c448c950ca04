//! Whether a variant does better than the first, and by how much, told so
//! that looking early and often does no harm.
//!
//! # The method
//!
//! Advocates are assigned at random, a known part `w` of two variants' to the
//! one compared. So if both convert alike, each further converting advocate
//! is that variant's with probability `w`, whatever happened before, however
//! long conversions take, and even while rates change from day to day for
//! both alike. If the variant's rate is `r` times the other's, it is its with
//! probability `w r / (w r + 1 - w)`. One probability is left to ask about,
//! and the [mixture](super::mixture) asks it safely at any time: the verdict
//! is wrong, at whatever moment it is read, with probability at most
//! [`ERROR_RATE`].
//!
//! The difference of two rates needs the rate of both together as well. It
//! gets one part in ten of the error and the quotient the rest, which costs
//! next to nothing because the sign is the quotient's alone: interval and
//! verdict always agree. The interval of the difference, unlike the verdict,
//! supposes a rate that does not change: count an advocate only when their
//! time to convert is over ([`Arm::observe`]).
//!
//! Sources: M. Lindon and A. Malek, "Anytime-Valid Inference for Multinomial
//! Count Data", Advances in Neural Information Processing Systems 35 (2022),
//! for comparing rates by the successes alone and for the check of the
//! assignment; R. Johari, P. Koomen, L. Pekelis and D. Walsh, "Always Valid
//! Inference: Continuous Monitoring of A/B Tests", Operations Research 70
//! (2022), for what an experiment owes to those who look early.
//!
//! The price: of advocates who do not convert only the assignment is looked
//! at, which gives away little while rates are small and about half of what
//! was seen when every second converts.

use super::mixture::{Beta, Interval, Seen};
use super::{Arm, Experiment, Variant};
use crate::metrics::Rate;
use alloc::vec::Vec;

/// The probability with which an experiment may ever, at any look, claim a
/// difference where there is none.
pub const ERROR_RATE: f64 = 0.05;

/// The part of the error rate that the rate of both variants together gets.
const RATE_PART: f64 = 0.1;

/// The error rate of the assignment's check: a false alarm stops a good
/// experiment, so it is small.
const ASSIGNMENT_ERROR: f64 = 0.001;

/// How strong an effect to expect: with 20, and equal weights, one standard
/// deviation is a rate 1.6 times the other's. It decides how soon an effect
/// shows, never whether a verdict is safe.
const EFFECT_CONCENTRATION: f64 = 20.0;

/// How wrong an assignment to expect, when it is: by one or two in a hundred.
const ASSIGNMENT_CONCENTRATION: f64 = 1_000.0;

/// What the comparison says. It holds at the moment it is read; more facts
/// may take a verdict back, which makes acting on it no less safe.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// Not enough was seen to say.
    Undecided,
    /// The variant converts more.
    Better,
    /// It converts less.
    Worse,
    /// The advocates are not distributed as the weights say, so something is
    /// wrong with the counting or the assignment, and no number can be
    /// believed.
    Suspect,
}

impl Verdict {
    /// The verdict as reports spell it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Verdict::Undecided => "undecided",
            Verdict::Better => "better",
            Verdict::Worse => "worse",
            Verdict::Suspect => "suspect",
        }
    }
}

/// One variant beside the first.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Comparison {
    /// The first variant's conversion rate.
    pub control: Rate,
    /// This variant's.
    pub variant: Rate,
    /// This variant's rate less the first's; 0.01 is one in a hundred
    /// advocates more.
    pub difference: Interval,
    /// This variant's rate divided by the first's; `high` is infinite until
    /// the first has enough successes.
    pub ratio: Interval,
    /// What follows.
    pub verdict: Verdict,
}

impl Experiment {
    /// Compares each variant with the first. `arms` are in the sequence of
    /// the variants; one that is missing saw nothing. The error is divided
    /// evenly among the comparisons (Bonferroni), so that it bounds the whole
    /// experiment's.
    #[must_use]
    pub fn compare(&self, arms: &[Arm]) -> Vec<Comparison> {
        let Some((first, others)) = self.variants.split_first() else { return Vec::new() };
        let arm = |index: usize| arms.get(index).copied().unwrap_or_default();
        let error = ERROR_RATE / others.len().max(1) as f64;
        let compare = |(index, variant): (usize, &Variant)| {
            let weights = f64::from(variant.weight) + f64::from(first.weight);
            let pair = Pair {
                control: arm(0),
                variant: arm(index + 1),
                weight: f64::from(variant.weight) / weights,
            };
            pair.compare(error)
        };
        others.iter().enumerate().map(compare).collect()
    }
}

/// Two arms, and the variant's part of the advocates of both.
#[derive(Clone, Copy)]
pub(super) struct Pair {
    pub(super) control: Arm,
    pub(super) variant: Arm,
    pub(super) weight: f64,
}

impl Pair {
    pub(super) fn compare(self, error: f64) -> Comparison {
        let part = self.effect().interval(self.successes(), error * (1.0 - RATE_PART));
        let rate = self.overall(error * RATE_PART);
        Comparison {
            control: self.control.rate(),
            variant: self.variant.rate(),
            difference: Interval {
                low: self.difference(part.low, rate.low, rate.high),
                high: self.difference(part.high, rate.high, rate.low),
            },
            ratio: Interval { low: self.ratio(part.low), high: self.ratio(part.high) },
            verdict: self.verdict(error),
        }
    }

    pub(super) fn verdict(self, error: f64) -> Verdict {
        let Pair { control, variant, weight } = self;
        let assigned = Seen { successes: variant.trials, failures: control.trials };
        let assignment = Beta::around(weight, ASSIGNMENT_CONCENTRATION);
        if assignment.evidence_ln(assigned, weight) >= -libm::log(ASSIGNMENT_ERROR) {
            return Verdict::Suspect;
        }
        let bound_ln = -libm::log(error * (1.0 - RATE_PART));
        let seen = self.successes();
        // Where nothing can be computed nothing was decided: weights that no
        // check let in make no number.
        let is_decided = self.effect().evidence_ln(seen, weight) >= bound_ln;
        if !is_decided {
            return Verdict::Undecided;
        }
        let total = seen.successes as f64 + seen.failures as f64;
        if seen.successes as f64 > weight * total { Verdict::Better } else { Verdict::Worse }
    }

    fn effect(self) -> Beta {
        Beta::around(self.weight, EFFECT_CONCENTRATION)
    }

    /// Of all successes, the variant's.
    fn successes(self) -> Seen {
        Seen { successes: self.variant.successes, failures: self.control.successes }
    }

    /// The conversion rate of both arms together.
    fn overall(self, error: f64) -> Interval {
        let successes = self.variant.successes.saturating_add(self.control.successes);
        let trials = self.variant.trials.saturating_add(self.control.trials);
        let seen = Seen { successes, failures: trials.saturating_sub(successes) };
        Beta { successes: 0.5, failures: 0.5 }.interval(seen, error)
    }

    /// The difference of the rates, where the variant has this part of the
    /// successes: per advocate of both arms it is positive or negative by
    /// the part alone, and the overall rate says how much that is. `if_less`
    /// and `if_more` are the overall rates to take in either case.
    fn difference(self, part: f64, if_more: f64, if_less: f64) -> f64 {
        let per_rate = part / self.weight - (1.0 - part) / (1.0 - self.weight);
        let rate = if per_rate >= 0.0 { if_more } else { if_less };
        (per_rate * rate).clamp(-1.0, 1.0)
    }

    fn ratio(self, part: f64) -> f64 {
        if part >= 1.0 {
            return f64::INFINITY;
        }
        part / (1.0 - part) * (1.0 - self.weight) / self.weight
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;

    /// Variants of equal weight; the first saw 100 advocates and no success.
    fn compare(others: &[(u64, u64)]) -> Vec<Comparison> {
        let variants =
            (0..=others.len()).map(|index| Variant { id: format!("v{index}"), weight: 5 });
        let experiment = Experiment { id: "e".into(), variants: variants.collect() };
        let arms = core::iter::once((100, 0)).chain(others.iter().copied());
        let arms: Vec<Arm> = arms.map(|(trials, successes)| Arm { trials, successes }).collect();
        experiment.compare(&arms)
    }

    #[track_caller]
    fn check(others: &[(u64, u64)], expected: &[Verdict]) {
        let found: Vec<Verdict> = compare(others).iter().map(|found| found.verdict).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn verdicts_by_hand() {
        use Verdict::{Better, Suspect, Undecided};
        check(&[(100, 0)], &[Undecided]);
        // With equal weights k successes to none are 2^k times the product of
        // (10 + i) / (20 + i) for i < k likelier than under equal rates: 16.3
        // for 14, 23.1 for 15. One comparison asks for 1 / 0.045 = 22.2.
        check(&[(100, 14)], &[Undecided]);
        check(&[(100, 15)], &[Better]);
        // 33.0 for 16, 47.6 for 17; of two comparisons each asks for 44.4.
        check(&[(100, 16), (100, 0)], &[Undecided, Undecided]);
        check(&[(100, 17), (100, 0)], &[Better, Undecided]);
        check(&[(300, 200)], &[Suspect]);
    }

    #[test]
    fn the_first_may_be_the_better_one() {
        let pair = Pair {
            control: Arm { trials: 100, successes: 15 },
            variant: Arm { trials: 100, successes: 0 },
            weight: 0.5,
        };
        let found = pair.compare(ERROR_RATE);
        assert_eq!(found.verdict, Verdict::Worse);
        assert_eq!((found.control.numerator, found.variant.denominator), (15, 100));
        assert!(found.difference.high < 0.0 && found.ratio.high < 1.0, "{found:?}");
        assert_eq!(found.ratio.low, 0.0);
    }

    #[test]
    fn nothing_seen_says_nothing() {
        let variants = ["a", "b"].map(|id| Variant { id: id.into(), weight: 1 });
        let mut experiment = Experiment { id: "e".into(), variants: variants.into() };
        let found = experiment.compare(&[]);
        let [found] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!(found.verdict, Verdict::Undecided);
        assert_eq!(found.difference, Interval { low: -1.0, high: 1.0 });
        assert_eq!(found.ratio, Interval { low: 0.0, high: f64::INFINITY });
        for weights in [[0, 0], [0, 1], [1, 0]] {
            for (variant, weight) in experiment.variants.iter_mut().zip(weights) {
                variant.weight = weight;
            }
            let arm = Arm { trials: 100, successes: 90 };
            let found = experiment.compare(&[Arm::default(), arm]);
            assert_eq!(found.first().map(|found| found.verdict), Some(Verdict::Undecided));
        }
        experiment.variants.clear();
        assert_eq!(experiment.compare(&[]), []);
    }
}
