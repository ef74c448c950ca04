//! Money in integer minor units with its ISO 4217 currency. No floats.

use crate::mutant;
use core::fmt;

/// An ISO 4217 alphabetic code, such as `EUR`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency([u8; 3]);

/// The euro.
pub const EURO: Currency = Currency(*b"EUR");

impl Currency {
    /// Reads three capital letters. Whether a country uses the currency is
    /// not checked: such a list is out of date before it is needed.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let letters: [u8; 3] = text.as_bytes().try_into().ok()?;
        letters.iter().all(u8::is_ascii_uppercase).then_some(Currency(letters))
    }

    /// The code as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // Only ASCII letters were let in, so this never takes the default.
        core::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// How many decimal digits the minor unit stands for: 2 for most, 0 for
    /// JPY, 3 for KWD. Source: ISO 4217 list one, active currencies.
    #[must_use]
    pub fn exponent(&self) -> u32 {
        match &self.0 {
            b"BIF" | b"CLP" | b"DJF" | b"GNF" | b"ISK" | b"JPY" | b"KMF" | b"KRW" | b"PYG"
            | b"RWF" | b"UGX" | b"UYI" | b"VND" | b"VUV" | b"XAF" | b"XOF" | b"XPF" => 0,
            b"BHD" | b"IQD" | b"JOD" | b"KWD" | b"LYD" | b"OMR" | b"TND" => 3,
            b"CLF" | b"UYW" => 4,
            _ => 2,
        }
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// An amount of money, in minor units of its currency (cents, pence, yen).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Money {
    /// The amount in minor units.
    pub amount_minor: i64,
    /// Its currency.
    pub currency: Currency,
}

/// A fraction that has not been rounded yet: rewards multiply percentages
/// and factors and round once, at the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fraction {
    numerator: i128,
    denominator: i128,
}

impl Fraction {
    /// A whole number.
    #[must_use]
    pub fn whole(value: i64) -> Self {
        Fraction { numerator: i128::from(value), denominator: 1 }
    }

    /// Multiplied by `numerator / denominator`, exactly. A denominator
    /// below 1 counts as 1; the terms let none in.
    #[must_use]
    pub fn times(self, numerator: i64, denominator: i64) -> Self {
        Fraction {
            numerator: self.numerator.saturating_mul(i128::from(numerator)),
            denominator: self.denominator.saturating_mul(i128::from(denominator.max(1))),
        }
    }

    /// Multiplied by a number of basis points (10,000 is 1).
    #[must_use]
    pub fn times_bp(self, basis_points: u32) -> Self {
        self.times(i64::from(basis_points), 10_000)
    }

    /// The smaller of this and a whole number.
    #[must_use]
    pub fn at_most(self, most: i64) -> Self {
        let most = Fraction::whole(most);
        let is_more = self.numerator > most.numerator.saturating_mul(self.denominator);
        if is_more { most } else { self }
    }

    /// Whether this is less than a whole number.
    #[must_use]
    pub fn is_less_than(self, value: i64) -> bool {
        self.numerator < i128::from(value).saturating_mul(self.denominator)
    }

    /// Rounded half up to a whole number; a negative fraction is 0, because
    /// no reward takes money from anybody.
    #[must_use]
    pub fn round_half_up(self) -> i64 {
        let half = mutant!(RoundedDown, self.denominator, 0);
        let doubled = self.numerator.max(0).saturating_mul(2).saturating_add(half);
        i64::try_from(doubled / self.denominator.saturating_mul(2)).unwrap_or(i64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn currencies() {
        for (text, exponent) in [("EUR", 2), ("JPY", 0), ("KWD", 3), ("XXX", 2)] {
            let currency = Currency::parse(text).unwrap();
            assert_eq!((currency.as_str(), currency.exponent()), (text, exponent));
        }
        for bad in ["", "EU", "EURO", "eur", "EÜ", "12A"] {
            assert_eq!(Currency::parse(bad), None, "{bad}");
        }
    }

    #[track_caller]
    fn check(fraction: Fraction, rounded: i64) {
        assert_eq!(fraction.round_half_up(), rounded, "{fraction:?}");
    }

    #[test]
    fn rounding_is_half_up_and_once() {
        check(Fraction::whole(7), 7);
        check(Fraction::whole(1_005).times_bp(1_000), 101); // 100.5
        check(Fraction::whole(1_004).times_bp(1_000), 100); // 100.4
        // 10 % of 10.05 is 1.005, times 1.5 is 1.5075: rounded once, not 1.515.
        check(Fraction::whole(1_005).times_bp(1_000).times_bp(15_000), 151);
        check(Fraction::whole(1_005).times_bp(1_000).at_most(90), 90);
        check(Fraction::whole(-5), 0);
        check(Fraction::whole(i64::MAX).times(i64::MAX, 1).times(i64::MAX, 1), i64::MAX);
    }
}
