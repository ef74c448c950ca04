//! Instants and calendar months, both in UTC. There is no clock here: the
//! present is always an argument.

use core::fmt;

/// Milliseconds in a day; UTC as computers keep it has no leap seconds.
pub const DAY_MS: i64 = 86_400_000;

/// A point in time, in milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(pub i64);

impl Instant {
    /// The instant `days` later, at the same time of day. Saturates.
    #[must_use]
    pub fn plus_days(self, days: u32) -> Self {
        self.plus_ms(i64::from(days) * DAY_MS)
    }

    /// The instant `ms` milliseconds later. Saturates.
    #[must_use]
    pub fn plus_ms(self, ms: i64) -> Self {
        Instant(self.0.saturating_add(ms))
    }

    /// The instant `months` calendar months later; a day that the month
    /// does not have becomes its last (31 January plus one is 28 February).
    #[must_use]
    pub fn plus_months(self, months: u32) -> Self {
        let days = self.0.div_euclid(DAY_MS);
        let time_of_day_ms = self.0.rem_euclid(DAY_MS);
        let (year, month, day) = civil_from_days(days);
        let month0 = i64::from(month) - 1 + i64::from(months);
        let year = year + month0.div_euclid(12);
        let month = (month0.rem_euclid(12) + 1) as u32;
        let day = day.min(days_in_month(year, month));
        Instant(days_from_civil(year, month, day).saturating_mul(DAY_MS)).plus_ms(time_of_day_ms)
    }

    /// The calendar month this instant lies in.
    #[must_use]
    pub fn month(self) -> Month {
        let (year, month, _) = civil_from_days(self.0.div_euclid(DAY_MS));
        Month { year, month }
    }

    /// The calendar day this instant lies in, as year, month and day.
    #[must_use]
    pub fn day(self) -> (i64, u32, u32) {
        civil_from_days(self.0.div_euclid(DAY_MS))
    }
}

/// A calendar month in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    /// Year of the common era.
    pub year: i64,
    /// 1 for January to 12 for December.
    pub month: u32,
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

/// Days since 1970-01-01 to year, month, day in the proleptic Gregorian
/// calendar. Years begin in March so that the leap day is a year's last;
/// an era is the 400 years after which the calendar repeats.
/// Source: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms".
fn civil_from_days(days: i64) -> (i64, u32, u32) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let day = (day_of_year - (153 * march_month + 2) / 5 + 1) as u32;
    let month = if march_month < 10 { march_month + 3 } else { march_month - 9 } as u32;
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

/// The inverse of [`civil_from_days`].
fn days_from_civil(year: i64, month: u32, day: u32) -> i64 {
    let year = year - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let march_month = if month > 2 { month - 3 } else { month + 9 };
    let day_of_year = i64::from((153 * march_month + 2) / 5 + day - 1);
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

fn days_in_month(year: i64, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[track_caller]
    fn check(year: i64, month: u32, day: u32, days: i64) {
        assert_eq!(days_from_civil(year, month, day), days);
        assert_eq!(civil_from_days(days), (year, month, day));
    }

    #[test]
    fn days_and_dates() {
        check(1970, 1, 1, 0);
        check(1969, 12, 31, -1);
        check(2000, 2, 29, 11_016);
        check(2026, 11, 21, 20_778);
        check(2100, 3, 1, 47_541);
    }

    #[test]
    fn months() {
        let end_of_january = Instant(days_from_civil(2026, 1, 31) * DAY_MS + 5);
        assert_eq!(end_of_january.month().to_string(), "2026-01");
        assert_eq!(end_of_january.plus_ms(DAY_MS - 6).month().to_string(), "2026-01");
        assert_eq!(end_of_january.plus_ms(DAY_MS - 5).month().to_string(), "2026-02");
        assert_eq!(end_of_january.plus_months(1).day(), (2026, 2, 28));
        assert_eq!(end_of_january.plus_months(25).day(), (2028, 2, 29));
        assert_eq!(Instant(0).plus_months(12).day(), (1971, 1, 1));
    }
}
