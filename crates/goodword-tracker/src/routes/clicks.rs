//! `POST /v1/clicks`: somebody arrived at the shop itself with a code in the
//! address, and the page asks for their claim.

use crate::http::{Answer, Handled, Request};
use crate::tracker::Tracker;
use crate::traffic::{Counts, Traffic};
use crate::{access, directory, hashing, programs, robots, signing};
use goodword::claim::Claim;
use goodword::code::ReferralCode;
use goodword::terms::Program;
use goodword_api::object;
use goodword_api::problem::{Code, Problem};
use goodword_api::requests::ClickReport;
use goodword_api::{channel, instant};

pub(crate) async fn post(tracker: &Tracker<'_>, request: &Request) -> Handled {
    let report = ClickReport::read(&request.json()?)?;
    let current = programs::load(tracker.store, &report.program).await?;
    let program = current.program();
    let origin = access::page(request, program)?;
    if let Some(claim) = &report.claim {
        return Ok(first_of_person(tracker, request, program, claim).for_origin(origin));
    }
    let found = directory::find_active(tracker, &report.program, &report.code).await?;
    let Some((code, _)) = found.filter(|_| program.is_running_at(tracker.now)) else {
        let problem = Problem::new(Code::NotFound, "This code is not active in this program.");
        return Ok(Answer::from(problem).for_origin(origin));
    };
    let claim = claim(tracker, request, program, code, report.channel.as_deref());
    let expires_at = claim.clicked_at.plus_days(program.attribution.window_days);
    let answer = object!({
        "claim": signing::claim_text(&tracker.settings.claim_keys, &claim),
        "expires_at": instant::write(expires_at),
    });
    let answer = Answer::json(200, &answer).for_origin(origin);
    if !robots::is_person(request) {
        return Ok(answer);
    }
    let people = u64::from(report.first && !is_private(request));
    let click = Counts { clicks: 1, people, shares: 0 };
    let channel = report.channel.as_deref();
    Ok(answer.recording(Traffic::new(request, report.program, code, channel, click)))
}

/// A page tells that the link it was reached by is the first this person
/// followed. What is no claim of this program is accepted alike and counted
/// nowhere.
fn first_of_person(
    tracker: &Tracker<'_>,
    request: &Request,
    program: &Program,
    claim: &str,
) -> Answer {
    let answer = Answer::json(200, &object!({}));
    let claim = signing::read_claim(&tracker.settings.claim_keys, claim)
        .filter(|claim| claim.program == hashing::program(&program.id));
    let Some(claim) = claim else { return answer };
    if is_private(request) || !robots::is_person(request) {
        return answer;
    }
    let person = Counts { people: 1, ..Counts::default() };
    let channel = channel::name_of(claim.channel);
    answer.recording(Traffic::new(request, program.id.clone(), claim.code, channel, person))
}

/// Whether this person asks not to be followed around: their clicks are
/// counted, they themselves are not.
fn is_private(request: &Request) -> bool {
    request.header("sec-gpc").is_some_and(|value| value.trim() == "1")
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
