//! Where a program's events go, as an owner writes it and reads it back.

mod target;

pub use target::{Own, fault_of};

use crate::event::EventKind;
use crate::limits::{ENDPOINT_URL_BYTES_MAX, ENDPOINTS_MAX, EVENT_ID_BYTES_MAX};
use crate::problem::Problem;
use crate::read::{Object, request};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use goodword::time::Instant;
use serde_json::Value;

/// One place that hears of events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// Its address.
    pub url: String,
    /// What it hears of.
    pub events: Vec<EventKind>,
    /// Whether the owner wants it to hear nothing for now.
    pub is_disabled: bool,
}

/// `PUT /v1/programs/{program}/webhooks`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoints(pub Vec<Endpoint>);

impl Endpoints {
    /// Reads the body. `own` is the tracker itself, which is no endpoint.
    ///
    /// # Errors
    /// A problem naming every field at fault.
    pub fn read(body: &Value, own: &Own) -> Result<Self, Problem> {
        request(body, |body| {
            body.required("endpoints");
            let all = body.objects("endpoints");
            if all.len() > ENDPOINTS_MAX {
                body.fault("endpoints", format!("has more than {ENDPOINTS_MAX} entries"));
            }
            let mut endpoints: Vec<Endpoint> = Vec::new();
            for part in &all {
                let Some(endpoint) = endpoint(part, own) else { continue };
                if endpoints.iter().any(|other| other.url == endpoint.url) {
                    part.fault("url", "is there twice");
                }
                endpoints.push(endpoint);
            }
            Some(Endpoints(endpoints))
        })
    }
}

fn endpoint<'a>(part: &Object<'a>, own: &Own) -> Option<Endpoint> {
    let url = part.text("url", ENDPOINT_URL_BYTES_MAX);
    if let Some(fault) = url.and_then(|url| fault_of(url, own)) {
        part.fault("url", fault);
    }
    let events = match part.optional("events") {
        None => EventKind::ALL.to_vec(),
        Some(_) => events(part),
    };
    let status = part
        .optional("status")
        .and_then(|_| part.word("status", &[("active", false), ("disabled", true)]));
    // What GET shows may be sent back.
    part.optional("gone_at");
    part.refuse_unknown();
    Some(Endpoint { url: url?.into(), events, is_disabled: status.unwrap_or(false) })
}

fn events<'a>(part: &Object<'a>) -> Vec<EventKind> {
    let mut events = Vec::new();
    for (place, entry) in part.optional_list("events") {
        match entry.as_str().and_then(EventKind::parse) {
            Some(kind) if events.contains(&kind) => {}
            Some(kind) => events.push(kind),
            None => {
                let names: Vec<&str> = EventKind::ALL.iter().map(|kind| kind.as_str()).collect();
                part.fault(&place, format!("must be one of {}", names.join(", ")));
            }
        }
    }
    if events.is_empty() && !part.has_fault_near(&part.path("events")) {
        part.fault("events", "must not be empty: leave it out to hear of everything");
    }
    events
}

/// `POST /v1/programs/{program}/webhooks/resend`: which events once more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resend {
    /// The one with this id.
    Event(String),
    /// All that were told from an instant on.
    Since(Instant),
}

impl Resend {
    /// Reads the body.
    ///
    /// # Errors
    /// A problem naming every field at fault.
    pub fn read(body: &Value) -> Result<Self, Problem> {
        request(body, |body| {
            let id = body.optional_text("event_id", EVENT_ID_BYTES_MAX);
            let since = body.optional("since").and_then(|_| body.instant("since"));
            match (id, since) {
                (Some(id), None) => Some(Resend::Event(id.into())),
                (None, Some(since)) => Some(Resend::Since(since)),
                (Some(_), Some(_)) => {
                    body.fault("since", "must not be there beside event_id");
                    None
                }
                (None, None) => {
                    if !body.has_fault_near("event_id") && !body.has_fault_near("since") {
                        body.fault("event_id", "is required, or since");
                    }
                    None
                }
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[track_caller]
    fn check(body: Value, faults: &[&str]) {
        let own = Own(Vec::from(["https://go.shop.example".into()]));
        let found = match Endpoints::read(&body, &own) {
            Ok(_) => Vec::new(),
            Err(problem) => problem.faults,
        };
        let found: Vec<&str> = found.iter().map(|fault| fault.field.as_str()).collect();
        assert_eq!(found, faults, "{body}");
    }

    #[test]
    fn endpoints() {
        let url = "https://shop.example/hooks";
        check(json!({"endpoints": []}), &[]);
        check(json!({"endpoints": [{"url": url}]}), &[]);
        check(json!({"endpoints": [{"url": url, "events": ["reward.confirmed"]}]}), &[]);
        check(json!({"endpoints": [{"url": url, "status": "disabled", "gone_at": "x"}]}), &[]);
        check(json!({}), &["endpoints"]);
        check(json!({"endpoints": [{}]}), &["endpoints[0].url"]);
        check(json!({"endpoints": [{"url": url, "events": []}]}), &["endpoints[0].events"]);
        check(json!({"endpoints": [{"url": url, "events": ["x"]}]}), &["endpoints[0].events[0]"]);
        check(json!({"endpoints": [{"url": url, "status": "x"}]}), &["endpoints[0].status"]);
        check(json!({"endpoints": [{"url": url, "x": 1}]}), &["endpoints[0].x"]);
        check(json!({"endpoints": [{"url": url}, {"url": url}]}), &["endpoints[1].url"]);
        let many: Vec<Value> = (0..4).map(|n| json!({"url": format!("{url}/{n}")})).collect();
        check(json!({"endpoints": many}), &["endpoints"]);
    }

    #[test]
    fn resend() {
        let read = |body: Value| Resend::read(&body).is_ok();
        assert!(read(json!({"event_id": "evt_1"})));
        assert!(read(json!({"since": "2026-11-21T00:00:00Z"})));
        assert!(!read(json!({"since": "2026-11-21T00:00:00Z", "event_id": "evt_1"})));
        assert!(!read(json!({})));
        assert!(!read(json!({"since": "yesterday"})));
    }
}
