//! Days and amounts as scenarios write them: `day 5`, `day 5 09:30:15` and
//! `40.00 EUR`. Day 1 is 1 January 2026 in UTC, so day 32 is 1 February;
//! a day without a time is noon.

use crate::words::Words;
use goodword::money::{Currency, Money};
use goodword::time::{DAY_MS, Instant};

/// 1 January 2026 in days since 1970, less one, so that days count from 1.
const DAY_ZERO: i64 = 20_453;

const NOON_MS: i64 = DAY_MS / 2;

/// When every scenario begins: day 1 at 00:00.
pub const BEGINNING: Instant = Instant((DAY_ZERO + 1) * DAY_MS);

/// Reads `day N` with or without a time of day.
///
/// # Errors
/// What is wrong with it.
pub fn read(words: &mut Words<'_>) -> Result<Instant, String> {
    words.expect("day")?;
    let number = words.word("a day's number")?;
    let day: i64 = number.parse().map_err(|_| format!("\"{number}\" is no day's number"))?;
    if !(1..=5_000).contains(&day) {
        return Err(format!("day {day} is not between 1 and 5000"));
    }
    let time_ms = match words.peek().and_then(time_of_day_ms) {
        Some(ms) => {
            words.word("a time")?;
            ms
        }
        None => NOON_MS,
    };
    Ok(Instant((DAY_ZERO + day) * DAY_MS + time_ms))
}

fn time_of_day_ms(text: &str) -> Option<i64> {
    let parts: Vec<i64> = text
        .split(':')
        .map(str::parse)
        .collect::<Result<_, _>>()
        .ok()
        .filter(|_| text.contains(':'))?;
    let (hours, minutes, seconds) = match parts.as_slice() {
        [hours, minutes] => (*hours, *minutes, 0),
        [hours, minutes, seconds] => (*hours, *minutes, *seconds),
        _ => return None,
    };
    let fits = (0..24).contains(&hours) && (0..60).contains(&minutes) && (0..60).contains(&seconds);
    fits.then_some(((hours * 60 + minutes) * 60 + seconds) * 1_000)
}

/// An instant as scenarios write it.
#[must_use]
pub fn shown(instant: Instant) -> String {
    let day = instant.0.div_euclid(DAY_MS) - DAY_ZERO;
    let ms = instant.0.rem_euclid(DAY_MS);
    if ms == NOON_MS {
        return format!("day {day}");
    }
    let (minutes, seconds) = (ms / 60_000, ms / 1_000 % 60);
    let time = format!("{:02}:{:02}", minutes / 60, minutes % 60);
    if seconds == 0 {
        format!("day {day} {time}")
    } else {
        format!("day {day} {time}:{seconds:02}")
    }
}

/// Reads `40.00 EUR`: exactly as many digits after the point as the currency
/// has.
///
/// # Errors
/// What is wrong with it.
pub fn read_money(words: &mut Words<'_>) -> Result<Money, String> {
    let number = words.word("an amount")?;
    let currency = words.word("a currency")?;
    let currency =
        Currency::parse(currency).ok_or_else(|| format!("\"{currency}\" is no currency"))?;
    let digits = currency.exponent() as usize;
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    let is_good = part.len() == digits && number.contains('.') == (digits > 0);
    let amount = format!("{whole}{part}").parse::<u32>().ok().filter(|_| is_good);
    let amount = amount.ok_or_else(|| {
        format!("\"{number}\" is no amount of {currency} with {digits} digits after the point")
    })?;
    Ok(Money { amount_minor: i64::from(amount), currency })
}

/// Money as scenarios write it.
#[must_use]
pub fn shown_money(money: Money) -> String {
    let digits = money.currency.exponent() as usize;
    let text = format!("{:0width$}", money.amount_minor, width = digits + 1);
    let (whole, part) = text.split_at(text.len().saturating_sub(digits));
    let point = if digits == 0 { "" } else { "." };
    format!("{whole}{point}{part} {}", money.currency)
}

#[cfg(test)]
mod tests {
    use super::*;
    use goodword_api::instant;

    #[track_caller]
    fn check(text: &str, written: &str) {
        let at = read(&mut Words::of(text).unwrap()).unwrap();
        assert_eq!((instant::write(at).as_str(), shown(at).as_str()), (written, text));
    }

    #[test]
    fn days() {
        check("day 1", "2026-01-01T12:00:00Z");
        check("day 32 00:00", "2026-02-01T00:00:00Z");
        check("day 60 23:59:59", "2026-03-01T23:59:59Z");
        assert_eq!(instant::write(BEGINNING), "2026-01-01T00:00:00Z");
        for bad in ["day", "day 0", "day x", "date 1", "day 5001"] {
            assert!(read(&mut Words::of(bad).unwrap()).is_err(), "{bad}");
        }
    }

    #[test]
    fn amounts() {
        for (text, minor) in
            [("40.00 EUR", 4_000), ("0.05 EUR", 5), ("7 JPY", 7), ("1.005 KWD", 1_005)]
        {
            let money = read_money(&mut Words::of(text).unwrap()).unwrap();
            assert_eq!((money.amount_minor, shown_money(money).as_str()), (minor, text));
        }
        for bad in
            ["40 EUR", "40.0 EUR", "40.000 EUR", "-1.00 EUR", "40.00 euro", "7.0 JPY", "40.00"]
        {
            assert!(read_money(&mut Words::of(bad).unwrap()).is_err(), "{bad}");
        }
    }
}
