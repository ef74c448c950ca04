//! `GET`, `POST` and `DELETE /v1/session`: the owner signs in at the
//! dashboard, is told what there is, and signs out.

use crate::access::{self, session};
use crate::http::{Answer, Handled, Request};
use crate::limits::OWNER_KEY_BYTES_MAX;
use crate::programs;
use crate::signing::is_one_of;
use crate::tracker::Tracker;
use goodword::key::ProgramId;
use goodword_api::object;
use goodword_api::problem::{Code, Problem};
use goodword_api::{instant, read};
use serde_json::Value;

/// Every way of being the owner is good enough to ask.
pub(crate) async fn get(tracker: &Tracker<'_>, request: &Request) -> Handled {
    access::owner(tracker, request)?;
    let programs = programs::all(tracker.store).await?;
    let programs: Value = programs.iter().map(ProgramId::as_str).collect();
    Ok(Answer::json(200, &object!({"programs": programs})))
}

/// Only a page of ours takes the key, so that no other one can sign a browser
/// in.
pub(crate) fn post(tracker: &Tracker<'_>, request: &Request) -> Handled {
    access::own_page(request)?;
    let body = request.json()?;
    let key = read::request(&body, |body| body.text("key", OWNER_KEY_BYTES_MAX))?;
    if !is_one_of(&tracker.settings.owner_keys, key) {
        return Err(Problem::new(Code::Unauthorized, "This is not the owner key.").into());
    }
    let ends_at = instant::write(session::end(tracker.now));
    let cookie = session::opened(tracker, key);
    Ok(Answer::json(200, &object!({"expires_at": ends_at})).with("set-cookie", &cookie))
}

/// Whoever is not signed in is signed out afterwards, too.
pub(crate) fn delete(request: &Request) -> Handled {
    access::own_page(request)?;
    Ok(Answer::empty(204).with("cache-control", "no-store").with("set-cookie", &session::closed()))
}
