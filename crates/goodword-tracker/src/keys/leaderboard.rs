//! The keys of a leaderboard: who wants to be on it, and how they stand.

use goodword::code::ReferralCode;
use goodword::key::ProgramId;

/// `member/{p}/`: the advocates who want to be on it.
#[must_use]
pub fn members(program: &ProgramId) -> String {
    format!("member/{program}/")
}

/// `member/{p}/{code}`: under which name one of them does, sealed.
#[must_use]
pub fn member(program: &ProgramId, code: ReferralCode) -> String {
    format!("member/{program}/{code}")
}

/// `leaderboard/{p}`: how they stood when their books were last gone through.
#[must_use]
pub fn leaderboard(program: &ProgramId) -> String {
    format!("leaderboard/{program}")
}
