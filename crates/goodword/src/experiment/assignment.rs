//! Which variant an advocate gets.
//!
//! All 64-bit hashes are one half-open range. The first variant owns it; each
//! further one takes, from the end of every piece there is, the part that its
//! weight has in the sum so far. So a variant added at the end takes from all
//! others alike and moves nobody between them; and no range is kept, because
//! the piece of one hash can be followed alone.
//!
//! The ranges are exact up to rounding: every cut moves less than one hash in
//! 2^64, and the last of n variants makes at most 2^(n-2) cuts.

use super::{Experiment, Variant};

const HASHES: u128 = 1 << 64;

impl Experiment {
    /// The variant of an advocate; `None` only where there are no variants.
    ///
    /// `hash` is 64 bits of a keyed hash of experiment and advocate, alike to
    /// random bits for who has not the key. The same bits always get the same
    /// variant while the list stays as it is. When a variant is added at the
    /// end, some of all others' advocates become its own; who must not move
    /// even then is kept by recording what they were assigned.
    #[must_use]
    pub fn assign(&self, hash: u64) -> Option<&Variant> {
        let weights = self.variants.iter().map(|variant| variant.weight);
        self.variants.get(owner(u128::from(hash), HASHES, weights))
    }
}

/// The index of the variant that owns `hash` of `hashes`.
fn owner(hash: u128, hashes: u128, weights: impl Iterator<Item = u32>) -> usize {
    let (mut owner, mut offset, mut length) = (0, hash, hashes);
    let mut before = 0;
    for (index, weight) in weights.enumerate() {
        let sum = before + u128::from(weight);
        // What is not cut off stays with whom it belongs to, and without
        // weights that is all. Weights are 32 bits wide and lengths 65, so
        // the product fits 128 bits.
        let cut = (length * before).checked_div(sum).unwrap_or(length);
        if offset >= cut {
            (owner, offset, length) = (index, offset - cut, length - cut);
        } else {
            length = cut;
        }
        before = sum;
    }
    owner
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;
    use alloc::vec;
    use alloc::vec::Vec;
    use proptest::prelude::*;

    /// How many of `hashes` each variant owns.
    fn shares(hashes: u128, weights: &[u32]) -> Vec<u128> {
        let mut shares = vec![0; weights.len()];
        for hash in 0..hashes {
            shares[owner(hash, hashes, weights.iter().copied())] += 1;
        }
        shares
    }

    #[track_caller]
    fn check(hashes: u128, weights: &[u32], expected: &[u128]) {
        assert_eq!(shares(hashes, weights), expected);
    }

    #[test]
    fn proportions_are_exact_where_the_hashes_divide() {
        check(60, &[1], &[60]);
        check(60, &[1, 1], &[30, 30]);
        check(60, &[1, 1, 1], &[20, 20, 20]);
        check(24, &[1, 1, 1, 1], &[6, 6, 6, 6]);
        check(60, &[1, 2], &[20, 40]);
        check(60, &[3, 1, 1], &[36, 12, 12]);
        check(10_000, &[9_900, 100], &[9_900, 100]);
        check(60, &[0, 1, 1], &[0, 30, 30]);
        check(60, &[0, 0], &[60, 0]);
    }

    #[test]
    fn the_first_and_the_last_hash_and_the_cut_between() {
        let variant = |id: &str, weight| Variant { id: id.to_string(), weight };
        let mut experiment =
            Experiment { id: "e".to_string(), variants: vec![variant("a", 1), variant("b", 1)] };
        let id = |experiment: &Experiment, hash| experiment.assign(hash).map(|of| of.id.clone());
        for (hash, expected) in
            [(0, "a"), ((1 << 63) - 1, "a"), (1 << 63, "b"), ((1 << 63) + 1, "b"), (u64::MAX, "b")]
        {
            assert_eq!(id(&experiment, hash).as_deref(), Some(expected), "{hash:x}");
        }
        experiment.variants.clear();
        assert_eq!(id(&experiment, 0), None);
    }

    proptest! {
        #[test]
        fn every_share_is_right_but_for_rounding(
            weights in prop::collection::vec(1_u32..20, 1..6),
        ) {
            let sum: u128 = weights.iter().map(|weight| u128::from(*weight)).sum();
            let cuts = 1 << weights.len();
            for (share, weight) in shares(1_000, &weights).iter().zip(&weights) {
                prop_assert!((share * sum).abs_diff(1_000 * u128::from(*weight)) <= cuts * sum);
            }
        }

        #[test]
        fn an_added_variant_moves_nobody_between_the_others(
            hash: u64, weights in prop::collection::vec(1_u32..10_000, 1..20), added in 1_u32..10_000,
        ) {
            let owner = |weights: &[u32]| {
                super::owner(u128::from(hash), HASHES, weights.iter().copied())
            };
            let with_added = [weights.as_slice(), &[added]].concat();
            let (before, after) = (owner(&weights), owner(&with_added));
            prop_assert!(after == before || after == weights.len());
        }

        #[test]
        fn weights_count_in_proportion_only(hash: u64, a in 1_u32..1_000, b in 1_u32..1_000) {
            let owner = |weights: [u32; 2]| super::owner(u128::from(hash), HASHES, weights.into_iter());
            prop_assert_eq!(owner([a, b]), owner([a * 7, b * 7]));
        }
    }
}
