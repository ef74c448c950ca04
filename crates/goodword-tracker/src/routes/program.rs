//! `GET` and `PUT /v1/programs/{program}`: an owner's terms.

use crate::http::{Answer, Handled, Request};
use crate::keys;
use crate::records::{TermsRecord, write};
use crate::store::{Keep, scan};
use crate::tracker::Tracker;
use crate::{access, programs};
use goodword::key::ProgramId;
use goodword_api::program::ProgramDocument;

pub(crate) async fn get(tracker: &Tracker<'_>, request: &Request, id: &ProgramId) -> Handled {
    access::owner(tracker, request)?;
    let current = programs::load(tracker.store, id).await?;
    Ok(Answer::json(200, &current.document.document))
}

/// New terms apply from now on; earlier ones stay in force for the orders of
/// their time. The version is written before the pointer to it.
pub(crate) async fn put(tracker: &Tracker<'_>, request: &Request, id: &ProgramId) -> Handled {
    access::owner(tracker, request)?;
    let document = ProgramDocument::read(request.json()?, Some(id))?.document;
    let current = programs::find(tracker.store, id).await?;
    // Either read may be old; only if both know of nothing it is the first.
    let is_first = current.is_none() && scan(tracker.store, &keys::all_terms(id)).await?.is_empty();
    let record = TermsRecord { from_ms: tracker.now.0, is_first, document };
    let body = write(&record);
    tracker.store.put(&keys::terms(id, tracker.now), &body, Keep::Forever).await?;
    tracker.store.put(&keys::program(id), &body, Keep::Forever).await?;
    let status = if current.is_some() { 200 } else { 201 };
    Ok(Answer::json(status, &record.document))
}
