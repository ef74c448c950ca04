//! A settled milestone as it is kept.

use super::ValueRecord;
use super::record::record;
use goodword::book::MilestoneFinal;
use goodword::time::Instant;
use goodword_api::reward::{gives, read_gives};

record! {
    /// `book/…/milestone/{at}`.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct MilestoneRecord {
        /// When it was settled, in milliseconds since 1970.
        pub at_ms: i64,
        /// What kind of thing it gives, as answers call it.
        pub gives: String,
        /// How much.
        pub value: ValueRecord,
        /// From when on it was due, in milliseconds since 1970.
        pub due_ms: i64,
    }
}

impl MilestoneRecord {
    /// A settled milestone as a record.
    #[must_use]
    pub fn new(settled: &MilestoneFinal, now: Instant) -> Self {
        MilestoneRecord {
            at_ms: now.0,
            gives: gives(settled.gives).to_owned(),
            value: ValueRecord::new(&settled.value),
            due_ms: settled.due_at.0,
        }
    }

    /// The milestone of so many friends as the rules have it.
    #[must_use]
    pub fn read(&self, at: u32) -> Option<MilestoneFinal> {
        let due_at = Instant(self.due_ms);
        Some(MilestoneFinal {
            at,
            gives: read_gives(&self.gives)?,
            value: self.value.read()?,
            due_at,
        })
    }
}
