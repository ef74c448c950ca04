//! Level two: the tracker's handlers with a store in memory. The scenario's
//! clock is the tracker's.

use super::shop::wire::{Answered, By, Call, Wire};
use crate::programs::ORIGIN;
use futures_executor::block_on;
use goodword::time::Instant;
use goodword_tracker::http::{Headers, Request};
use goodword_tracker::random::Random;
use goodword_tracker::router;
use goodword_tracker::settings::Settings;
use goodword_tracker::store::memory::MemoryStore;
use goodword_tracker::tracker::Tracker;
use http::Method;
use std::cell::Cell;

const SECRET_KEY: &str = "gw_sk_scenarios";
const OWNER_KEY: &str = "gw_ok_scenarios";
const IDENTITY_SECRET: &str = "identity-secret-of-the-scenarios";

/// A tracker of its own.
pub struct Handlers {
    store: MemoryStore,
    settings: Settings,
    random: Counting,
}

/// Randomness that is the same in every run.
#[derive(Default)]
struct Counting(Cell<u64>);

impl Random for Counting {
    fn fill(&self, buffer: &mut [u8]) {
        for byte in buffer {
            // The constants of Knuth's MMIX generator; the high bits are good.
            let next = self.0.get().wrapping_mul(6_364_136_223_846_793_005);
            self.0.set(next.wrapping_add(1_442_695_040_888_963_407));
            *byte = (self.0.get() >> 56) as u8;
        }
    }
}

impl Handlers {
    /// An empty tracker, without a grace between the looks of settlement.
    ///
    /// # Errors
    /// That a setting is missing.
    pub fn new() -> Result<Self, String> {
        let settings = Settings::read(|name| {
            let value = match name {
                "SECRET_KEY" => SECRET_KEY,
                "OWNER_KEY" => OWNER_KEY,
                "IDENTITY_SECRET" => IDENTITY_SECRET,
                "SETTLEMENT_GRACE_SECONDS" => "0",
                "PEPPER" => "pepper-of-the-scenarios",
                "CLAIM_KEYS" => "claim-key-of-the-scenarios",
                "SEAL_KEYS" => "c2NlbmFyaW9zLXNlYWwta2V5LW9mLTMyLWJ5dGVzISE",
                _ => return None,
            };
            Some(value.to_owned())
        });
        let settings = settings.map_err(|missing| format!("not set: {}", missing.join(", ")))?;
        Ok(Handlers { store: MemoryStore::default(), settings, random: Counting::default() })
    }
}

impl Wire for Handlers {
    fn call(&mut self, now: Instant, call: &Call) -> Result<Answered, String> {
        let tracker =
            Tracker { store: &self.store, settings: &self.settings, now, random: &self.random };
        let (path, query) = call.path.split_once('?').unwrap_or((&call.path, ""));
        let request = Request {
            method: Method::from_bytes(call.method.as_bytes())
                .map_err(|error| error.to_string())?,
            origin: "https://go.shop.example".to_owned(),
            path: path.to_owned(),
            query: query.to_owned(),
            headers: headers(call.by),
            body: Some(
                call.body.as_ref().map(|body| body.to_string().into_bytes()).unwrap_or_default(),
            ),
            is_vouched_for: false,
        };
        let answer = block_on(router::answer(&tracker, &request));
        let location = answer.headers.get("location");
        Ok(Answered {
            status: answer.status,
            location: location.map(str::to_owned),
            body: String::from_utf8_lossy(&answer.body).into_owned(),
        })
    }

    fn identity_secret(&self) -> &str {
        IDENTITY_SECRET
    }

    fn moment(&self, told: Instant) -> Instant {
        told
    }
}

fn headers(by: By) -> Headers {
    let all = [
        ("user-agent", Some(super::live::AGENT.to_owned())),
        ("cf-connecting-ip", Some("198.18.0.1".to_owned())),
        ("origin", (by == By::Page).then(|| ORIGIN.to_owned())),
        ("authorization", (by == By::Server).then(|| format!("Bearer {SECRET_KEY}"))),
        ("authorization", (by == By::Owner).then(|| format!("Bearer {OWNER_KEY}"))),
    ];
    let mut headers = Headers::default();
    for (name, value) in all {
        if let Some(value) = value {
            headers.set(name, &value);
        }
    }
    headers
}
