//! Chance, drawn from a seed: the same seed draws the same for ever.

use std::cell::Cell;

/// A generator of 64 bits of state. Source: Steele, Lea and Flood, "Fast
/// Splittable Pseudorandom Number Generators" (SplitMix64).
#[derive(Clone, Debug)]
pub struct Chance(Cell<u64>);

impl Chance {
    /// The generator of a seed. Seeds next to each other have nothing in
    /// common.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Chance(Cell::new(seed.wrapping_mul(0xa076_1d64_78bd_642f) ^ 0xe703_7ed1_a0b4_28db))
    }

    /// 64 bits.
    pub fn bits(&self) -> u64 {
        self.0.set(self.0.get().wrapping_add(0x9e37_79b9_7f4a_7c15));
        let mixed = self.0.get();
        let mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from `least` to `most`, both included.
    pub fn between(&self, least: i64, most: i64) -> i64 {
        let span = most.saturating_sub(least).max(0).unsigned_abs() + 1;
        least + (self.bits() % span) as i64
    }

    /// True in so many cases of a thousand.
    pub fn per_mille(&self, cases: u32) -> bool {
        self.bits() % 1_000 < u64::from(cases)
    }

    /// One of several. The first when there is no other, so never of none.
    pub fn one_of<T: Copy>(&self, of: &[T]) -> Option<T> {
        let index = self.bits() % (of.len() as u64).max(1);
        of.get(index as usize).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_draws_the_same_and_stays_in_bounds() {
        let draw = |seed| {
            let chance = Chance::new(seed);
            (0..100).map(|_| chance.between(-3, 3)).collect::<Vec<i64>>()
        };
        assert_eq!(draw(7), draw(7));
        assert_ne!(draw(7), draw(8));
        for bound in -3..=3 {
            assert!(draw(7).contains(&bound), "{bound} was never drawn");
        }
        assert!(draw(7).iter().all(|number| (-3..=3).contains(number)));
    }
}
