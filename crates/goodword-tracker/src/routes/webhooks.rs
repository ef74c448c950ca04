//! `GET` and `PUT /v1/programs/{program}/webhooks`, `POST …/resend`: where a
//! program's events go.

use crate::access;
use crate::flows::{delivery, resending};
use crate::http::{Answer, Handled, Request};
use crate::keys;
use crate::programs::{self, Current};
use crate::records::outbox::{EndpointRecord, WebhooksRecord};
use crate::records::write;
use crate::signing;
use crate::store::{Keep, StoreError};
use crate::tracker::Tracker;
use goodword::key::ProgramId;
use goodword_api::instant;
use goodword_api::object;
use goodword_api::problem::{Code, Problem};
use goodword_api::webhooks::{Endpoint, Endpoints, Resend};
use serde_json::Value;

pub(crate) async fn get(tracker: &Tracker<'_>, request: &Request, id: &ProgramId) -> Handled {
    access::owner(tracker, request)?;
    let current = programs::load(tracker.store, id).await?;
    Ok(Answer::json(200, &shown(tracker, &current).await?))
}

/// Puts all endpoints at once. Whoever was gone is not any more.
pub(crate) async fn put(tracker: &Tracker<'_>, request: &Request, id: &ProgramId) -> Handled {
    access::owner(tracker, request)?;
    let mut current = programs::load(tracker.store, id).await?;
    let mut webhooks =
        WebhooksRecord { own_origin: request.origin.clone(), ..WebhooksRecord::default() };
    let own = delivery::own(tracker.settings, &webhooks);
    let Endpoints(endpoints) = Endpoints::read(&request.json()?, &own)?;
    let can_sign = signing::webhook(&tracker.settings.webhook_secrets, "", 0, "").is_some();
    if !endpoints.is_empty() && !can_sign {
        let detail = "Set the secret WEBHOOK_SIGNING_SECRET first: whsec_ and base64.";
        return Err(Problem::new(Code::Conflict, detail).into());
    }
    webhooks.put_at_ms = tracker.now.0;
    webhooks.endpoints = endpoints.into_iter().map(record).collect();
    let place = keys::outbox::webhooks(id);
    tracker.store.put(&place, &write(&webhooks), Keep::Forever).await?;
    current.webhooks = webhooks;
    Ok(Answer::json(200, &shown(tracker, &current).await?))
}

fn record(endpoint: Endpoint) -> EndpointRecord {
    EndpointRecord {
        url: endpoint.url,
        events: endpoint.events.iter().map(|kind| kind.as_str().to_owned()).collect(),
        is_disabled: endpoint.is_disabled,
    }
}

async fn shown(tracker: &Tracker<'_>, current: &Current) -> Result<Value, StoreError> {
    let gone = delivery::gone_since(tracker, current).await?;
    let endpoints = current.webhooks.endpoints.iter().zip(gone).map(|(endpoint, gone)| {
        let is_disabled = endpoint.is_disabled || gone.is_some();
        object!({
            "url": endpoint.url,
            "events": endpoint.events,
            "status": if is_disabled { "disabled" } else { "active" },
            "gone_at": gone.map(instant::write),
        })
    });
    Ok(object!({"endpoints": endpoints.collect::<Value>()}))
}

pub(crate) async fn resend(tracker: &Tracker<'_>, request: &Request, id: &ProgramId) -> Handled {
    access::owner(tracker, request)?;
    let current = programs::load(tracker.store, id).await?;
    let wish = Resend::read(&request.json()?)?;
    let resent = resending::resend(tracker, &current, &wish).await?;
    if let (Resend::Event(event), 0) = (&wish, resent.events) {
        let detail = format!("No event {event} was told within the last 30 days.");
        return Err(Problem::new(Code::NotFound, detail).into());
    }
    let next_since = resent.next_since.map(instant::write);
    Ok(Answer::json(202, &object!({"events": resent.events, "next_since": next_since})))
}
