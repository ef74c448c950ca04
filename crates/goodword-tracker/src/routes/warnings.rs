//! `GET /v1/programs/{program}/warnings`: what the owner is to know about the
//! store, which all programs share, and about what a provider asks of them.

use crate::flows::{data_request, erasure};
use crate::http::{Answer, Handled, Request};
use crate::tracker::Tracker;
use crate::warnings::{self, Unanswered};
use crate::{access, programs};
use goodword::key::ProgramId;
use goodword::time::Instant;
use goodword_api::instant;
use goodword_api::object;
use serde_json::Value;

pub(crate) async fn get(tracker: &Tracker<'_>, request: &Request, id: &ProgramId) -> Handled {
    access::owner(tracker, request)?;
    programs::load(tracker.store, id).await?;
    let mut data = Vec::new();
    if !warnings::takes_writes(tracker.store, tracker.random).await {
        let now = once(tracker.now);
        let detail = "The store refuses writes at this moment; Workers KV's free plan takes 1,000 a day. Orders are answered with 503, so that whoever reports them tries again.";
        data.push(shown("store_refuses_writes", now, detail));
    }
    if let Some(since) = erasure::since(tracker, id).await? {
        let detail = "Shopify says that the shop gave the app up, so everybody of this program is being erased, some with every run of the cron. Amounts stay.";
        data.push(shown("everybody_is_erased", once(since), detail));
    }
    for (at, person) in data_request::kept(tracker, id).await? {
        let named = [("customer_id", person.customer_id), ("email", person.email)];
        let named = named.into_iter().find_map(|(name, value)| Some((name, value?)));
        let Some((name, value)) = named else { continue };
        let query =
            form_urlencoded::Serializer::new(String::new()).append_pair(name, &value).finish();
        let detail = format!(
            "A customer asked Shopify for their data: {value}. GET /v1/programs/{id}/people?{query} has it; give it to them within 30 days."
        );
        data.push(shown("data_requested", once(at), &detail));
    }
    let detail = "The store did not answer these requests. They were answered with 503; whoever tried again lost nothing.";
    let before = warnings::recorded(tracker.store).await?;
    data.extend(before.into_iter().map(|past| shown("store_unavailable", past, detail)));
    Ok(Answer::json(200, &object!({"data": data, "next_cursor": Value::Null})))
}

fn once(at: Instant) -> Unanswered {
    Unanswered::and(None, at)
}

fn shown(warning: &str, unanswered: Unanswered, detail: &str) -> Value {
    object!({
        "warning": warning,
        "from": instant::write(Instant(unanswered.from_ms)),
        "to": instant::write(Instant(unanswered.to_ms)),
        "count": unanswered.count,
        "detail": detail,
    })
}
