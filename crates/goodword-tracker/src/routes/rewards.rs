//! `GET /v1/programs/{program}/rewards`: all rewards, by advocate and then by
//! the time of their orders, with filters and pages.

use crate::http::{Answer, Handled, Request};
use crate::limits::LIST_GROUPS_MAX;
use crate::lists::rewards::{Filter, page};
use crate::lists::{self, cursor};
use crate::tracker::Tracker;
use crate::{access, programs};
use goodword::key::ProgramId;
use goodword_api::object;
use goodword_api::problem::Problem;

pub(crate) async fn get(tracker: &Tracker<'_>, request: &Request, id: &ProgramId) -> Handled {
    access::owner(tracker, request)?;
    let filter = filter(request)?;
    let (limit, from) = (lists::limit(request)?, lists::from(request)?);
    let current = programs::load(tracker.store, id).await?;
    let most = (limit, LIST_GROUPS_MAX);
    let (data, next) = page(tracker, &current, &filter, most, from).await?;
    let next = next.map(|from| cursor(&from));
    Ok(Answer::json(200, &object!({"data": data, "next_cursor": next})))
}

fn filter(request: &Request) -> Result<Filter, Problem> {
    let words: [(&'static str, &[&str]); 2] = [
        ("status", &["pending", "confirmed", "fulfilled", "voided", "clawed_back"]),
        ("side", &["advocate", "friend"]),
    ];
    let mut fields = Vec::new();
    for (name, allowed) in words {
        fields.extend(lists::word(request, name, allowed)?.map(|value| (name, value)));
    }
    fields.extend(request.parameter("order_id").map(|order_id| ("order_id", order_id)));
    Ok(Filter { code: lists::code(request, "code")?, fields })
}
