//! `GET /v1/programs/{program}/report?from=&to=&by=`: the numbers an owner
//! sees.

use crate::http::{Answer, Handled, Request};
use crate::limits::{REPORT_DAYS_DEFAULT, REPORT_DAYS_MAX};
use crate::programs::{self, Current};
use crate::report::{self, Question};
use crate::tracker::Tracker;
use crate::{access, traffic};
use goodword::key::ProgramId;
use goodword::metrics::{Day, Dimension};
use goodword::time::DAY_MS;
use goodword_api::instant;
use goodword_api::problem::Problem;

pub(crate) async fn get(tracker: &Tracker<'_>, request: &Request, id: &ProgramId) -> Handled {
    access::owner(tracker, request)?;
    let current = programs::load(tracker.store, id).await?;
    let question = question(tracker, request, &current)?;
    let found = report::of(tracker, &current, &question).await?;
    Ok(Answer::json(200, &report::shown(&found, &question, current.program().currency)))
}

fn question(
    tracker: &Tracker<'_>,
    request: &Request,
    current: &Current,
) -> Result<Question, Problem> {
    let today = traffic::Hour::of(tracker.now).day();
    let to = day(request, "to", true)?.unwrap_or(Day(today.0 + 1));
    let from = day(request, "from", false)?.unwrap_or(Day(to.0 - REPORT_DAYS_DEFAULT));
    if !(1..=REPORT_DAYS_MAX).contains(&(to.0 - from.0)) {
        let detail = format!("must be 1 to {REPORT_DAYS_MAX} days before `to`");
        return Err(Problem::field("from", &detail));
    }
    let by = match request.parameter("by") {
        None => Dimension::Day,
        Some(by) => Dimension::parse(&by).ok_or_else(|| {
            let names = Dimension::ALL.map(Dimension::as_str).join(", ");
            Problem::field("by", &format!("must be one of {names}"))
        })?,
    };
    let experiment = request.parameter("experiment");
    let is_known =
        |id: &String| current.program().experiments.iter().any(|trial| trial.experiment.id == *id);
    if experiment.as_ref().is_some_and(|id| !is_known(id)) {
        return Err(Problem::field("experiment", "is none of the program's"));
    }
    Ok(Question { from, to, by, experiment })
}

/// A day in UTC, or the day of an instant; as an end, the day after it where
/// the instant lies within it.
fn day(request: &Request, name: &str, is_end: bool) -> Result<Option<Day>, Problem> {
    let Some(text) = request.parameter(name) else { return Ok(None) };
    let at = instant::read(&text).or_else(|| instant::read(&format!("{text}T00:00:00Z")));
    let at = at.ok_or_else(|| {
        Problem::field(name, "must be a day (2026-11-21) or an instant in RFC 3339")
    })?;
    let is_within = is_end && at.0.rem_euclid(DAY_MS) != 0;
    Ok(Some(Day(Day::of(at).0 + i64::from(is_within))))
}
