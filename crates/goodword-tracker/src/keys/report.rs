//! The prefixes that a report reads whole.

use goodword::key::ProgramId;

/// `fact/{p}/`: everything that was reported about orders.
#[must_use]
pub fn orders(program: &ProgramId) -> String {
    format!("fact/{program}/")
}

/// `person/{p}/`: all advocates of a program.
#[must_use]
pub fn advocates(program: &ProgramId) -> String {
    format!("person/{program}/")
}
