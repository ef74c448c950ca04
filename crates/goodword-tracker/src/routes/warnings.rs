//! `GET /v1/programs/{program}/warnings`: what the owner is to know about the
//! store, which all programs share.

use crate::http::{Answer, Handled, Request};
use crate::tracker::Tracker;
use crate::warnings::{self, Unanswered};
use crate::{access, programs};
use goodword::key::ProgramId;
use goodword::time::Instant;
use goodword_api::instant;
use serde_json::{Value, json};

pub(crate) async fn get(tracker: &Tracker<'_>, request: &Request, id: &ProgramId) -> Handled {
    access::owner(tracker, request)?;
    programs::load(tracker.store, id).await?;
    let mut data = Vec::new();
    if !warnings::takes_writes(tracker.store, tracker.random).await {
        let now = Unanswered { from_ms: tracker.now.0, to_ms: tracker.now.0, count: 1 };
        let detail = "The store refuses writes at this moment; Workers KV's free plan takes 1,000 a day. Orders are answered with 503, so that whoever reports them tries again.";
        data.push(shown("store_refuses_writes", now, detail));
    }
    let detail = "The store did not answer these requests. They were answered with 503; whoever tried again lost nothing.";
    let before = warnings::recorded(tracker.store).await?;
    data.extend(before.into_iter().map(|past| shown("store_unavailable", past, detail)));
    Ok(Answer::json(200, &json!({"data": data, "next_cursor": null})))
}

fn shown(warning: &str, unanswered: Unanswered, detail: &str) -> Value {
    json!({
        "warning": warning,
        "from": instant::write(Instant(unanswered.from_ms)),
        "to": instant::write(Instant(unanswered.to_ms)),
        "count": unanswered.count,
        "detail": detail,
    })
}
