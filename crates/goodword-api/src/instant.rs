//! Instants as RFC 3339 in UTC. Read with any offset, written with `Z`.

use alloc::string::{String, ToString};
use goodword::time::Instant;

/// Reads an instant between the years 1970 and 9999; anything below a
/// millisecond is dropped.
#[must_use]
pub fn read(text: &str) -> Option<Instant> {
    // The library also reads other forms of ISO 8601; the contract does not.
    let is_rfc3339 =
        text.len() >= 20 && text.as_bytes().get(10) == Some(&b'T') && !text.contains('[');
    let instant: jiff::Timestamp = is_rfc3339.then(|| text.parse().ok()).flatten()?;
    (instant.as_millisecond() >= 0).then(|| Instant(instant.as_millisecond()))
}

/// Writes an instant, with milliseconds only where it has some.
#[must_use]
pub fn write(instant: Instant) -> String {
    jiff::Timestamp::from_millisecond(instant.0).unwrap_or_default().to_string()
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
        check("2026-11-21 00:00:00Z", None);
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
