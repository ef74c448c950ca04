//! An hour in UTC, counted from 1970: what clicks are added up by.

use goodword::metrics::Day;
use goodword::time::{DAY_MS, Instant};

/// Hours of a day.
pub const HOURS: i64 = 24;

/// An hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hour(pub i64);

impl Hour {
    /// The hour an instant lies in.
    #[must_use]
    pub fn of(at: Instant) -> Self {
        Hour(at.0.div_euclid(DAY_MS / HOURS))
    }

    /// The first hour of a day.
    #[must_use]
    pub fn first_of(day: Day) -> Self {
        Hour(day.0.saturating_mul(HOURS))
    }

    /// Its day.
    #[must_use]
    pub fn day(self) -> Day {
        Day(self.0.div_euclid(HOURS))
    }

    /// When it begins.
    #[must_use]
    pub fn start(self) -> Instant {
        Instant(self.0.saturating_mul(DAY_MS / HOURS))
    }

    /// So many hours later.
    #[must_use]
    pub fn plus(self, hours: i64) -> Self {
        Hour(self.0.saturating_add(hours))
    }

    /// The hours from this one to another, without that one.
    pub fn until(self, end: Hour) -> impl Iterator<Item = Hour> {
        (self.0..end.0).map(Hour)
    }
}
