//! `GET /v1/programs/{program}/advocates`: everybody who recommends, with
//! filters and pages; `POST …/advocates/{code}/block` and `/unblock`.

use crate::flows::standing;
use crate::http::{Answer, Handled, Request};
use crate::lists::advocates::{Filter, page};
use crate::lists::{self, cursor};
use crate::routes::advocates::link_base;
use crate::routes::decisions::decision;
use crate::tracker::Tracker;
use crate::traffic::ByAdvocate;
use crate::{access, programs};
use goodword::code::ReferralCode;
use goodword::key::ProgramId;
use goodword_api::object;
use goodword_api::problem::{Code, Problem};
use serde_json::Value;

pub(crate) async fn get(tracker: &Tracker<'_>, request: &Request, id: &ProgramId) -> Handled {
    access::owner(tracker, request)?;
    let filter = Filter {
        code: lists::code(request, "code")?,
        group: request.parameter("group"),
        status: lists::word(request, "status", &["active", "blocked", "erased"])?,
        query: request.parameter("q"),
        invited_by: lists::code(request, "invited_by")?,
    };
    let (limit, from) = (lists::limit(request)?, lists::from(request)?);
    let current = programs::load(tracker.store, id).await?;
    let traffic = ByAdvocate::load(tracker.store, tracker.now, id).await?;
    let (rows, next) = page(tracker, &current, &filter, limit, from, Some(&traffic)).await?;
    let base = link_base(tracker, request);
    let data: Value = rows.iter().map(|row| row.shown(base)).collect();
    let next = next.map(|places| cursor(&places));
    Ok(Answer::json(200, &object!({"data": data, "next_cursor": next})))
}

pub(crate) async fn decide(
    tracker: &Tracker<'_>,
    request: &Request,
    id: &ProgramId,
    code: &str,
    verdict: &str,
) -> Handled {
    let decision = decision(tracker, request)?;
    let current = programs::load(tracker.store, id).await?;
    let unknown = || Problem::new(Code::NotFound, "There is no such advocate.");
    let code = ReferralCode::parse(code).ok_or_else(unknown)?;
    let answer = standing::decide(tracker, &current, code, verdict, decision).await?;
    Ok(Answer::json(200, &answer))
}
