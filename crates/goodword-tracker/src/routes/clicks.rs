//! `POST /v1/clicks`: somebody arrived at the shop itself with a code in the
//! address, and the page asks for their claim.

use crate::http::{Answer, Handled, Request};
use crate::tracker::Tracker;
use crate::traffic::{self, Traffic, What};
use crate::{access, directory, hashing, programs, robots, signing};
use goodword::claim::Claim;
use goodword::code::ReferralCode;
use goodword::terms::Program;
use goodword_api::problem::{Code, Problem};
use goodword_api::requests::ClickReport;
use goodword_api::{channel, instant};
use serde_json::json;

pub(crate) async fn post(tracker: &Tracker<'_>, request: &Request) -> Handled {
    let report = ClickReport::read(&request.json()?)?;
    let current = programs::load(tracker.store, &report.program).await?;
    let program = current.program();
    let origin = access::page(request, program)?;
    let found = directory::find_active(tracker, &report.program, &report.code).await?;
    let Some((code, _)) = found.filter(|_| program.is_running_at(tracker.now)) else {
        let problem = Problem::new(Code::NotFound, "This code is not active in this program.");
        return Ok(Answer::from(problem).for_origin(origin));
    };
    let claim = claim(tracker, request, program, code, report.channel.as_deref());
    let expires_at = claim.clicked_at.plus_days(program.attribution.window_days);
    let answer = json!({
        "claim": signing::claim_text(&tracker.settings.claim_keys, &claim),
        "expires_at": instant::write(expires_at),
    });
    let answer = Answer::json(200, &answer).for_origin(origin);
    if !robots::is_person(request) {
        return Ok(answer);
    }
    Ok(answer.recording(Traffic {
        program: report.program,
        code,
        what: What::Click,
        channel: traffic::channel(report.channel.as_deref()),
    }))
}

/// The claim of a click that happens now.
pub(crate) fn claim(
    tracker: &Tracker<'_>,
    request: &Request,
    program: &Program,
    code: ReferralCode,
    channel: Option<&str>,
) -> Claim {
    let address = request.header("cf-connecting-ip").unwrap_or_default();
    let agent = request.header("user-agent").unwrap_or_default();
    let mut nonce = [0; 7];
    tracker.random.fill(&mut nonce);
    Claim {
        model: program.attribution.model,
        program: hashing::program(&program.id),
        code,
        clicked_at: tracker.now,
        channel: channel.map_or(0, channel::number_of),
        bucket: hashing::bucket(&tracker.settings.pepper, address, agent),
        nonce,
    }
}
