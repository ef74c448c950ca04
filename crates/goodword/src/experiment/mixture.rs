//! How much a number of successes speaks against a probability, safe to ask
//! at any time.
//!
//! Let successes come with probability `p`, one trial after the other. The
//! likelihood of what was seen, averaged over a Beta distribution of other
//! probabilities and divided by its likelihood under `p`, is a martingale
//! that begins at 1. By Ville's inequality it ever reaches `1 / error` with
//! probability at most `error`, however often one looks and whenever one
//! stops. Rejecting each `p` where it does leaves an interval that contains
//! the true one at all times together with probability `1 - error`. Nothing
//! here is approximate: there is no least number of trials.
//!
//! Sources: J. Ville, "Étude critique de la notion de collectif" (1939);
//! H. Robbins, "Statistical Methods Related to the Law of the Iterated
//! Logarithm", Annals of Mathematical Statistics 41 (1970), for mixtures;
//! S. Howard, A. Ramdas, J. McAuliffe and J. Sekhon, "Time-uniform,
//! Nonparametric, Nonasymptotic Confidence Sequences", Annals of Statistics
//! 49 (2021), for the intervals.

use libm::log;

/// Everything from `low` to `high`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// Its least.
    pub low: f64,
    /// Its greatest; may be infinite where that is a quotient.
    pub high: f64,
}

/// A Beta distribution, by its two parameters.
#[derive(Clone, Copy, Debug)]
pub(super) struct Beta {
    pub(super) successes: f64,
    pub(super) failures: f64,
}

/// What was seen.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seen {
    pub(super) successes: u64,
    pub(super) failures: u64,
}

/// Halvings of an interval's bounds: beyond these a float has no digits.
const HALVINGS: u32 = 60;

impl Beta {
    /// The distribution with this mean; the larger the concentration, the
    /// nearer to the mean it expects the truth.
    pub(super) fn around(mean: f64, concentration: f64) -> Self {
        Beta { successes: mean * concentration, failures: (1.0 - mean) * concentration }
    }

    /// The natural logarithm of the martingale for `probability`: what was
    /// seen speaks against it by so much.
    pub(super) fn evidence_ln(self, seen: Seen, probability: f64) -> f64 {
        let successes = times_ln(seen.successes, log(probability));
        let failures = times_ln(seen.failures, log(1.0 - probability));
        self.average_ln(seen) - successes - failures
    }

    /// The probabilities that are not rejected at this error rate.
    pub(super) fn interval(self, seen: Seen, error: f64) -> Interval {
        let trials = seen.successes as f64 + seen.failures as f64;
        // The likeliest probability is never rejected: no average of
        // likelihoods exceeds the largest.
        let likeliest = if trials > 0.0 { seen.successes as f64 / trials } else { 0.5 };
        let average_ln = self.average_ln(seen);
        let is_rejected = |probability: f64| {
            let successes = times_ln(seen.successes, log(probability));
            let failures = times_ln(seen.failures, log(1.0 - probability));
            average_ln - successes - failures >= -log(error)
        };
        Interval {
            low: last_rejected(0.0, likeliest, is_rejected),
            high: last_rejected(1.0, likeliest, is_rejected),
        }
    }

    fn average_ln(self, seen: Seen) -> f64 {
        let Beta { successes, failures } = self;
        beta_ln(successes + seen.successes as f64, failures + seen.failures as f64)
            - beta_ln(successes, failures)
    }
}

/// The bound between the rejected beyond `outer` and the accepted at `inner`,
/// told on the rejected side; `outer` itself where it is not rejected.
fn last_rejected(outer: f64, inner: f64, is_rejected: impl Fn(f64) -> bool) -> f64 {
    if !is_rejected(outer) {
        return outer;
    }
    let (mut rejected, mut accepted) = (outer, inner);
    for _ in 0..HALVINGS {
        let middle = (rejected + accepted) / 2.0;
        if is_rejected(middle) {
            rejected = middle;
        } else {
            accepted = middle;
        }
    }
    rejected
}

/// Nothing seen says nothing, even of what is impossible.
fn times_ln(count: u64, ln: f64) -> f64 {
    if count == 0 { 0.0 } else { count as f64 * ln }
}

/// The natural logarithm of the Beta function.
fn beta_ln(a: f64, b: f64) -> f64 {
    gamma_ln(a) + gamma_ln(b) - gamma_ln(a + b)
}

