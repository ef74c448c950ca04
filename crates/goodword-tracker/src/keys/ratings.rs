//! The keys of how likely advocates are to recommend the shop.

use goodword::code::ReferralCode;
use goodword::key::ProgramId;

/// `rating/{p}/`: what all advocates answered.
#[must_use]
pub fn ratings(program: &ProgramId) -> String {
    format!("rating/{program}/")
}

/// `rating/{p}/{code}`: what one of them answered last.
#[must_use]
pub fn rating(program: &ProgramId, code: ReferralCode) -> String {
    format!("rating/{program}/{code}")
}
