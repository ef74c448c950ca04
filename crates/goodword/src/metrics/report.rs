//! Tallies grouped by what the owner wants to compare.
//!
//! Every fact lies in exactly one slice of each dimension, so the slices add
//! up to the whole. Memory grows with the number of slices, never with the
//! number of facts: ten million tallies of clicks may stream through.

use super::fact::{Day, Device, Fact, Place};
use super::figures::Figures;
use super::tally::Tally;
use crate::code::ReferralCode;
use crate::sorted::Map;

/// What to group by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dimension {
    /// The day something happened. A rate of a day compares what happened on
    /// it: a friend may buy on another day than they clicked.
    Day,
    /// The channel.
    Channel,
    /// The device of whoever acted.
    Device,
    /// The advocate's group.
    Group,
    /// The advocate's variant in an experiment.
    Variant,
    /// The advocate.
    Advocate,
}

/// One value of a dimension; 0, `Unknown` or `None` where facts have none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Slice {
    /// A day.
    Day(Day),
    /// A channel.
    Channel(u8),
    /// A device.
    Device(Device),
    /// A group.
    Group(u16),
    /// A variant.
    Variant(u16),
    /// An advocate.
    Advocate(Option<ReferralCode>),
}

impl Dimension {
    /// Every dimension.
    pub const ALL: [Dimension; 6] = [
        Dimension::Day,
        Dimension::Channel,
        Dimension::Device,
        Dimension::Group,
        Dimension::Variant,
        Dimension::Advocate,
    ];

    /// The dimension as the contract spells it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Dimension::Day => "day",
            Dimension::Channel => "channel",
            Dimension::Device => "device",
            Dimension::Group => "group",
            Dimension::Variant => "variant",
            Dimension::Advocate => "advocate",
        }
    }

    /// The dimension of this name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Dimension::ALL.into_iter().find(|dimension| dimension.as_str() == text)
    }

    /// The slice a place lies in.
    #[must_use]
    pub fn slice(self, place: &Place) -> Slice {
        match self {
            Dimension::Day => Slice::Day(place.day),
            Dimension::Channel => Slice::Channel(place.channel),
            Dimension::Device => Slice::Device(place.device),
            Dimension::Group => Slice::Group(place.group),
            Dimension::Variant => Slice::Variant(place.variant),
            Dimension::Advocate => Slice::Advocate(place.advocate),
        }
    }
}

/// A tally for each slice of a dimension.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    by: Dimension,
    tallies: Map<Slice, Tally>,
}

impl Report {
    /// A report without facts.
    #[must_use]
    pub fn new(by: Dimension) -> Self {
        Report { by, tallies: Map::new() }
    }

    /// A report of these facts. They must differ from each other, as those
    /// of a [`FactSet`](super::FactSet) do, and as those do that a store
    /// keeps under one key each.
    #[must_use]
    pub fn of<'a>(by: Dimension, facts: impl IntoIterator<Item = &'a Fact>) -> Self {
        let mut report = Report::new(by);
        facts.into_iter().for_each(|fact| report.add(fact));
        report
    }

    /// Counts one more fact.
    pub fn add(&mut self, fact: &Fact) {
        self.tallies.or_default(self.by.slice(&fact.place())).add(fact);
    }

    /// Counts all that another report of the same dimension counted. Returns
    /// whether it is of the same; if not, nothing was counted.
    #[must_use]
    pub fn merge(&mut self, other: &Report) -> bool {
        if self.by != other.by {
            return false;
        }
        for (slice, tally) in other.tallies.iter() {
            self.tallies.or_default(*slice).merge(tally);
        }
        true
    }

    /// What it is grouped by.
    #[must_use]
    pub fn by(&self) -> Dimension {
        self.by
    }

    /// The tallies, by slice.
    pub fn tallies(&self) -> impl Iterator<Item = (Slice, &Tally)> {
        self.tallies.iter().map(|(slice, tally)| (*slice, tally))
    }

    /// All slices together. The same whatever the dimension.
    #[must_use]
    pub fn whole(&self) -> Tally {
        let mut whole = Tally::default();
        self.tallies.values().for_each(|tally| whole.merge(tally));
        whole
    }

    /// The metrics of all slices together.
    #[must_use]
    pub fn total(&self) -> Figures {
        Figures::of_whole(&self.whole())
    }

    /// The metrics of each slice.
    pub fn figures(&self) -> impl Iterator<Item = (Slice, Figures)> {
        let whole = self.whole();
        self.tallies.iter().map(move |(slice, own)| (*slice, Figures::of(self.by, own, &whole)))
    }
}
