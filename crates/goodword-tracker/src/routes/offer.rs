//! `GET /v1/programs/{program}/offer`: what a page needs to speak.

use crate::http::{Answer, Handled, Request};
use crate::tracker::Tracker;
use crate::{access, directory, hashing, programs};
use goodword::book::next_change;
use goodword::key::ProgramId;
use goodword::terms::Program;
use goodword::time::Instant;
use goodword_api::offer::{Inviter, offer};

pub(crate) async fn get(tracker: &Tracker<'_>, request: &Request, id: &ProgramId) -> Handled {
    let current = programs::load(tracker.store, id).await?;
    let origin = access::page(request, current.program())?;
    let code = request.parameter("code").unwrap_or_default();
    let advocate = directory::find_active(tracker, id, &code).await?;
    let draws = advocate.as_ref().map(|(code, _)| {
        let program = std::iter::once(current.program());
        hashing::draws(&tracker.settings.pepper, program, *code)
    });
    let inviter = match advocate {
        Some((code, record)) => Some(Inviter {
            code: record.shown,
            name: directory::display_name(tracker, id, code).await?,
        }),
        None => None,
    };
    let locale = request.parameter("locale");
    let body = offer(
        &current.document,
        locale.as_deref(),
        inviter.as_ref(),
        &draws.unwrap_or_default(),
        tracker.now,
    );
    let cached = format!("public, max-age={}", seconds_unchanged(current.program(), tracker.now));
    let answer = Answer::json(200, &body).with("cache-control", &cached);
    Ok(match origin {
        Some(_) => answer.for_origin(origin),
        None => answer.with("vary", "origin"),
    })
}

/// A minute, as long as the store itself may answer from its cache, or until a
/// boost begins or ends: what is promised is what is paid.
fn seconds_unchanged(program: &Program, now: Instant) -> i64 {
    let change = next_change(program, now).map_or(i64::MAX, |change| change.0 - now.0);
    (change / 1_000).min(60)
}
