//! `POST /v1/programs/{program}/settle`: the cron's work, now.

use crate::flows::{leaderboard, settlement};
use crate::http::{Answer, Handled, Request};
use crate::limits::OPERATIONS_TO_LEAD_BY_HAND;
use crate::tracker::Tracker;
use crate::{access, programs};
use goodword::key::ProgramId;
use goodword_api::object;

pub(crate) async fn post(tracker: &Tracker<'_>, request: &Request, id: &ProgramId) -> Handled {
    access::owner(tracker, request)?;
    let current = programs::load(tracker.store, id).await?;
    let done = settlement::settle(tracker, &current).await?;
    if current.document.has_leaderboard() {
        leaderboard::go_on(tracker, &current, OPERATIONS_TO_LEAD_BY_HAND, true).await?;
    }
    let answer = object!({"settled": done.settled, "remaining": done.remaining});
    Ok(Answer::json(200, &answer))
}
