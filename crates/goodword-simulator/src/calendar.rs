//! The calendar of the simulated shops, in UTC. Written apart from the
//! product's on purpose: the oracle must not inherit its mistakes.

/// Milliseconds in a minute.
pub const MINUTE_MS: i64 = 60_000;
/// Milliseconds in an hour.
pub const HOUR_MS: i64 = 60 * MINUTE_MS;
/// Milliseconds in a day.
pub const DAY_MS: i64 = 24 * HOUR_MS;

/// A day of the calendar with the time of day, from milliseconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    /// Year.
    pub year: i64,
    /// Month, from 1.
    pub month: i64,
    /// Day of the month, from 1.
    pub day: i64,
    /// Milliseconds since midnight.
    pub of_day_ms: i64,
}

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn days_in(year: i64, month: i64) -> i64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

impl Date {
    /// Counts years and months from 1970 on. Slow and plain.
    #[must_use]
    pub fn of(ms: i64) -> Self {
        let mut days = ms.div_euclid(DAY_MS);
        let mut year = 1970;
        while days >= 365 + i64::from(is_leap(year)) {
            days -= 365 + i64::from(is_leap(year));
            year += 1;
        }
        let mut month = 1;
        while days >= days_in(year, month) {
            days -= days_in(year, month);
            month += 1;
        }
        Date { year, month, day: days + 1, of_day_ms: ms.rem_euclid(DAY_MS) }
    }

    /// Milliseconds since 1970.
    #[must_use]
    pub fn ms(self) -> i64 {
        let years: i64 = (1970..self.year).map(|year| 365 + i64::from(is_leap(year))).sum();
        let months: i64 = (1..self.month).map(|month| days_in(self.year, month)).sum();
        (years + months + self.day - 1) * DAY_MS + self.of_day_ms
    }

    /// The same day so many months later, or the last of that month.
    #[must_use]
    pub fn months_later(self, months: i64) -> Self {
        let month0 = self.month - 1 + months;
        let (year, month) = (self.year + month0.div_euclid(12), month0.rem_euclid(12) + 1);
        Date { year, month, day: self.day.min(days_in(year, month)), ..self }
    }
}

/// An instant as RFC 3339.
#[must_use]
pub fn written(ms: i64) -> String {
    let Date { year, month, day, of_day_ms } = Date::of(ms);
    let (hour, minute) = (of_day_ms / HOUR_MS, of_day_ms / MINUTE_MS % 60);
    let (second, milli) = (of_day_ms / 1_000 % 60, of_day_ms % 1_000);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{milli:03}Z")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_instants() {
        assert_eq!(written(1_795_219_200_250), "2026-11-21T00:00:00.250Z");
        for ms in [0, 1_795_219_200_250, 951_782_400_000, 4_102_444_799_999] {
            assert_eq!(Date::of(ms).ms(), ms);
        }
        let end_of_january = Date { year: 2027, month: 1, day: 31, of_day_ms: 5 };
        assert_eq!(written(end_of_january.months_later(1).ms()), "2027-02-28T00:00:00.005Z");
        assert_eq!(written(end_of_january.months_later(13).ms()), "2028-02-29T00:00:00.005Z");
    }
}
