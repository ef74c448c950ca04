//! The keys of what is told to shops: where it goes, what waits to be told,
//! what was. `{act}` and `{endpoint}` are 32 hexadecimal digits.

use super::hour;
use goodword::key::ProgramId;
use goodword::time::Instant;

/// `webhooks/{p}`: where a program's events go.
#[must_use]
pub fn webhooks(program: &ProgramId) -> String {
    format!("webhooks/{program}")
}

/// `gone/{p}/{endpoint}`: since when an endpoint is gone for good, as it said, in
/// milliseconds since 1970.
#[must_use]
pub fn gone(program: &ProgramId, endpoint: &str) -> String {
    format!("gone/{program}/{endpoint}")
}

/// `outbox/`: everything that waits to be told.
pub const ALL: &str = "outbox/";

/// `outbox/{p}/`: what waits in one program.
#[must_use]
pub fn waiting(program: &ProgramId) -> String {
    format!("{ALL}{program}/")
}

/// `outbox/{p}/{hour}/{act}/{attempt}`: the events of one act, to be told from
/// that hour on, after so many attempts.
#[must_use]
pub fn entry(program: &ProgramId, at: Instant, act: &str, attempt: u32) -> String {
    format!("{ALL}{program}/{}/{act}/{attempt}", hour(at))
}

/// The program, the act and the number of attempts of such a key.
#[must_use]
pub fn read_entry(key: &str) -> Option<(ProgramId, &str, u32)> {
    let mut parts = key.strip_prefix(ALL)?.split('/');
    let program = ProgramId::parse(parts.next()?)?;
    let act = parts.nth(1)?;
    Some((program, act, parts.next()?.parse().ok()?))
}

/// `delivered/{p}/`: what was told, as long as it is kept.
#[must_use]
pub fn all_delivered(program: &ProgramId) -> String {
    format!("delivered/{program}/")
}

/// `delivered/{p}/{hour}/{act}`: the events of an act of that hour, and what
/// became of them.
#[must_use]
pub fn delivered(program: &ProgramId, told_at: Instant, act: &str) -> String {
    format!("delivered/{program}/{}/{act}", hour(told_at))
}
