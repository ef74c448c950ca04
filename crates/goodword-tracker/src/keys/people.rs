//! The keys of advocates: their list, and what the owner decided about them;
//! and of orders that are nobody's.

use goodword::code::ReferralCode;
use goodword::key::{OrderKey, ProgramId};
use goodword::time::Instant;

/// `person/{p}/`: all advocates of a program, those who were erased too.
#[must_use]
pub fn persons(program: &ProgramId) -> String {
    format!("person/{program}/")
}

/// `standing/{code}`: whether an advocate may earn.
#[must_use]
pub fn standing(code: ReferralCode) -> String {
    format!("standing/{code}")
}

/// `standings/{p}/{code}/{ms}`: each time the owner blocked or unblocked them.
#[must_use]
pub fn standing_fact(program: &ProgramId, code: ReferralCode, at: Instant) -> String {
    format!("standings/{program}/{code}/{:015}", at.0)
}

/// `decoy/{p}/{name}`: nothing. Written so that whoever looks on cannot tell a
/// known address from an unknown one.
#[must_use]
pub fn decoy(program: &ProgramId, name: &str) -> String {
    format!("decoy/{program}/{name}")
}

/// `other/{p}/`: orders that nobody referred.
#[must_use]
pub fn other_orders(program: &ProgramId) -> String {
    format!("other/{program}/")
}

/// `other/{p}/{order}`: one of them.
#[must_use]
pub fn other_order(program: &ProgramId, order: OrderKey) -> String {
    format!("other/{program}/{order}")
}
