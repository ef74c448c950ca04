//! What is kept about advocates besides who they are: whether they may earn,
//! what is left of one who was erased, who asks for their data, and orders
//! that are nobody's.

use super::record::record;
use super::{DecisionRecord, MoneyRecord};

record! {
    /// `standing/{code}`: whether the owner blocked an advocate, as they said
    /// last, and why. What they said before stays in `standings/…`.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct StandingRecord {
        /// Whether they may not earn.
        pub blocked: bool,
        /// Who says so, when and why.
        pub decision: DecisionRecord,
    }
}

record! {
    /// `person/{p}/{code}` of an advocate who was erased, in place of the sealed
    /// person.
    #[derive(Clone, Debug, Default, PartialEq, Eq)]
    pub struct ErasedRecord {
        /// The hashed identities that are still to be removed: whoever erases
        /// again after a call that died goes on with these.
        pub left: Vec<String>,
    }
}

record! {
    /// `request/{p}/{person}`: that somebody wants to know what is kept about them.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct DataRequestRecord {
        /// When they said so, in milliseconds since 1970.
        pub at_ms: i64,
        /// Who they are, sealed.
        pub person: String,
    }
}

record! {
    /// `other/{p}/{order}`: an order that nobody referred, for comparison.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct OtherOrderRecord {
        /// When it was made, in milliseconds since 1970.
        pub at_ms: i64,
        /// What was paid.
        pub value: MoneyRecord,
        /// By whom, as a keyed hash.
        pub customer: String,
    }
}
