//! `GET /v1/claims/{claim}`: what a checkout needs before payment: is the
//! claim good, who invited, what does the friend get.

use crate::http::{Answer, Handled, Request};
use crate::tracker::Tracker;
use crate::{access, directory, hashing, programs, signing};
use goodword::attribution::Reason;
use goodword_api::instant;
use goodword_api::reward::promise;
use http::header;
use serde_json::{Value, json};

pub(crate) async fn get(tracker: &Tracker<'_>, request: &Request, claim: &str) -> Handled {
    // Pages ask without a key; a server that sends one wants to know if it is
    // wrong.
    if request.header("authorization").is_some() {
        access::server(tracker, request)?;
    }
    let Some(claim) = signing::read_claim(&tracker.settings.claim_keys, claim) else {
        return Ok(refused(Reason::InvalidClaim));
    };
    let Some(record) = directory::find(tracker, claim.code).await? else {
        return Ok(refused(Reason::UnknownCode));
    };
    let id = record.program_id().filter(|id| hashing::program(id) == claim.program);
    let Some(id) = id else { return Ok(refused(Reason::OtherProgram)) };
    let current = programs::load(tracker.store, &id).await?;
    let program = current.program();
    let origin = access::page(request, program)?;

    let expires_at = claim.clicked_at.plus_days(program.attribution.window_days);
    let reason = if expires_at <= tracker.now {
        Some(Reason::OutsideWindow)
    } else if !program.is_running_at(tracker.now) {
        Some(Reason::ProgramInactive)
    } else if record.blocked {
        Some(Reason::AdvocateBlocked)
    } else {
        None
    };
    if let Some(reason) = reason {
        return Ok(refused(reason).for_origin(origin));
    }
    let name = directory::display_name(tracker, &id, claim.code).await?;
    let friend_reward =
        program.friend_reward.as_ref().map(|reward| promise(reward, program.currency));
    let answer = json!({
        "valid": true,
        "program": id.as_str(),
        "code": record.shown,
        "inviter": {"name": name},
        "clicked_at": instant::write(claim.clicked_at),
        "expires_at": instant::write(expires_at),
        "friend_reward": friend_reward,
        "coupon": Value::Null,
    });
    Ok(Answer::json(200, &answer).for_origin(origin))
}

/// A claim that is not good is an outcome with a reason. Pages of any origin
/// may read it: it says nothing about anybody.
fn refused(reason: Reason) -> Answer {
    Answer::json(200, &json!({"valid": false, "reason": reason.as_str()}))
        .with(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*")
}
