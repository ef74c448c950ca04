//! `GET /v1/programs/{program}/conversions`: every order that was reported,
//! attributed or not, with filters and pages.

use crate::http::{Answer, Handled, Request};
use crate::lists::conversions::{ATTRIBUTED, Filter, UNATTRIBUTED, UNVERIFIED, page, shown};
use crate::lists::{self, cursor};
use crate::tracker::Tracker;
use crate::{access, programs};
use goodword::key::ProgramId;
use goodword_api::object;

pub(crate) async fn get(tracker: &Tracker<'_>, request: &Request, id: &ProgramId) -> Handled {
    access::owner(tracker, request)?;
    let filter = Filter {
        outcome: lists::word(request, "outcome", &[ATTRIBUTED, UNATTRIBUTED, UNVERIFIED])?,
        code: lists::code(request, "code")?,
        from: lists::moment(request, "from")?,
        to: lists::moment(request, "to")?,
    };
    let (limit, from) = (lists::limit(request)?, lists::from(request)?);
    let current = programs::load(tracker.store, id).await?;
    let (rows, next) = page(tracker, &current, &filter, limit, from).await?;
    let data = shown(tracker, &rows).await?;
    let next = next.map(|place| cursor(&place));
    Ok(Answer::json(200, &object!({"data": data, "next_cursor": next})))
}
