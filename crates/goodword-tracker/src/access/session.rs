//! The owner's session in the dashboard: a cookie that says when it was
//! opened, signed, and nothing else. It is not kept anywhere, so it ends by
//! its age, with the key that opened it, or when the browser drops it.

use crate::http::Request;
use crate::limits::SESSION_HOURS;
use crate::signing;
use crate::tracker::Tracker;
use goodword::time::Instant;

/// The prefix lets a browser take it only for this host, by HTTPS (or from
/// this very machine) and for every path.
const COOKIE: &str = "__Host-goodword-owner";

const HOUR_MS: i64 = 3_600_000;

/// When a session ends.
#[must_use]
pub fn end(opened_at: Instant) -> Instant {
    Instant(opened_at.0.saturating_add(SESSION_HOURS * HOUR_MS))
}

/// The cookie of a session that begins now, opened with this key.
#[must_use]
pub fn opened(tracker: &Tracker<'_>, owner_key: &str) -> String {
    let text = signing::session_text(&tracker.settings.pepper, owner_key, tracker.now);
    cookie(&text, SESSION_HOURS * 3_600)
}

/// The cookie that ends one.
#[must_use]
pub fn closed() -> String {
    cookie("", 0)
}

fn cookie(value: &str, seconds: i64) -> String {
    format!("{COOKIE}={value}; Path=/; Max-Age={seconds}; HttpOnly; Secure; SameSite=Strict")
}

/// Whether a request comes with a session that has not ended.
#[must_use]
pub fn is_live(tracker: &Tracker<'_>, request: &Request) -> bool {
    let settings = tracker.settings;
    let read = |text| signing::read_session(&settings.pepper, &settings.owner_keys, text);
    let opened_at = request.cookie(COOKIE).and_then(read);
    opened_at.is_some_and(|opened_at| opened_at <= tracker.now && tracker.now < end(opened_at))
}
