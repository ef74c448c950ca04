//! What is kept of an advocate's answer to the one question.

use super::record::record;

record! {
    /// `rating/{p}/{code}`: how likely an advocate is to recommend the shop, as they
    /// said last.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct RatingRecord {
        /// From 0 to 10.
        pub score: u8,
        /// Why, in their words, sealed.
        pub comment: Option<String>,
        /// When they said so, in milliseconds since 1970.
        pub at_ms: i64,
    }
}
