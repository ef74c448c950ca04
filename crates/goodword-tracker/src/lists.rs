//! Lists that an owner reads page by page: how many entries, and where the
//! next page begins.

pub mod advocates;
pub mod clicks;
pub mod conversions;
pub mod ratings;
pub mod rewards;

use crate::http::Request;
use crate::limits::{PAGE_ENTRIES_DEFAULT, PAGE_ENTRIES_MAX};
use crate::records::record::Kept;
use crate::records::{read, write};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use goodword::code::ReferralCode;
use goodword::time::Instant;
use goodword_api::instant;
use goodword_api::problem::Problem;

/// How many entries the caller wants.
///
/// # Errors
/// `invalid_field`.
pub fn limit(request: &Request) -> Result<usize, Problem> {
    let Some(text) = request.parameter("limit") else { return Ok(PAGE_ENTRIES_DEFAULT) };
    let limit = text.parse().ok().filter(|limit| (1..=PAGE_ENTRIES_MAX).contains(limit));
    let detail = format!("must be between 1 and {PAGE_ENTRIES_MAX}");
    limit.ok_or_else(|| Problem::field("limit", &detail))
}

/// A code the caller asks for.
///
/// # Errors
/// `invalid_field`.
pub fn code(request: &Request, name: &'static str) -> Result<Option<ReferralCode>, Problem> {
    let read = |text: String| {
        ReferralCode::parse(&text).ok_or_else(|| Problem::field(name, "is not a code"))
    };
    request.parameter(name).map(read).transpose()
}

/// An instant the caller asks for.
///
/// # Errors
/// `invalid_field`.
pub fn moment(request: &Request, name: &'static str) -> Result<Option<Instant>, Problem> {
    let read = |text: String| {
        let detail = "must be an instant such as 2026-11-21T09:30:00Z";
        instant::read(&text).ok_or_else(|| Problem::field(name, detail))
    };
    request.parameter(name).map(read).transpose()
}

/// One of a few words the caller asks for.
///
/// # Errors
/// `invalid_field`.
pub fn word(
    request: &Request,
    name: &'static str,
    allowed: &[&str],
) -> Result<Option<String>, Problem> {
    let value = request.parameter(name);
    if value.as_deref().is_some_and(|value| !allowed.contains(&value)) {
        let detail = format!("must be one of {}", allowed.join(", "));
        return Err(Problem::field(name, &detail));
    }
    Ok(value)
}

/// Where the caller goes on: places in walks.
///
/// # Errors
/// `invalid_field`.
pub fn from<T: Default + Kept>(request: &Request) -> Result<T, Problem> {
    let Some(text) = request.parameter("cursor") else { return Ok(T::default()) };
    let from = BASE64_URL_SAFE_NO_PAD.decode(text.as_bytes()).ok().and_then(|bytes| {
        let text = String::from_utf8(bytes).ok()?;
        read("cursor", &text).ok()
    });
    from.ok_or_else(|| Problem::field("cursor", "is not one of ours"))
}

/// The same as a cursor.
#[must_use]
pub fn cursor(from: &dyn Kept) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(write(from).as_bytes())
}
