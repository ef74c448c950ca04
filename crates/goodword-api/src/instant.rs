//! Instants as RFC 3339 in UTC. Read with any offset, written with `Z`.

use alloc::string::String;
use goodword::time::Instant;
use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};

/// Reads an instant from 1970 on; anything below a millisecond is dropped.
#[must_use]
pub fn read(text: &str) -> Option<Instant> {
    let instant = OffsetDateTime::parse(text, &Rfc3339).ok()?;
    let ms = instant.unix_timestamp() * 1_000 + i64::from(instant.millisecond());
    (ms >= 0).then_some(Instant(ms))
}

/// Writes an instant, with milliseconds only where it has some.
#[must_use]
pub fn write(instant: Instant) -> String {
    let seconds = OffsetDateTime::from_unix_timestamp(instant.0.div_euclid(1_000));
    let exact = seconds
        .ok()
        .and_then(|at| at.checked_add(Duration::milliseconds(instant.0.rem_euclid(1_000))));
    let at = exact.unwrap_or(OffsetDateTime::UNIX_EPOCH);
    at.format(&Rfc3339).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, ms: Option<i64>) {
        assert_eq!(read(text).map(|instant| instant.0), ms, "{text}");
    }

    #[test]
    fn instants() {
        check("2026-11-21T00:00:00Z", Some(1_795_219_200_000));
        check("2026-11-21T01:00:00+01:00", Some(1_795_219_200_000));
        check("2026-11-21T00:00:00.25Z", Some(1_795_219_200_250));
        check("1969-12-31T23:59:59Z", None);
        check("2026-11-21", None);
        check("2026-11-21 00:00:00Z", Some(1_795_219_200_000)); // RFC 3339 lets a space in
        check("2026-11-21T00:00:00", None);
        check("2026-11-21T00:00:00+01:00[Europe/Warsaw]", None);
        check("2026-02-30T00:00:00Z", None);
        check("yesterday", None);
    }

    #[test]
    fn written_and_read_again() {
        for text in ["2026-11-21T00:00:00Z", "2026-11-21T00:00:00.25Z"] {
            assert_eq!(read(text).map(write).as_deref(), Some(text));
        }
    }
}
