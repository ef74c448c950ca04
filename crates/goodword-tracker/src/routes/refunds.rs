//! `POST /v1/refunds`.

use crate::flows::refund;
use crate::http::{Answer, Handled, Request};
use crate::tracker::Tracker;
use crate::{access, programs};
use goodword_api::requests::RefundReport;

pub(crate) async fn post(tracker: &Tracker<'_>, request: &Request) -> Handled {
    access::server(tracker, request)?;
    let report = RefundReport::read(&request.json()?)?;
    let current = programs::load(tracker.store, &report.program).await?;
    let (status, answer) = refund::report(tracker, &current, &report).await?;
    Ok(Answer::json(status, &answer))
}
