//! `GET /v1/claims/{claim}`: what a checkout needs before payment: is the
//! claim good, who invited, what does the friend get.

use crate::http::{Answer, Failure, Handled, Request};
use crate::tracker::Tracker;
use crate::{access, directory, hashing, keys, programs, signing};
use goodword::attribution::Reason;
use goodword::code::ReferralCode;
use goodword::terms::{Block, Program, Which};
use goodword_api::instant;
use goodword_api::object;
use goodword_api::offer::{friend_reward, locale_for};
use goodword_api::reward::currency_digits;
use serde_json::Value;

pub(crate) async fn get(tracker: &Tracker<'_>, request: &Request, claim: &str) -> Handled {
    let customer = customer(tracker, request)?;
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
    } else if !record.is_active() {
        Some(Reason::AdvocateBlocked)
    } else {
        against(tracker, program, claim.code, &customer).await?
    };
    if let Some(reason) = reason {
        return Ok(refused(reason).for_origin(origin));
    }
    let name = directory::display_name(tracker, &id, claim.code).await?;
    let draws = hashing::draws(&tracker.settings.pepper, std::iter::once(program), claim.code);
    let friend_reward = friend_reward(program, &draws, tracker.now);
    let mut answer = object!({
        "valid": true,
        "program": id.as_str(),
        "code": record.shown,
        "inviter": object!({"name": name}),
        "clicked_at": instant::write(claim.clicked_at),
        "expires_at": instant::write(expires_at),
        "coupon": friend_reward.as_ref().and(current.document.coupon()),
        "friend_reward": friend_reward,
        "currency_digits": currency_digits(&[program.currency]),
    });
    if let (Value::Object(fields), Some(wish)) = (&mut answer, request.parameter("locale")) {
        let (locale, matches) = locale_for(program, Some(&wish));
        fields.insert("locale_matches".to_owned(), matches.into());
        fields.insert("texts".to_owned(), current.document.texts(locale, &draws));
    }
    Ok(Answer::json(200, &answer).for_origin(origin))
}

/// What the shop's server knows about who is at the checkout.
struct Customer {
    id: Option<String>,
    email: Option<String>,
}

/// Pages ask without a key, and about nobody. A server that sends a key wants
/// to know if it is wrong, and may say who is asking.
fn customer(tracker: &Tracker<'_>, request: &Request) -> Result<Customer, Failure> {
    let (id, email) = (request.parameter("customer_id"), request.parameter("email"));
    if request.header("authorization").is_some() || id.is_some() || email.is_some() {
        access::server(tracker, request)?;
    }
    Ok(Customer { id, email })
}

/// Why this customer would earn nothing with this claim, so that a shop does
/// not give a discount that no reward stands behind.
async fn against(
    tracker: &Tracker<'_>,
    program: &Program,
    code: ReferralCode,
    customer: &Customer,
) -> Result<Option<Reason>, Failure> {
    let pepper = &tracker.settings.pepper;
    let id = customer.id.as_deref().map(|id| hashing::customer(pepper, &program.id, id));
    let email = customer.email.as_deref();
    let email = email.map(|address| hashing::email(pepper, &program.id, address));
    for (person, rule) in [(id, Block::SelfReferral), (email, Block::SameEmail)] {
        let Some(person) = person.filter(|_| program.fraud.blocks(rule)) else { continue };
        if directory::code_of(tracker, &program.id, person).await? == Some(code) {
            return Ok(Some(Reason::SelfReferral));
        }
    }
    let Some(id) = id.filter(|_| program.qualifies.which == Which::First) else {
        return Ok(None);
    };
    let orders = tracker.store.list(&keys::friend(&program.id, id), None).await?;
    Ok((!orders.entries.is_empty()).then_some(Reason::NotFirstPurchase))
}

/// A claim that is not good is an outcome with a reason. Pages of any origin
/// may read it: it says nothing about anybody.
fn refused(reason: Reason) -> Answer {
    Answer::json(200, &object!({"valid": false, "reason": reason.as_str()}))
        .with("access-control-allow-origin", "*")
}
