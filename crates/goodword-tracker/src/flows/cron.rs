//! What the cron does: in every program what is due, within what one
//! invocation may ask of the store.
//!
//! Runs begin with another program each time, so that a busy one does not
//! keep the others waiting for ever.

use crate::flows::delivery::{self, Outgoing};
use crate::flows::{erasure, leaderboard, rollup, settlement};
use crate::http::Failure;
use crate::limits::{
    OPERATIONS_PER_CALL_MAX, OPERATIONS_PER_PROGRAM_MIN, OPERATIONS_TO_LEAD_MAX,
    OPERATIONS_TO_ROLL_UP_MAX, OPERATIONS_TO_ROLL_UP_MIN, POSTS_PER_RUN_MAX,
};
use crate::log;
use crate::programs;
use crate::store::counting::Counting;
use crate::tracker::Tracker;
use goodword::key::ProgramId;
use goodword::time::Instant;
use goodword_api::object;

/// Minutes between two runs, as `wrangler.toml` has it.
const EVERY_MS: i64 = 15 * 60_000;

/// One run. One program's trouble is logged and not the next one's: what was
/// not settled is still due.
pub async fn run(tracker: &Tracker<'_>, outgoing: &Outgoing<'_>) {
    let store = Counting::new(tracker.store);
    let tracker = Tracker { store: &store, ..*tracker };
    let programs = match programs::all(&store).await {
        Ok(programs) => programs,
        Err(error) => return log::failure("programs were not listed", object!({}), error.0),
    };
    erasure::go_on(&tracker).await;
    let mut posts = POSTS_PER_RUN_MAX;
    for id in beginning_at(programs, tracker.now) {
        let left = OPERATIONS_PER_CALL_MAX.saturating_sub(store.operations());
        if left < OPERATIONS_PER_PROGRAM_MIN {
            return;
        }
        let about = || object!({"program": id.as_str()});
        match in_program(&tracker, outgoing, &id, left, &mut posts).await {
            Ok(()) => {}
            Err(Failure::Store(error)) => {
                log::failure("a program was not settled", about(), error.0);
            }
            Err(Failure::Problem(problem)) => {
                log::failure("a program was not settled", about(), problem.detail);
            }
        }
        // Money first; the figures with what is left.
        let left = OPERATIONS_PER_CALL_MAX.saturating_sub(store.operations());
        if left < OPERATIONS_TO_ROLL_UP_MIN {
            return;
        }
        let most = left.min(OPERATIONS_TO_ROLL_UP_MAX);
        if let Err(error) = rollup::roll_up(&store, tracker.now, &id, most).await {
            log::failure("clicks were not added up", about(), error.0);
        }
    }
}

/// Tells what is to be told, then settles with what is left: telling takes a
/// bounded part, settling as much as it may. Then the leaderboard, where there
/// is one, with a part of what is left of that.
async fn in_program(
    tracker: &Tracker<'_>,
    outgoing: &Outgoing<'_>,
    id: &ProgramId,
    left: usize,
    posts: &mut usize,
) -> Result<(), Failure> {
    let store = Counting::new(tracker.store);
    let tracker = Tracker { store: &store, ..*tracker };
    let current = programs::load(tracker.store, id).await?;
    delivery::deliver_due(&tracker, outgoing, &current, posts).await?;
    let room = left.saturating_sub(store.operations());
    settlement::settle_within(&tracker, &current, room).await?;
    let room = left.saturating_sub(store.operations() + OPERATIONS_TO_ROLL_UP_MIN);
    if current.document.has_leaderboard() && room >= OPERATIONS_PER_PROGRAM_MIN {
        let most = room.min(OPERATIONS_TO_LEAD_MAX);
        leaderboard::go_on(&tracker, &current, most, false).await?;
    }
    Ok(())
}

/// The programs in their order, beginning with whose turn it is.
fn beginning_at<T>(mut programs: Vec<T>, now: Instant) -> Vec<T> {
    let turn = usize::try_from(now.0 / EVERY_MS).unwrap_or_default();
    let first = turn.checked_rem(programs.len()).unwrap_or_default();
    programs.rotate_left(first);
    programs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(programs: &[u8], run: i64, order: &[u8]) {
        assert_eq!(beginning_at(programs.to_vec(), Instant(run * EVERY_MS)), order);
    }

    #[test]
    fn each_program_has_its_turn() {
        check(&[], 5, &[]);
        check(&[1], 5, &[1]);
        check(&[1, 2, 3], 0, &[1, 2, 3]);
        check(&[1, 2, 3], 1, &[2, 3, 1]);
        check(&[1, 2, 3], 5, &[3, 1, 2]);
    }
}
