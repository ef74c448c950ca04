//! `GET /v1/programs/{program}/export/{advocates|conversions|rewards|clicks}.csv`.

use crate::export::{Export, What};
use crate::http::{Answer, Handled, Request};
use crate::routes::advocates::link_base;
use crate::tracker::Tracker;
use crate::{access, programs};
use goodword::key::ProgramId;
use http::Method;

/// The answer holds the line of names; the rest is made while it is sent.
pub(crate) async fn get(
    tracker: &Tracker<'_>,
    request: &Request,
    id: &ProgramId,
    file: &str,
    what: What,
) -> Handled {
    access::owner(tracker, request)?;
    programs::load(tracker.store, id).await?;
    let export = Export::new(id, what, link_base(tracker, request));
    let name = format!("attachment; filename=\"{id}-{file}\"");
    let answer = Answer { body: export.header(), ..Answer::empty(200) }
        .with("content-type", "text/csv; charset=utf-8; header=present")
        .with("content-disposition", &name)
        .with("cache-control", "no-store");
    let more = (request.method != Method::HEAD).then_some(export);
    Ok(Answer { more, ..answer })
}
