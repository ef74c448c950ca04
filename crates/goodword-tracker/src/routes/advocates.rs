//! `POST /v1/advocates`: a customer becomes an advocate, or is found to be
//! one.

use crate::flows::enrolment::{Newcomer, enrol};
use crate::http::{Answer, Handled, Request};
use crate::routes::me::summary;
use crate::sealing::Person;
use crate::signing::{self, AdvocateToken};
use crate::tracker::Tracker;
use crate::{access, events, identity, outbox, programs};
use goodword_api::object;
use goodword_api::problem::{Code, Problem};
use goodword_api::requests::{Enrolment, Who};
use serde_json::Value;

/// 1. The page must be one of the program's.
/// 2. A signed identity is verified; an e-mail address is nobody's word.
/// 3. The customer is enrolled or found.
/// 4. Figures and a token go only to a signed identity. By e-mail, known and
///    unknown addresses get the same answer.
pub(crate) async fn post(tracker: &Tracker<'_>, request: &Request) -> Handled {
    let enrolment = Enrolment::read(&request.json()?)?;
    let current = programs::load(tracker.store, &enrolment.program).await?;
    let origin = access::page(request, current.program())?;

    let signed = match &enrolment.who {
        Who::Identity(token) => Some(verified(tracker, &enrolment, token)?),
        Who::Email(_) => None,
    };
    let is_vouched_for = signed.is_some();
    let group = signed.as_ref().and_then(|identity| identity.group.clone());
    let person = person(&enrolment, signed);
    let display_name = person.display_name.clone();
    let newcomer = Newcomer {
        current: &current,
        person,
        is_vouched_for,
        group,
        claim: enrolment.claim.as_deref(),
    };
    let (code, record) = enrol(tracker, newcomer).await?;

    let answer = if is_vouched_for {
        let token = AdvocateToken { code, issued_at: tracker.now };
        object!({
            "code": record.shown,
            "share_link": share_link(tracker, request, &record.shown),
            "token": signing::token_text(&tracker.settings.claim_keys, &token),
            "summary": summary(tracker, request, &current, code, &record).await?,
        })
    } else {
        let shown = code.with_name(display_name.as_deref().unwrap_or_default());
        let link = share_link(tracker, request, &shown);
        let locale = enrolment.locale.as_deref();
        // The letter's link is kept until it is sent, so it names nobody.
        let bare = share_link(tracker, request, &code.to_string());
        let asked = events::link_asked(&enrolment.program, code, &bare, locale);
        outbox::tell(tracker, &current, vec![asked]).await?;
        object!({"code": shown, "share_link": link, "token": Value::Null, "summary": Value::Null})
    };
    Ok(Answer::json(200, &answer).for_origin(origin))
}

fn verified(
    tracker: &Tracker<'_>,
    enrolment: &Enrolment,
    token: &str,
) -> Result<identity::Identity, Problem> {
    let secrets = &tracker.settings.identity_secrets;
    identity::read(secrets, &enrolment.program, tracker.now, token).map_err(|refusal| {
        let problem = Problem::field("identity", &refusal);
        Problem { code: Code::Unauthorized, ..problem }
    })
}

/// What is known about them: what the shop signed, and the name they chose
/// on the page.
fn person(enrolment: &Enrolment, signed: Option<identity::Identity>) -> Person {
    let chosen = enrolment.display_name.clone();
    match (signed, &enrolment.who) {
        (Some(identity), _) => Person {
            customer_id: Some(identity.sub),
            email: identity.email,
            display_name: chosen.or_else(|| identity.name.as_deref().and_then(first_name)),
            former_emails: Vec::new(),
        },
        (None, Who::Email(address)) => {
            Person { email: Some(address.clone()), display_name: chosen, ..Person::default() }
        }
        (None, Who::Identity(_)) => Person::default(),
    }
}

/// Friends are greeted by a first name; the family's is nobody's business.
fn first_name(name: &str) -> Option<String> {
    let first = name.split_whitespace().next()?;
    let longest = goodword_api::limits::DISPLAY_NAME_BYTES_MAX;
    (first.len() <= longest).then(|| first.to_owned())
}

/// The link of a code.
pub(crate) fn share_link(tracker: &Tracker<'_>, request: &Request, shown: &str) -> String {
    format!("{}/r/{shown}", link_base(tracker, request))
}

/// Where links begin.
pub(crate) fn link_base<'a>(tracker: &'a Tracker<'_>, request: &'a Request) -> &'a str {
    tracker.settings.public_url.as_deref().unwrap_or(&request.origin)
}
