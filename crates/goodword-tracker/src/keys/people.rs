//! The keys of advocates: their list, and what the owner decided about them;
//! of what people ask for about themselves; and of orders that are nobody's.

use goodword::code::ReferralCode;
use goodword::key::{OrderKey, PersonKey, ProgramId};
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

/// `request/{p}/`: that people want to know what is kept about them.
#[must_use]
pub fn data_requests(program: &ProgramId) -> String {
    format!("request/{program}/")
}

/// `request/{p}/{person}`: that one of them does, and who, sealed.
#[must_use]
pub fn data_request(program: &ProgramId, person: PersonKey) -> String {
    format!("request/{program}/{person}")
}

/// `erasure/`: everybody of some programs is to be erased.
pub const ERASURES: &str = "erasure/";

/// `erasure/{p}/`: everybody of one.
#[must_use]
pub fn erasures(program: &ProgramId) -> String {
    format!("{ERASURES}{program}/")
}

/// `erasure/{p}/{ms}`: that it was asked for at an instant. A run that forgets
/// what it saw cannot forget what was asked since.
#[must_use]
pub fn erasure(program: &ProgramId, at: Instant) -> String {
    format!("{}{}", erasures(program), at.0)
}

/// The program and the instant of such a key.
#[must_use]
pub fn read_erasure(key: &str) -> Option<(ProgramId, Instant)> {
    let (program, ms) = key.strip_prefix(ERASURES)?.split_once('/')?;
    Some((ProgramId::parse(program)?, Instant(ms.parse().ok()?)))
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