/// From here on the series below is exact to 14 digits.
const SERIES_FROM: f64 = 10.0;

/// Half of the logarithm of twice pi.
const HALF_LN_TAU: f64 = 0.918_938_533_204_672_8;

/// The natural logarithm of the Gamma function, of what is not negative: by
/// Stirling's series, and below where that is exact by Γ(x) = Γ(x + 1) / x.
/// `libm`'s has tables for all numbers there are, as large as all the rest of
/// the comparison.
fn gamma_ln(mut x: f64) -> f64 {
    let mut product = 1.0;
    while x < SERIES_FROM {
        product *= x;
        x += 1.0;
    }
    let y = 1.0 / (x * x);
    let series =
        1.0 / 12.0 - y * (1.0 / 360.0 - y * (1.0 / 1260.0 - y * (1.0 / 1680.0 - y / 1188.0)));
    (x - 0.5) * log(x) - x + HALF_LN_TAU + series / x - log(product)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const UNIFORM: Beta = Beta { successes: 1.0, failures: 1.0 };

    #[track_caller]
    fn check_evidence(successes: u64, failures: u64, probability: f64, expected: f64) {
        let evidence_ln = UNIFORM.evidence_ln(Seen { successes, failures }, probability);
        let evidence = libm::exp(evidence_ln);
        assert!((evidence / expected - 1.0).abs() < 1e-9, "{evidence}");
    }

    #[test]
    fn evidence_by_hand() {
        // Averaged over all probabilities, s successes and f failures in one
        // sequence have the likelihood s! f! / (s + f + 1)!.
        check_evidence(0, 0, 0.5, 1.0);
        check_evidence(1, 0, 0.5, 0.5 / 0.5);
        check_evidence(2, 0, 0.5, (1.0 / 3.0) / 0.25);
        check_evidence(10, 0, 0.5, (1.0 / 11.0) * 1_024.0);
        check_evidence(1, 1, 0.25, (1.0 / 6.0) / (0.25 * 0.75));
    }

    #[track_caller]
    fn check_interval(successes: u64, failures: u64, low: f64, high: f64) {
        let found = UNIFORM.interval(Seen { successes, failures }, 0.05);
        assert!((found.low - low).abs() < 1e-6 && (found.high - high).abs() < 1e-6, "{found:?}");
    }

    #[test]
    fn intervals_by_hand() {
        check_interval(0, 0, 0.0, 1.0);
        // p^10 = 0.05 / 11, and the same from the other side.
        let low = libm::pow(0.05 / 11.0, 0.1);
        check_interval(10, 0, low, 1.0);
        check_interval(0, 10, 0.0, 1.0 - low);
    }

    #[test]
    fn the_gamma_function_is_what_libm_says() {
        assert_eq!(gamma_ln(0.0), f64::INFINITY);
        assert!(gamma_ln(f64::NAN).is_nan());
        let mut x = 0.01;
        while x < 1e7 {
            let expected = libm::lgamma(x);
            let error = (gamma_ln(x) - expected).abs();
            assert!(error <= 1e-13 * (1.0 + expected.abs()), "{x}: {error}");
            x *= 1.01;
        }
    }

    proptest! {
        #[test]
        fn an_interval_holds_the_likeliest_and_rejects_what_lies_beyond(
            successes in 0_u64..1_000_000, failures in 0_u64..1_000_000, mean in 0.01..0.99_f64,
        ) {
            let (seen, prior) = (Seen { successes, failures }, Beta::around(mean, 20.0));
            let Interval { low, high } = prior.interval(seen, 0.05);
            let trials = (successes + failures).max(1) as f64;
            let likeliest = if successes + failures == 0 { 0.5 } else { successes as f64 / trials };
            prop_assert!((0.0..=likeliest).contains(&low) && (likeliest..=1.0).contains(&high));
            for outside in [low * 0.999, 1.0 - (1.0 - high) * 0.999] {
                let is_inside = outside == low || outside == high;
                prop_assert!(is_inside || prior.evidence_ln(seen, outside) >= -libm::log(0.05));
            }
            for inside in [low + (likeliest - low) * 0.001, high - (high - likeliest) * 0.001] {
                prop_assert!(prior.evidence_ln(seen, inside) < -libm::log(0.05) + 1e-6);
            }
        }
    }
}
