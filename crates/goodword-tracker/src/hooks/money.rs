//! Amounts as providers write them, in minor units of the currency's own
//! exponent. No floats: digits are moved, and what is smaller than a minor
//! unit is rounded half up, away from zero for what was given back.

use goodword::limits::AMOUNT_MAX;
use goodword::money::{Currency, Money};

/// Longest amount in digits that is read: longer ones are beyond the largest.
const AMOUNT_BYTES_MAX: usize = 40;

/// Reads a decimal such as `49.90` or `-10.00`; the sign is dropped, because
/// WooCommerce writes what it gave back with one. `None` when it is no amount,
/// or more than the largest.
#[must_use]
pub fn of_decimal(text: &str, currency: Currency) -> Option<Money> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let is_number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let has_point = digits.contains('.');
    if text.len() > AMOUNT_BYTES_MAX
        || whole.is_empty()
        || has_point == fraction.is_empty()
        || !is_number(whole)
        || !is_number(fraction)
    {
        return None;
    }
    let exponent = currency.exponent() as usize;
    let mut shifted = whole.to_owned();
    shifted.extend(fraction.chars().chain(std::iter::repeat('0')).take(exponent));
    let is_half = fraction.as_bytes().get(exponent).is_some_and(|digit| *digit >= b'5');
    let amount_minor = shifted.parse::<i64>().ok()?.checked_add(i64::from(is_half))?;
    (amount_minor <= AMOUNT_MAX).then_some(Money { amount_minor, currency })
}

/// Reads an amount of Stripe's, which counts in units of its own: mostly those
/// of ISO 4217, but whole ariary, and hundredths of króna and shilling.
/// Source: <https://docs.stripe.com/currencies#special-cases>. `None` when
/// nothing can cost so much, or so little.
#[must_use]
pub fn of_stripe(amount: i64, currency: Currency) -> Option<Money> {
    let amount_minor = match currency.as_str() {
        "MGA" => amount.checked_mul(100)?,
        "ISK" | "UGX" => amount.checked_add(50)?.div_euclid(100),
        _ => amount,
    };
    (0..=AMOUNT_MAX).contains(&amount_minor).then_some(Money { amount_minor, currency })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn currency(text: &str) -> Currency {
        Currency::parse(text).unwrap()
    }

    #[track_caller]
    fn check(text: &str, of: &str, minor: Option<i64>) {
        assert_eq!(of_decimal(text, currency(of)).map(|money| money.amount_minor), minor, "{text}");
    }

    #[test]
    fn decimals() {
        check("49.90", "EUR", Some(4_990));
        check("49.9", "EUR", Some(4_990));
        check("49", "EUR", Some(4_900));
        check("-10.00", "EUR", Some(1_000));
        check("0.00", "EUR", Some(0));
        check("0.07", "EUR", Some(7));
        check("1000", "JPY", Some(1_000));
        check("1000.00", "JPY", Some(1_000));
        check("1.234", "KWD", Some(1_234));
        check("1.2", "KWD", Some(1_200));
        check("1.2345", "CLF", Some(12_345));
        check("90071992547409.93", "EUR", None);
        check("9007199254.93", "EUR", Some(900_719_925_493));
        check("10000000000.00", "EUR", Some(AMOUNT_MAX));
        check("10000000000.01", "EUR", None);
    }

    #[test]
    fn less_than_a_minor_unit_rounds_half_up() {
        check("10.004", "EUR", Some(1_000));
        check("10.005", "EUR", Some(1_001));
        check("10.0049999", "EUR", Some(1_000));
        check("0.999", "EUR", Some(100));
        check("99.5", "JPY", Some(100));
        check("99.49", "JPY", Some(99));
    }

    #[test]
    fn what_is_no_amount() {
        for bad in ["", "-", ".", ".5", "5.", "1,50", "1e3", "+1", "--1", " 1", "1 ", "٣", "0x1"] {
            check(bad, "EUR", None);
        }
        check(&"9".repeat(41), "EUR", None);
        check(&"9".repeat(30), "EUR", None);
    }

    #[track_caller]
    fn check_stripe(amount: i64, of: &str, minor: Option<i64>) {
        let money = of_stripe(amount, currency(of));
        assert_eq!(money.map(|money| money.amount_minor), minor, "{amount} {of}");
    }

    #[test]
    fn stripes_own_units() {
        check_stripe(4_990, "EUR", Some(4_990));
        check_stripe(500, "JPY", Some(500));
        check_stripe(5_120, "KWD", Some(5_120));
        check_stripe(500, "ISK", Some(5));
        check_stripe(500, "UGX", Some(5));
        check_stripe(5, "MGA", Some(500));
        check_stripe(-1, "EUR", None);
        check_stripe(i64::MAX, "MGA", None);
        check_stripe(i64::MAX, "ISK", None);
        check_stripe(AMOUNT_MAX, "EUR", Some(AMOUNT_MAX));
        check_stripe(AMOUNT_MAX + 1, "EUR", None);
    }
}
