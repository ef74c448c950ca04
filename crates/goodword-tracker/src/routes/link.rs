//! `GET /r/{code}`: a friend follows a link.
//!
//! Wherever it leads, it leads to a program's own destination: the visitor
//! chooses at most a path there. A code that names nobody leads to the shop
//! as well, without a claim: a friend never meets a dead end.

mod destination;
mod preview;

use crate::directory;
use crate::http::{Answer, Failure, Handled, Request};
use crate::programs::{self, Current};
use crate::records::CodeRecord;
use crate::routes::clicks::claim;
use crate::tracker::Tracker;
use crate::traffic::{Counts, Traffic};
use crate::{hashing, robots, signing};
use goodword::code::ReferralCode;
use goodword_api::problem::{Code, Problem};
use http::Method;

/// 1. The code and its program are read. Where there is none, the friend is
///    sent to the default program's shop; where it does not run or the
///    advocate is blocked or erased, to its own shop; in both cases without a claim.
/// 2. A robot that makes previews gets a page about the invitation.
/// 3. Everybody else is sent to the program's destination with a claim, and
///    a person is counted.
pub(crate) async fn get(tracker: &Tracker<'_>, request: &Request, code: &str) -> Handled {
    let Some((code, record, current)) = known(tracker, &decoded(code)).await? else {
        return to_default_shop(tracker, request).await;
    };
    let program = current.program();
    if !record.is_active() || !program.is_running_at(tracker.now) {
        return Ok(redirect(&destination::of(program, request, None)));
    }
    if robots::is_preview(request) {
        let name = directory::display_name(tracker, &program.id, code).await?;
        let link = crate::routes::advocates::share_link(tracker, request, &record.shown);
        let draws = hashing::draws(&tracker.settings.pepper, std::iter::once(program), code);
        return Ok(preview::page(&current, &draws, name.as_deref(), &link));
    }
    let channel = request.parameter("c");
    // Whoever only asks what is there gets no claim.
    let claim = (request.method != Method::HEAD).then(|| {
        let claim = claim(tracker, request, program, code, channel.as_deref());
        signing::claim_text(&tracker.settings.claim_keys, &claim)
    });
    let answer = redirect(&destination::of(program, request, claim.as_deref()));
    if !robots::is_person(request) {
        return Ok(answer);
    }
    let click = Counts { clicks: 1, ..Counts::default() };
    let channel = channel.as_deref();
    Ok(answer.recording(Traffic::new(request, program.id.clone(), code, channel, click)))
}

/// People type codes, so a browser may have encoded what they typed.
fn decoded(code: &str) -> String {
    let encoded = format!("code={}", code.replace('+', "%2B"));
    let mut pairs = form_urlencoded::parse(encoded.as_bytes());
    pairs.next().map(|(_, value)| value.into_owned()).unwrap_or_default()
}

/// The advocate of a code and their program. What cannot be a code costs no
/// look-up.
async fn known(
    tracker: &Tracker<'_>,
    text: &str,
) -> Result<Option<(ReferralCode, CodeRecord, Current)>, Failure> {
    let Some(code) = ReferralCode::parse(text) else { return Ok(None) };
    let Some(record) = directory::find(tracker, code).await? else { return Ok(None) };
    let Some(id) = record.program_id() else { return Ok(None) };
    let current = programs::find(tracker.store, &id).await?;
    Ok(current.map(|current| (code, record, current)))
}

async fn to_default_shop(tracker: &Tracker<'_>, request: &Request) -> Handled {
    let current = match &tracker.settings.default_program {
        Some(id) => programs::find(tracker.store, id).await?,
        None => None,
    };
    match current {
        Some(current) => Ok(redirect(&destination::of(current.program(), request, None))),
        None => Err(Problem::new(Code::NotFound, "This link leads nowhere.").into()),
    }
}

/// A redirect that no browser keeps: the next click is another one.
fn redirect(location: &str) -> Answer {
    Answer::empty(302).with("location", location).with("cache-control", "no-store")
}
