//! What is kept about events and where they go.

use super::record::record;

record! {
    /// `webhooks/{p}`: where events go.
    #[derive(Clone, Debug, Default, PartialEq, Eq)]
    pub struct WebhooksRecord {
        /// The places.
        pub endpoints: Vec<EndpointRecord>,
        /// When the owner said so, in milliseconds since 1970. Whoever was gone
        /// before is not any more.
        pub put_at_ms: i64,
        /// Where the tracker was then, so that it never calls itself.
        pub own_origin: String,
    }
}

record! {
    /// One place that hears of events.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct EndpointRecord {
        /// Its address.
        pub url: String,
        /// The names of what it hears of.
        pub events: Vec<String>,
        /// Whether the owner wants it to hear nothing for now.
        pub is_disabled: bool,
    }
}

impl EndpointRecord {
    /// Whether it is to hear of such events.
    #[must_use]
    pub fn hears(&self, kind: &str) -> bool {
        !self.is_disabled && self.events.iter().any(|heard| heard == kind)
    }
}

record! {
    /// An event.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct EventRecord {
        /// Its id, made from what it tells.
        pub id: String,
        /// The name of its kind.
        pub kind: String,
        /// What it tells, as JSON.
        pub data: String,
    }
}

record! {
    /// `outbox/…`: the events of one act, to be told; `delivered/…`: what became
    /// of them.
    #[derive(Clone, Debug, Default, PartialEq, Eq)]
    pub struct OutboxRecord {
        /// When it came to pass, in milliseconds since 1970.
        pub told_at_ms: i64,
        /// From when on to try, in milliseconds since 1970; once delivered: since
        /// when it is done with.
        pub due_at_ms: i64,
        /// The events.
        pub events: Vec<EventRecord>,
        /// Who heard of what: names of endpoints and ids of events.
        pub done: Vec<String>,
        /// Who said that they are gone for good, once for each time in a row.
        pub gone: Vec<String>,
        /// Whether the owner asked for it once more.
        pub is_again: bool,
    }
}

impl OutboxRecord {
    /// Notes that an endpoint heard of an event.
    pub fn note(&mut self, endpoint: &str, event: &str) {
        self.done.push(format!("{endpoint} {event}"));
    }

    /// Whether an endpoint heard of an event.
    #[must_use]
    pub fn has_heard(&self, endpoint: &str, event: &str) -> bool {
        let is_it = |pair: &str| pair.split_once(' ') == Some((endpoint, event));
        self.done.iter().any(|pair| is_it(pair))
    }
}
