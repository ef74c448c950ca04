//! Who brought the most friends, among the advocates who want that to be seen.
//!
//! A round goes from member to member, in the order of codes, lists the book of
//! each and keeps the best few. Where it stops short it writes down what it has
//! found and after whom it goes on; that is good by itself, so rounds that
//! overlap or die do no harm. When it is through, what it found takes the place
//! of what the last one did. Who asks reads that and nothing else.

use crate::books::KeptBook;
use crate::keys;
use crate::limits::{LEADERBOARD_KEPT, LEADERBOARD_MS};
use crate::programs::{self, Current};
use crate::records::{LeaderboardRecord, StandingsRecord, read, write};
use crate::sealing;
use crate::store::counting::Counting;
use crate::store::{Keep, StoreError, get};
use crate::tracker::Tracker;
use crate::walk::{Found, Place, Walk};
use core::cmp::Reverse;
use goodword::code::ReferralCode;
use goodword::key::ProgramId;
use goodword::sorted;
use goodword::time::Instant;

impl StandingsRecord {
    /// Takes in a member who was not there before. Those with as many friends
    /// stand by their codes.
    pub fn add(&mut self, code: String, friends: u32) {
        self.first.push((code, friends));
        sorted::sort_by_key(&mut self.first, |(code, friends)| (Reverse(*friends), code.clone()));
        if self.first.len() <= LEADERBOARD_KEPT {
            return;
        }
        if let Some((_, friends)) = self.first.pop() {
            let (of_last, count) = self.beyond;
            self.beyond = (friends, if of_last == friends { count + 1 } else { 1 });
        }
    }
}

/// The standings as they are kept.
///
/// # Errors
/// Whatever the store says.
pub async fn load(
    tracker: &Tracker<'_>,
    program: &ProgramId,
) -> Result<LeaderboardRecord, StoreError> {
    let key = keys::leaderboard(program);
    match get(tracker.store, &key).await? {
        Some(body) => read(&key, &body),
        None => Ok(LeaderboardRecord::default()),
    }
}

/// The name under which an advocate wants to be seen, from what is kept of it.
#[must_use]
pub fn name(tracker: &Tracker<'_>, key: &str, body: Option<&String>) -> Option<String> {
    sealing::open_text(&tracker.settings.seal_keys, key, body?)
}

/// Goes on with the round, for about so many operations. A new one begins where
/// the last is old enough, or where that is wanted at once.
///
/// # Errors
/// Whatever the store says.
pub async fn go_on(
    tracker: &Tracker<'_>,
    current: &Current,
    operations: usize,
    is_at_once: bool,
) -> Result<(), StoreError> {
    let store = Counting::new(tracker.store);
    let tracker = &Tracker { store: &store, ..*tracker };
    let program = &current.program().id;
    let mut board = load(tracker, program).await?;
    let is_first = board.as_of_ms == 0;
    if board.begun_ms == 0 {
        let is_old = Instant(board.as_of_ms).plus_ms(LEADERBOARD_MS) <= tracker.now;
        if !is_old && !is_at_once {
            return Ok(());
        }
        board.begun_ms = tracker.now.0;
    }
    let terms = programs::history(tracker.store, current, Instant(i64::MIN)).await?;
    let from = Place { page: None, after: core::mem::take(&mut board.after) };
    let mut members = Walk::new(tracker.store, keys::members(program), 2, from, operations);
    let mut after = members.place().after.clone();
    let is_through = loop {
        if store.operations() >= operations {
            break false;
        }
        let member = match members.next().await? {
            Found::Group(member) => member.name,
            Found::Nothing => break true,
            Found::Cut => break false,
        };
        if let Some(code) = ReferralCode::parse(&member) {
            let friends = KeptBook::load(tracker, program, code).await?.friends(&terms, false);
            if friends > 0 {
                board.so_far.add(member.clone(), u32::try_from(friends).unwrap_or(u32::MAX));
            }
        }
        after = member;
    };
    if is_through {
        board = LeaderboardRecord {
            as_of_ms: board.begun_ms,
            standings: board.so_far,
            ..LeaderboardRecord::default()
        };
        // Where nobody was and nobody is there is nothing to keep.
        if is_first && board.standings.first.is_empty() {
            return Ok(());
        }
    } else {
        board.after = after;
    }
    tracker.store.put(&keys::leaderboard(program), &write(&board), Keep::Forever).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_are_kept_and_those_beside_the_last_are_counted() {
        let stand = |friends: &[u32]| {
            let mut board = StandingsRecord::default();
            for (place, friends) in friends.iter().enumerate() {
                board.add(format!("{place:03}"), *friends);
            }
            let kept: Vec<u32> = board.first.iter().map(|(_, friends)| *friends).collect();
            (kept, board.beyond)
        };
        assert_eq!(stand(&[1, 3, 2]), (vec![3, 2, 1], (0, 0)));
        let ones = vec![1; LEADERBOARD_KEPT];
        assert_eq!(stand(&ones), (ones.clone(), (0, 0)));
        assert_eq!(stand(&[&ones[..], &[1, 1]].concat()), (ones.clone(), (1, 2)));
        let (kept, beyond) = stand(&[&ones[..], &[1, 5]].concat());
        assert_eq!((kept[0], kept.len(), beyond), (5, LEADERBOARD_KEPT, (1, 2)));
        let twos = vec![2; LEADERBOARD_KEPT];
        assert_eq!(stand(&[&[1, 1][..], &twos].concat()), (twos.clone(), (1, 2)));
        assert_eq!(stand(&[&[1][..], &twos, &[2]].concat()), (twos, (2, 1)));
    }
}
