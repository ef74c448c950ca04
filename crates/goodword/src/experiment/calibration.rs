//! Whether comparisons keep their promises: experiments by the thousand, from
//! a generator with a fixed seed, each looked at after every 100 advocates.

use super::comparison::{ERROR_RATE, Pair, Verdict};
use super::{Arm, Experiment, Variant};
use alloc::string::ToString;
use alloc::vec;
use alloc::vec::Vec;

/// SplitMix64. Source: G. Steele, D. Lea and C. Flood, "Fast Splittable
/// Pseudorandom Number Generators", OOPSLA 2014.
struct Random(u64);

impl Random {
    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }

    fn happens(&mut self, probability: f64) -> bool {
        ((self.bits() >> 11) as f64) < probability * (1_u64 << 53) as f64
    }
}

/// Experiments that are all alike.
#[derive(Clone, Copy)]
struct Setting {
    experiments: u64,
    advocates: u64,
    control_rate: f64,
    variant_rate: f64,
    weights: [u32; 2],
}

const LOOK_EVERY: u64 = 100;

impl Setting {
    fn weight(self) -> f64 {
        let [control, variant] = self.weights.map(f64::from);
        variant / (control + variant)
    }

    /// Runs one experiment, and calls `look` at every look until it is told
    /// to stop.
    fn run(self, seed: u64, mut look: impl FnMut(u64, Pair) -> bool) {
        let variant = |id: &str, weight| Variant { id: id.to_string(), weight };
        let [control, other] = self.weights;
        let variants = vec![variant("control", control), variant("other", other)];
        let experiment = Experiment { id: "simulated".to_string(), variants };
        let mut random = Random(seed);
        let mut pair =
            Pair { control: Arm::default(), variant: Arm::default(), weight: self.weight() };
        for advocate in 1..=self.advocates {
            let is_variant = experiment.assign(random.bits()).unwrap().id == "other";
            let (arm, rate) = if is_variant {
                (&mut pair.variant, self.variant_rate)
            } else {
                (&mut pair.control, self.control_rate)
            };
            arm.trials += 1;
            arm.successes += u64::from(random.happens(rate));
            if advocate % LOOK_EVERY == 0 && !look(advocate, pair) {
                return;
            }
        }
    }

    /// How many experiments ever come to each verdict, and after how many
    /// advocates the median one does.
    fn verdicts(self) -> Verdicts {
        let mut verdicts = Verdicts::default();
        let mut ends = Vec::new();
        for seed in 0..self.experiments {
            self.run(seed, |advocates, pair| {
                match pair.verdict(ERROR_RATE) {
                    Verdict::Undecided => return true,
                    Verdict::Better => verdicts.better += 1,
                    Verdict::Worse => verdicts.worse += 1,
                    Verdict::Suspect => verdicts.suspect += 1,
                }
                ends.push(advocates);
                false
            });
        }
        ends.sort_unstable();
        verdicts.median_end = ends.get(ends.len() / 2).copied();
        verdicts
    }
}

#[derive(Debug, Default)]
struct Verdicts {
    better: u64,
    worse: u64,
    suspect: u64,
    median_end: Option<u64>,
}

const SETTING: Setting = Setting {
    experiments: 2_000,
    advocates: 10_000,
    control_rate: 0.05,
    variant_rate: 0.05,
    weights: [1, 1],
};

/// Without a difference, at most one in twenty experiments may ever claim one
/// at any of its looks.
#[track_caller]
fn check_false_claims(setting: Setting) {
    let found = setting.verdicts();
    let claims = found.better + found.worse;
    let most = ERROR_RATE * setting.experiments as f64;
    assert!(claims as f64 <= most, "{claims} false claims: {found:?}");
    // The check of the assignment errs one time in a thousand.
    assert!(found.suspect * 500 <= setting.experiments, "{found:?}");
    // One that never claims anything would be safe, and useless.
    assert!(claims > 0, "{found:?}");
}

#[test]
fn false_claims_are_rare_at_any_look() {
    check_false_claims(SETTING);
}

