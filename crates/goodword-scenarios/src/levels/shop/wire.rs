//! How a shop's calls reach a tracker: what a call and an answer are, and what
//! carries them.

use goodword::time::Instant;
use serde_json::Value;

/// One call to a tracker.
#[derive(Clone, Debug)]
pub struct Call {
    /// The method.
    pub method: &'static str,
    /// Path and query.
    pub path: String,
    /// Who asks.
    pub by: By,
    /// The body.
    pub body: Option<Value>,
}

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// A visitor's browser, following a link.
    Visitor,
    /// A page of the shop.
    Page,
    /// The shop's server.
    Server,
    /// The owner.
    Owner,
}

/// What a tracker answered.
#[derive(Clone, Debug)]
pub struct Answered {
    /// The status.
    pub status: u16,
    /// Where a redirect leads.
    pub location: Option<String>,
    /// The body as text.
    pub body: String,
}

/// How a call is carried.
pub trait Wire {
    /// Carries a call that is made now.
    ///
    /// # Errors
    /// That it was not answered.
    fn call(&mut self, now: Instant, call: &Call) -> Result<Answered, String>;

    /// The secret that signs identity tokens.
    fn identity_secret(&self) -> &str;

    /// A moment of the scenario in the tracker's own time.
    fn moment(&self, told: Instant) -> Instant;
}
