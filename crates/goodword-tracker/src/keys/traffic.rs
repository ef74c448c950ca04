//! The keys of clicks and shares: as they were recorded, by hour, by day, by
//! advocate. `{day}` is `yyyymmdd`, `{hour}` is `yyyymmddhh`, both in UTC.

use crate::traffic::Hour;
use goodword::code::ReferralCode;
use goodword::key::ProgramId;
use goodword::metrics::Day;
use goodword::time::Instant;

/// `click/{p}/`: all batches of a program.
#[must_use]
pub fn all_clicks(program: &ProgramId) -> String {
    format!("click/{program}/")
}

/// `click/{p}/{hour}/`: those of an hour.
#[must_use]
pub fn clicks(program: &ProgramId, hour: Hour) -> String {
    format!("click/{program}/{}/", hour_text(hour))
}

/// `click/{p}/{hour}/{batch}`: clicks and shares of one isolate in one short
/// window, whosever they are.
#[must_use]
pub fn click(program: &ProgramId, hour: Hour, batch: &str) -> String {
    format!("{}{batch}", clicks(program, hour))
}

/// The hour of a batch or of a tally.
#[must_use]
pub fn read_hour(key: &str) -> Option<Hour> {
    let text = key.split('/').nth(2)?;
    let (day, hour) = (read_day(text.get(..8)?)?, text.get(8..)?.parse().ok()?);
    Some(Hour::first_of(day).plus(hour))
}

/// `tally/{p}/`: all hours of a program that are added up.
#[must_use]
pub fn all_tallies(program: &ProgramId) -> String {
    format!("tally/{program}/")
}

/// `tally/{p}/{hour}`: the batches of a closed hour, added up.
#[must_use]
pub fn tally(program: &ProgramId, hour: Hour) -> String {
    format!("tally/{program}/{}", hour_text(hour))
}

/// `rolled/{p}`: the hour before which every hour is added up.
#[must_use]
pub fn rolled(program: &ProgramId) -> String {
    format!("rolled/{program}")
}

/// `open/{p}/`: days that are not all in `daily` and `stats` yet.
#[must_use]
pub fn all_open(program: &ProgramId) -> String {
    format!("open/{program}/")
}

/// `open/{p}/{day}/{ms}`: one of them, and since when. A run that removes the
/// marks it saw cannot remove one that was made since.
#[must_use]
pub fn open(program: &ProgramId, day: Day, at: Instant) -> String {
    format!("open/{program}/{}/{}", day_text(day), at.0)
}

/// The day of such a mark.
#[must_use]
pub fn day_of_mark(key: &str) -> Option<Day> {
    read_day(key.split('/').nth(2)?)
}

/// `daily/{p}/{day}`: a day by channel and device.
#[must_use]
pub fn daily(program: &ProgramId, day: Day) -> String {
    format!("daily/{program}/{}", day_text(day))
}

/// `daily/{p}/{day}/codes`: the same by advocate.
#[must_use]
pub fn daily_codes(program: &ProgramId, day: Day) -> String {
    format!("daily/{program}/{}/codes", day_text(day))
}

/// `stats/{p}/`: all advocates' days.
#[must_use]
pub fn stats_of_all(program: &ProgramId) -> String {
    format!("stats/{program}/")
}

/// `stats/{p}/{code}/`: an advocate's days.
#[must_use]
pub fn all_stats(program: &ProgramId, code: ReferralCode) -> String {
    format!("stats/{program}/{code}/")
}

/// The day of one of them.
#[must_use]
pub fn day_of_stats(key: &str) -> Option<Day> {
    read_day(key.rsplit('/').next()?)
}

/// `stats/{p}/{code}/{day}`: one of them, by channel and device.
#[must_use]
pub fn stats(program: &ProgramId, code: ReferralCode, day: Day) -> String {
    format!("stats/{program}/{code}/{}", day_text(day))
}

fn day_text(day: Day) -> String {
    day.to_string().replace('-', "")
}

fn read_day(text: &str) -> Option<Day> {
    let (year, month, day) = (text.get(..4)?, text.get(4..6)?, text.get(6..)?);
    let start = goodword_api::instant::read(&format!("{year}-{month}-{day}T00:00:00Z"))?;
    Some(Day::of(start))
}

fn hour_text(hour: Hour) -> String {
    let of_day = hour.0 - Hour::first_of(hour.day()).0;
    format!("{}{of_day:02}", day_text(hour.day()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_and_days_are_read_as_they_were_written() {
        let program = ProgramId::parse("demo").unwrap();
        for ms in [0, 1_795_219_200_000, 1_795_219_199_999, 1_795_300_000_000] {
            let hour = Hour::of(Instant(ms));
            assert_eq!(read_hour(&click(&program, hour, "a")), Some(hour));
            assert_eq!(read_hour(&tally(&program, hour)), Some(hour));
            let mark = open(&program, hour.day(), Instant(7));
            assert_eq!(day_of_mark(&mark), Some(hour.day()));
            let stats = stats(&program, ReferralCode::from_bytes([7; 5]), hour.day());
            assert_eq!(day_of_stats(&stats), Some(hour.day()));
        }
        let hour = Hour::of(Instant(1_795_219_200_000));
        assert_eq!(click(&program, hour, "a"), "click/demo/2026112100/a");
    }
}
