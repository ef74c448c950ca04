//! A rate, kept as the pair it was counted as: pairs can be checked by hand
//! and shown in any unit, a rounded quotient cannot.

/// So many of one thing for so many of another. The units are those of the
/// metric; nothing is divided until [`Rate::scaled`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Rate {
    /// What was counted.
    pub numerator: i64,
    /// Against what; 0 when there was nothing to count against.
    pub denominator: i64,
}

impl Rate {
    /// The rate that says nothing: the facts of this slice cannot tell it.
    pub const UNDEFINED: Rate = Rate { numerator: 0, denominator: 0 };

    /// A rate of two sums. A sum beyond 64 bits becomes the nearest number
    /// that fits.
    #[must_use]
    pub fn of(numerator: impl Into<i128>, denominator: impl Into<i128>) -> Self {
        Rate { numerator: clamp(numerator.into()), denominator: clamp(denominator.into()) }
    }

    /// The quotient times `scale`, rounded half up; `None` when there is
    /// nothing to divide by.
    #[must_use]
    pub fn scaled(self, scale: i64) -> Option<i64> {
        if self.denominator <= 0 {
            return None;
        }
        let twice = 2 * i128::from(self.denominator);
        let doubled = i128::from(self.numerator).saturating_mul(2 * i128::from(scale));
        let raised = doubled.saturating_add(i128::from(self.denominator));
        Some(clamp(raised.div_euclid(twice)))
    }

    /// The quotient in basis points (10,000 is 1), rounded half up.
    #[must_use]
    pub fn basis_points(self) -> Option<i64> {
        self.scaled(10_000)
    }
}

pub(super) fn clamp(sum: i128) -> i64 {
    i64::try_from(sum).unwrap_or(if sum < 0 { i64::MIN } else { i64::MAX })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(numerator: i64, denominator: i64, scale: i64, scaled: Option<i64>) {
        assert_eq!(Rate { numerator, denominator }.scaled(scale), scaled);
    }

    #[test]
    fn rounding_is_half_up() {
        check(1, 2, 1, Some(1));
        check(1, 3, 1, Some(0));
        check(-1, 2, 1, Some(0));
        check(-2, 3, 1, Some(-1));
        check(1, 3, 10_000, Some(3_333));
        check(2, 3, 10_000, Some(6_667));
        check(5, 0, 1, None);
        check(0, 0, 1, None);
        check(i64::MAX, 1, i64::MAX, Some(i64::MAX));
        check(i64::MIN, 1, i64::MAX, Some(i64::MIN));
    }

    #[test]
    fn sums_beyond_64_bits_become_the_nearest() {
        assert_eq!(Rate::of(i128::MAX, 7), Rate { numerator: i64::MAX, denominator: 7 });
        assert_eq!(Rate::of(i128::MIN, 7), Rate { numerator: i64::MIN, denominator: 7 });
    }
}
