//! `POST /v1/conversions` and `POST /v1/conversions/unverified`.

use crate::flows::conversion;
use crate::http::{Answer, Handled, Request};
use crate::tracker::Tracker;
use crate::{access, programs};
use goodword_api::requests::{ConversionReport, UnverifiedConversion};

pub(crate) async fn post(tracker: &Tracker<'_>, request: &Request) -> Handled {
    access::server(tracker, request)?;
    let report = ConversionReport::read(&request.json()?)?;
    let current = programs::load(tracker.store, &report.program).await?;
    let (status, answer) = conversion::report(tracker, &current, &report).await?;
    Ok(Answer::json(status, &answer))
}

pub(crate) async fn post_unverified(tracker: &Tracker<'_>, request: &Request) -> Handled {
    let report = UnverifiedConversion::read(&request.json()?)?;
    let current = programs::load(tracker.store, &report.program).await?;
    let origin = access::page(request, current.program())?;
    let answer = conversion::report_unverified(tracker, &current, &report).await?;
    Ok(Answer::json(202, &answer).for_origin(origin))
}
