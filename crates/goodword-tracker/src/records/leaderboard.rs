//! What is kept of a leaderboard.

use super::record::record;

record! {
    /// `leaderboard/{p}`: how the members stand, and the round that is under way. It
    /// names nobody: names are read from the members, so that who left is gone.
    #[derive(Clone, Debug, Default, PartialEq, Eq)]
    pub struct LeaderboardRecord {
        /// When the last round that was finished had begun, in milliseconds since
        /// 1970; 0 before the first.
        pub as_of_ms: i64,
        /// What it found.
        pub standings: StandingsRecord,
        /// When the present round began; 0 while there is none.
        pub begun_ms: i64,
        /// What it has found so far.
        pub so_far: StandingsRecord,
        /// After which member it goes on.
        pub after: String,
    }
}

record! {
    /// Who brought the most friends.
    #[derive(Clone, Debug, Default, PartialEq, Eq)]
    pub struct StandingsRecord {
        /// Codes and friends, the most first.
        pub first: Vec<(String, u32)>,
        /// How many friends those have who just have no place here, and how many such
        /// members there are.
        pub beyond: (u32, u32),
    }
}
