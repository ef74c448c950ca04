//! Headers that keep an answer from being misused: taken for a script, framed,
//! told to others by its address. An answer that has one of them already keeps
//! its own.

use crate::http::{Answer, Request};

/// What an answer may load and do: nothing, unless it says so itself. A
/// browser reads it for HTML and SVG, and should it ever take something else
/// for a page, for that as well.
const NOTHING: &str =
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// A year, for this host alone: what else the shop serves is not ours to
/// decide.
const HTTPS_ONLY: &str = "max-age=31536000";

/// The answer with these headers.
#[must_use]
pub fn guarded(answer: Answer, request: &Request) -> Answer {
    let answer = answer.with("x-content-type-options", "nosniff");
    let answer = or(answer, "content-security-policy", NOTHING);
    let answer = or(answer, "referrer-policy", "no-referrer");
    if request.origin.starts_with("https://") {
        return answer.with("strict-transport-security", HTTPS_ONLY);
    }
    answer
}

fn or(answer: Answer, name: &str, value: &str) -> Answer {
    if answer.headers.get(name).is_some() { answer } else { answer.with(name, value) }
}
