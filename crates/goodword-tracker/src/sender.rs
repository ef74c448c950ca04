//! The seam to whoever hears of events: requests out. The runtime's `fetch`
//! is behind it on the edge, anything in tests.

#[cfg(target_arch = "wasm32")]
pub mod fetch;

use async_trait::async_trait;

/// A request to an endpoint: a POST with these headers of Standard Webhooks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Where to.
    pub url: String,
    /// `webhook-id`: the event, the same at every try.
    pub id: String,
    /// `webhook-timestamp`: when it is sent, in seconds since 1970.
    pub timestamp_s: i64,
    /// `webhook-signature`: one for each live secret.
    pub signature: String,
    /// JSON.
    pub body: String,
}

/// What came of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// It was answered with this status. What else the answer says does not
    /// matter and is not read.
    Status(u16),
    /// It was not answered in time, or at all. The text is for the log.
    Failed(String),
}

impl Reply {
    /// Whether the event arrived: a redirect is no arrival.
    #[must_use]
    pub fn is_success(&self) -> bool {
        matches!(self, Reply::Status(200..=299))
    }

    /// Whether the endpoint says that it is gone for good.
    #[must_use]
    pub fn is_gone(&self) -> bool {
        *self == Reply::Status(410)
    }
}

/// Something that makes requests.
#[async_trait(?Send)]
pub trait Sender {
    /// Makes a few requests at once, follows no redirect, waits no longer than
    /// [`crate::limits::POST_MS_MAX`] for each. One reply to each, in their
    /// sequence.
    async fn post(&self, messages: &[Message]) -> Vec<Reply>;
}
