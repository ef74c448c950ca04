//! `POST /v1/shares`: an advocate pressed a channel.

use crate::http::{Answer, Handled, Request};
use crate::tracker::Tracker;
use crate::traffic::{Counts, Traffic};
use crate::{access, directory, programs};
use goodword_api::object;
use goodword_api::requests::ShareReport;

pub(crate) async fn post(tracker: &Tracker<'_>, request: &Request) -> Handled {
    let report = ShareReport::read(&request.json()?)?;
    let current = programs::load(tracker.store, &report.program).await?;
    let origin = access::page(request, current.program())?;
    let answer = Answer::json(202, &object!({})).for_origin(origin);
    // A code that names nobody is accepted alike and counted nowhere: this
    // route tells nobody which codes exist.
    match directory::find_active(tracker, &report.program, &report.code).await? {
        Some((code, _)) => {
            let share = Counts { shares: 1, ..Counts::default() };
            let channel = Some(report.channel.as_ref());
            Ok(answer.recording(Traffic::new(request, report.program, code, channel, share)))
        }
        None => Ok(answer),
    }
}