#[test]
fn false_claims_are_rare_with_unequal_weights_and_other_rates() {
    let setting = Setting { experiments: 500, ..SETTING };
    check_false_claims(Setting { weights: [9, 1], ..setting });
    check_false_claims(Setting { control_rate: 0.2, variant_rate: 0.2, ..setting });
    check_false_claims(Setting { control_rate: 0.005, variant_rate: 0.005, ..setting });
}

/// Nine in ten experiments find a rate half again as high, most of them with
/// half of the advocates.
#[test]
fn a_clear_effect_is_found() {
    let setting = Setting { experiments: 200, variant_rate: 0.075, ..SETTING };
    let found = setting.verdicts();
    assert!(found.better >= 180, "{found:?}");
    assert_eq!(found.worse, 0, "{found:?}");
    assert!(found.median_end.unwrap() <= 5_000, "{found:?}");
}

/// How many of 50 experiments are suspected when so many of the variant's
/// advocates are lost on the way to the count.
fn suspected(lost: f64) -> u64 {
    let mut suspected = 0;
    for seed in 0..50 {
        let mut random = Random(!seed);
        let mut is_suspect = false;
        let (mut assigned, mut counted) = (0, 0);
        SETTING.run(seed, |_, pair| {
            let arrived = (assigned..pair.variant.trials).filter(|_| !random.happens(lost));
            counted += arrived.count() as u64;
            assigned = pair.variant.trials;
            let variant = Arm { trials: counted, ..pair.variant };
            is_suspect = Pair { variant, ..pair }.verdict(ERROR_RATE) == Verdict::Suspect;
            !is_suspect
        });
        suspected += u64::from(is_suspect);
    }
    suspected
}

#[test]
fn a_wrong_assignment_is_found() {
    let (tenth, fifth) = (suspected(0.1), suspected(0.2));
    assert!(tenth >= 30 && fifth >= 49, "{tenth} and {fifth} of 50");
}

/// That these simulations could find fault with a comparison: the usual test
/// of two rates, at the same error rate and looked at as often, fails them.
#[test]
fn the_usual_test_would_not_be_safe() {
    let mut claims = 0;
    let setting = Setting { experiments: 200, ..SETTING };
    for seed in 0..setting.experiments {
        setting.run(seed, |_, Pair { control, variant, .. }| {
            let trials = [control.trials as f64, variant.trials as f64];
            let successes = [control.successes as f64, variant.successes as f64];
            let overall = (successes[0] + successes[1]) / (trials[0] + trials[1]);
            let difference = successes[1] / trials[1] - successes[0] / trials[0];
            let variance = overall * (1.0 - overall) * (1.0 / trials[0] + 1.0 / trials[1]);
            let is_claimed = difference * difference > 1.96 * 1.96 * variance;
            claims += u64::from(is_claimed);
            !is_claimed
        });
    }
    assert!(claims >= 50, "{claims} false claims of {}", setting.experiments);
}

/// At all looks together, intervals hold the truth in 19 of 20 experiments;
/// and they agree with the verdict.
#[track_caller]
fn check_intervals(setting: Setting) {
    let (difference, ratio) =
        (setting.variant_rate - setting.control_rate, setting.variant_rate / setting.control_rate);
    let mut misses = 0;
    for seed in 0..setting.experiments {
        let mut has_missed = false;
        setting.run(seed, |_, pair| {
            let found = pair.compare(ERROR_RATE);
            let holds =
                |interval: super::Interval, truth| (interval.low..=interval.high).contains(&truth);
            has_missed |= !holds(found.difference, difference) || !holds(found.ratio, ratio);
            let expected = if found.difference.low > 0.0 {
                Verdict::Better
            } else if found.difference.high < 0.0 {
                Verdict::Worse
            } else {
                Verdict::Undecided
            };
            assert!(found.verdict == expected || found.verdict == Verdict::Suspect, "{found:?}");
            !has_missed
        });
        misses += u64::from(has_missed);
    }
    assert!(misses as f64 <= ERROR_RATE * setting.experiments as f64, "{misses} misses");
}

#[test]
fn intervals_hold_the_truth_at_all_looks() {
    let setting = Setting { experiments: 200, advocates: 5_000, ..SETTING };
    check_intervals(setting);
    check_intervals(Setting { variant_rate: 0.08, weights: [3, 1], ..setting });
    check_intervals(Setting { control_rate: 0.3, variant_rate: 0.25, ..setting });
}
