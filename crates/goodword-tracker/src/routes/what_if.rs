//! `POST /v1/programs/{program}/what-if`: other terms against the facts there
//! are, beside the present ones. Writes nothing.

use crate::flows::what_if::{self, Span};
use crate::http::{Answer, Handled, Request};
use crate::tracker::Tracker;
use crate::{access, lists, programs};
use goodword::key::ProgramId;
use goodword_api::program::ProgramDocument;

pub(crate) async fn post(tracker: &Tracker<'_>, request: &Request, id: &ProgramId) -> Handled {
    access::owner(tracker, request)?;
    let span = Span { from: lists::moment(request, "from")?, to: lists::moment(request, "to")? };
    let other = ProgramDocument::read(request.json()?, Some(id))?.program;
    let current = programs::load(tracker.store, id).await?;
    Ok(Answer::json(200, &what_if::compare(tracker, &current, &other, span).await?))
}
