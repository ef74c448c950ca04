//! Requests and answers as plain values, so that handlers run natively in
//! tests exactly as they do on the edge.

mod headers;

pub use headers::Headers;

use crate::export::Export;
use crate::limits::{BODY_BYTES_MAX, WEBHOOK_BODY_BYTES_MAX};
use crate::store::StoreError;
use crate::traffic::Traffic;
use goodword_api::problem::{self, Code, Problem};
use http::Method;
use serde_json::Value;

/// A request, its body read.
#[derive(Clone, Debug)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// Scheme, host and port it came to, without a slash after them.
    pub origin: String,
    /// The path, as it was sent.
    pub path: String,
    /// The query, without its question mark.
    pub query: String,
    /// The headers.
    pub headers: Headers,
    /// The body; `None` when it was larger than allowed.
    pub body: Option<Vec<u8>>,
    /// Whether Cloudflare Access vouches for the owner: the token that came
    /// with it was verified.
    pub is_vouched_for: bool,
}

impl Request {
    /// A header, if it is there and is text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).filter(|value| headers::is_plain(value))
    }

    /// The value of a cookie.
    #[must_use]
    pub fn cookie(&self, name: &str) -> Option<&str> {
        let pairs = self.header("cookie")?.split(';').filter_map(|pair| pair.split_once('='));
        pairs
            .map(|(key, value)| (key.trim(), value.trim()))
            .find(|(key, _)| *key == name)
            .map(|(_, value)| value)
    }

    /// The first value of a query parameter.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<String> {
        let mut pairs = form_urlencoded::parse(self.query.as_bytes());
        pairs.find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    }

    /// The body as JSON, whatever media type it is sent with: pages send it
    /// as text, which spares browsers the preflight.
    ///
    /// # Errors
    /// `too_large` or `malformed_json`.
    pub fn json(&self) -> Result<Value, Problem> {
        goodword_api::read::parse(self.bytes()?)
    }

    /// The body as it was sent: what a provider's signature is made of.
    ///
    /// # Errors
    /// `too_large`.
    pub fn bytes(&self) -> Result<&[u8], Problem> {
        self.body.as_deref().ok_or_else(|| {
            let most = body_bytes_max(&self.path);
            Problem::new(Code::TooLarge, format!("The body has more than {most} bytes."))
        })
    }
}

/// The path below which providers report.
pub const HOOKS: &str = "/v1/hooks/";

/// The largest body that a path takes.
#[must_use]
pub fn body_bytes_max(path: &str) -> usize {
    if path.starts_with(HOOKS) { WEBHOOK_BODY_BYTES_MAX } else { BODY_BYTES_MAX }
}

/// An answer, and what is to be recorded after it went out.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: Headers,
    /// The body.
    pub body: Vec<u8>,
    /// Clicks and shares to record.
    pub traffic: Vec<Traffic>,
    /// What follows the body, made while it is sent.
    pub more: Option<Export>,
}

impl Answer {
    /// An answer without a body.
    #[must_use]
    pub fn empty(status: u16) -> Self {
        Answer {
            status,
            headers: Headers::default(),
            body: Vec::new(),
            traffic: Vec::new(),
            more: None,
        }
    }

    /// An answer with JSON. It is not to be kept unless said otherwise.
    #[must_use]
    pub fn json(status: u16, body: &Value) -> Self {
        Answer { body: body.to_string().into_bytes(), ..Answer::empty(status) }
            .with("content-type", "application/json")
            .with("cache-control", "no-store")
    }

    /// The same with a header. One that cannot be sent is left out.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        if headers::is_plain(value) {
            self.headers.set(name, value);
        }
        self
    }

    /// The same with clicks or shares to record.
    #[must_use]
    pub fn recording(mut self, traffic: Traffic) -> Self {
        self.traffic.push(traffic);
        self
    }

    /// The same, readable by pages of an origin.
    #[must_use]
    pub fn for_origin(self, origin: Option<&str>) -> Self {
        match origin {
            Some(origin) => self
                .with("access-control-allow-origin", origin)
                .with("access-control-expose-headers", "x-request-id, retry-after")
                .with("vary", "origin"),
            None => self,
        }
    }
}

impl From<Problem> for Answer {
    fn from(problem: Problem) -> Self {
        let answer =
            Answer { body: problem.to_json().into_bytes(), ..Answer::empty(problem.code.status()) };
        let answer =
            answer.with("content-type", problem::CONTENT_TYPE).with("cache-control", "no-store");
        match problem.code {
            Code::Unauthorized => answer.with("www-authenticate", "Bearer"),
            Code::StoreUnavailable | Code::RateLimited => answer.with("retry-after", "60"),
            _ => answer,
        }
    }
}

/// Why a handler has no answer.
#[derive(Debug)]
pub enum Failure {
    /// The request is at fault.
    Problem(Problem),
    /// The store is.
    Store(StoreError),
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Failure::Problem(problem)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Failure::Store(error)
    }
}

/// What a handler returns.
pub type Handled = Result<Answer, Failure>;

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A GET of a path with its query, by nobody in particular.
    pub(crate) fn get(path: &str) -> Request {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        Request {
            method: Method::GET,
            origin: "https://go.shop.example".to_owned(),
            path: path.to_owned(),
            query: query.to_owned(),
            headers: Headers::default(),
            body: Some(Vec::new()),
            is_vouched_for: false,
        }
    }
}
