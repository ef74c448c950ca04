//! How long something took, many times over, in constant memory.
//!
//! Values are counted in buckets that grow with the value: each power of two
//! is cut into 64 equal parts. A quantile is told as the middle of its
//! bucket, so it differs from the exact one by less than one part in 128
//! (0.8 %); values below 128 are told exactly. Whole numbers only.
//!
//! Sources: the layout is that of G. Tene's HdrHistogram; that quantiles of
//! bounded relative error survive merging is the point of C. Masson,
//! J. Rim and H. Lee, "DDSketch", Proceedings of the VLDB Endowment 12
//! (2019), whose buckets are exact powers where these are straight lines.

use crate::sorted::Map;

/// Each power of two has this many buckets, as a power of two itself.
const PARTS_LOG2: u32 = 6;
const PARTS: u64 = 1 << PARTS_LOG2;

/// A multiset of values, each known to one part in 128. At most 3,776
/// buckets, whatever is counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Histogram(Map<u16, u64>);

impl Histogram {
    /// Counts a value once.
    pub fn count(&mut self, value: u64) {
        self.add(bucket_of(value), 1);
    }

    /// Counts all that another one counted.
    pub fn merge(&mut self, other: &Histogram) {
        for (bucket, times) in other.0.iter() {
            self.add(*bucket, *times);
        }
    }

    /// How many values were counted.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.0.values().fold(0, |sum, times| sum.wrapping_add(*times))
    }

    /// The smallest value that at least `numerator / denominator` of all
    /// values do not exceed, to one part in 128; `None` when nothing was
    /// counted. Source of the definition: the inverse of the empirical
    /// distribution, number 1 of R. Hyndman and Y. Fan, "Sample Quantiles in
    /// Statistical Packages", The American Statistician 50 (1996).
    #[must_use]
    pub fn quantile(&self, numerator: u32, denominator: u32) -> Option<u64> {
        let share = u128::from(self.total()) * u128::from(numerator);
        let rank = share.div_ceil(u128::from(denominator.max(1))).max(1);
        let mut below = 0;
        for (bucket, times) in self.0.iter() {
            below += u128::from(*times);
            if below >= rank {
                return Some(middle_of(*bucket));
            }
        }
        self.0.keys().next_back().map(|bucket| middle_of(*bucket))
    }

    // Wrapping keeps merging associative without a way to panic; 2^64 values
    // take longer to count than there is time.
    fn add(&mut self, bucket: u16, times: u64) {
        let sum = self.0.or_default(bucket);
        *sum = sum.wrapping_add(times);
    }
}

/// Values below 64 have a bucket each; from there on the highest set bit
/// chooses the power and the six bits after it the part.
fn bucket_of(value: u64) -> u16 {
    let power = value.checked_ilog2().unwrap_or(0);
    let Some(shift) = power.checked_sub(PARTS_LOG2) else { return value as u16 };
    let part = (value >> shift) & (PARTS - 1);
    ((u64::from(shift) + 1) * PARTS + part) as u16
}

fn middle_of(bucket: u16) -> u64 {
    let bucket = u64::from(bucket);
    let Some(shift) = (bucket / PARTS).checked_sub(1) else { return bucket };
    let first = (PARTS + bucket % PARTS) << shift;
    first + ((1 << shift) - 1) / 2
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;
    use proptest::prelude::*;

    fn histogram(values: &[u64]) -> Histogram {
        let mut histogram = Histogram::default();
        values.iter().for_each(|value| histogram.count(*value));
        histogram
    }

    #[track_caller]
    fn check(values: &[u64], median: Option<u64>, p90: Option<u64>) {
        let histogram = histogram(values);
        assert_eq!((histogram.quantile(1, 2), histogram.quantile(9, 10)), (median, p90));
    }

    #[test]
    fn quantiles() {
        check(&[], None, None);
        check(&[0], Some(0), Some(0));
        check(&[5, 1, 3], Some(3), Some(5));
        check(&[4, 1, 3, 2], Some(2), Some(4));
        check(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10], Some(5), Some(9));
        check(&[127, 127], Some(127), Some(127));
        // 128 and 129 share a bucket, told as its lower middle.
        check(&[129], Some(128), Some(128));
        // An hour in milliseconds lies between 109 and 110 times 2^15.
        check(&[3_600_000], Some(3_588_095), Some(3_588_095));
    }

    #[test]
    fn buckets_never_exceed_their_number() {
        assert_eq!(bucket_of(u64::MAX), 3_775);
        assert_eq!(
            (bucket_of(63), bucket_of(64), bucket_of(127), bucket_of(128)),
            (63, 64, 127, 128)
        );
    }

    proptest! {
        #[test]
        fn a_quantile_is_within_one_part_in_128(
            mut values in prop::collection::vec(any::<u64>().prop_flat_map(|bits| {
                (0_u32..64).prop_map(move |shift| bits >> shift)
            }), 1..200),
            percent in 0_u32..=100,
        ) {
            let told = histogram(&values).quantile(percent, 100).unwrap();
            values.sort_unstable();
            let rank = (values.len() * percent as usize).div_ceil(100).max(1);
            let exact = values[rank - 1];
            prop_assert!(told.abs_diff(exact) <= exact / 128, "{told} for {exact}");
        }

        #[test]
        fn merging_is_counting_together(a: Vec<u64>, b: Vec<u64>) {
            let mut merged = histogram(&a);
            merged.merge(&histogram(&b));
            let mut other = histogram(&b);
            other.merge(&histogram(&a));
            prop_assert_eq!(&merged, &other);
            prop_assert_eq!(merged, histogram(&[a, b].concat()));
        }
    }
}
