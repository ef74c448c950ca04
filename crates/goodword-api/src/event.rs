//! The events a shop's server can hear of, as webhooks name them.

use goodword::reward::Entry;

/// What an event tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum EventKind {
    /// A customer became an advocate.
    AdvocateEnrolled,
    /// An order is an advocate's doing.
    ConversionAttributed,
    /// An order is held for a person to look at.
    ConversionFlagged,
    /// A reward was earned.
    RewardPending,
    /// A reward is final.
    RewardConfirmed,
    /// A reward was undone, wholly or in part, before it was final.
    RewardVoided,
    /// A reward was undone, wholly or in part, after it was final.
    RewardClawedBack,
    /// An advocate reached a number of friends.
    MilestoneReached,
    /// An advocate is unlikely to recommend the shop.
    RatingLow,
}

impl EventKind {
    /// All of them.
    pub const ALL: [EventKind; 9] = [
        EventKind::AdvocateEnrolled,
        EventKind::ConversionAttributed,
        EventKind::ConversionFlagged,
        EventKind::RewardPending,
        EventKind::RewardConfirmed,
        EventKind::RewardVoided,
        EventKind::RewardClawedBack,
        EventKind::MilestoneReached,
        EventKind::RatingLow,
    ];

    /// The name the contract gives it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            EventKind::AdvocateEnrolled => "advocate.enrolled",
            EventKind::ConversionAttributed => "conversion.attributed",
            EventKind::ConversionFlagged => "conversion.flagged",
            EventKind::RewardPending => "reward.pending",
            EventKind::RewardConfirmed => "reward.confirmed",
            EventKind::RewardVoided => "reward.voided",
            EventKind::RewardClawedBack => "reward.clawed_back",
            EventKind::MilestoneReached => "milestone.reached",
            EventKind::RatingLow => "rating.low",
        }
    }

    /// Reads a name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        EventKind::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// What a new entry in a reward's ledger tells. That it was handed over,
    /// whoever did so knows.
    #[must_use]
    pub fn of_entry(entry: Entry) -> Option<Self> {
        match entry {
            Entry::Accrual(_) => Some(EventKind::RewardPending),
            Entry::Confirmation => Some(EventKind::RewardConfirmed),
            Entry::Void(_) => Some(EventKind::RewardVoided),
            Entry::Clawback(_) => Some(EventKind::RewardClawedBack),
            Entry::Fulfilment => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_read_again() {
        for kind in EventKind::ALL {
            assert_eq!(EventKind::parse(kind.as_str()), Some(kind));
        }
        assert_eq!(EventKind::parse("reward"), None);
    }
}
