//! A shop with a tracker of its own, for tests: the clock stands still until
//! the test moves it.

use goodword::time::{DAY_MS, Instant};
use goodword_tracker::http::{Answer, Headers, Request};
use goodword_tracker::limiter::{Limiter, Unlimited};
use goodword_tracker::random::SystemRandom;
use goodword_tracker::router;
use goodword_tracker::settings::Settings;
use goodword_tracker::store::Store;
use goodword_tracker::store::memory::MemoryStore;
use goodword_tracker::tracker::Tracker;
use hmac::{Hmac, KeyInit, Mac};
use http::Method;
use serde_json::{Value, json};
use sha2::Sha256;
use std::cell::Cell;

pub const ORIGIN: &str = "http://localhost:8787";
pub const AGENT: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0";

pub struct Shop {
    pub store: MemoryStore,
    pub settings: Settings,
    /// Whether Cloudflare Access lets the requests through.
    pub is_behind_access: Cell<bool>,
    now: Cell<i64>,
}

impl Shop {
    /// A shop with the demo's terms, changed here and there.
    pub fn open(changes: &[(&str, Value)]) -> Self {
        let settings = Settings::read(|name| {
            (name != "PUBLIC_URL" && name != "SETTLEMENT_GRACE_SECONDS").then(|| match name {
                "DEFAULT_PROGRAM" => "demo".to_owned(),
                "WEBHOOK_SIGNING_SECRET" => "whsec_c2VjcmV0".to_owned(),
                _ => format!("secret of {name}"),
            })
        });
        let shop = Shop {
            store: MemoryStore::default(),
            settings: settings.unwrap(),
            is_behind_access: Cell::new(false),
            now: Cell::new(20_000 * DAY_MS),
        };
        let mut terms: Value =
            serde_json::from_str(include_str!("../../../../programs/demo.json")).unwrap();
        for (pointer, value) in changes {
            *terms.pointer_mut(pointer).unwrap() = value.clone();
        }
        let (status, answer) = shop.owner(Method::PUT, "/v1/programs/demo", &terms);
        assert_eq!(status, 201, "{answer}");
        shop
    }

    pub fn pass_ms(&self, ms: i64) {
        self.now.set(self.now.get() + ms);
    }

    pub fn now(&self) -> Instant {
        Instant(self.now.get())
    }

    pub fn now_text(&self) -> String {
        goodword_api::instant::write(self.now())
    }

    pub fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&'static str, &str)],
        body: &Value,
    ) -> Answer {
        self.send_within(&Unlimited, method, path, headers, body)
    }

    /// The same with a body of any bytes.
    pub fn send_bytes(
        &self,
        method: Method,
        path: &str,
        headers: &[(&'static str, &str)],
        body: Vec<u8>,
    ) -> Answer {
        self.send_all(&self.store, &Unlimited, method, path, headers, body)
    }

    /// The same, counted by somebody.
    pub fn send_within(
        &self,
        limiter: &dyn Limiter,
        method: Method,
        path: &str,
        headers: &[(&'static str, &str)],
        body: &Value,
    ) -> Answer {
        self.send_by(&self.store, limiter, method, path, headers, body)
    }

    /// The same, by way of a store that stands before this shop's.
    pub fn send_by(
        &self,
        store: &dyn Store,
        limiter: &dyn Limiter,
        method: Method,
        path: &str,
        headers: &[(&'static str, &str)],
        body: &Value,
    ) -> Answer {
        let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
        self.send_all(store, limiter, method, path, headers, body)
    }

    fn send_all(
        &self,
        store: &dyn Store,
        limiter: &dyn Limiter,
        method: Method,
        path: &str,
        headers: &[(&'static str, &str)],
        body: Vec<u8>,
    ) -> Answer {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let mut map = Headers::default();
        map.set("user-agent", AGENT);
        map.set("cf-connecting-ip", "192.0.2.7");
        for (name, value) in headers {
            map.set(name, value);
        }
        let request = Request {
            method,
            origin: ORIGIN.to_owned(),
            path: path.to_owned(),
            query: query.to_owned(),
            headers: map,
            body: Some(body),
            is_vouched_for: self.is_behind_access.get(),
        };
        let tracker = self.tracker(store);
        futures_executor::block_on(router::answer_within(limiter, &tracker, &request))
    }

    /// What handlers are given, around a store that stands before this shop's.
    pub fn tracker<'a>(&'a self, store: &'a dyn Store) -> Tracker<'a> {
        Tracker { store, settings: &self.settings, now: self.now(), random: &SystemRandom }
    }

    /// What the owner is answered on another store.
    pub fn owner_on(
        &self,
        store: &dyn Store,
        method: Method,
        path: &str,
        body: &Value,
    ) -> (u16, Value) {
        let headers = [("authorization", "Bearer secret of OWNER_KEY")];
        let answer = self.send_by(store, &Unlimited, method, path, &headers, body);
        (answer.status, serde_json::from_slice(&answer.body).unwrap_or_default())
    }

    fn with_key(&self, key: &str, method: Method, path: &str, body: &Value) -> (u16, Value) {
        let key = format!("Bearer {key}");
        let answer = self.send(method, path, &[("authorization", &key)], body);
        (answer.status, serde_json::from_slice(&answer.body).unwrap_or_default())
    }

    pub fn owner(&self, method: Method, path: &str, body: &Value) -> (u16, Value) {
        self.with_key("secret of OWNER_KEY", method, path, body)
    }

    pub fn server(&self, path: &str, body: &Value) -> (u16, Value) {
        self.with_key("secret of SECRET_KEY", Method::POST, path, body)
    }

    /// The same on another store around this one.
    pub fn server_on(&self, store: &dyn Store, path: &str, body: &Value) -> (u16, Value) {
        let headers = [("authorization", "Bearer secret of SECRET_KEY")];
        let answer = self.send_by(store, &Unlimited, Method::POST, path, &headers, body);
        (answer.status, serde_json::from_slice(&answer.body).unwrap_or_default())
    }

    /// Settles on another store around this one; says whether that went well.
    pub fn settle_on(&self, store: &dyn Store) -> bool {
        let headers = [("authorization", "Bearer secret of OWNER_KEY")];
        let path = "/v1/programs/demo/settle";
        self.send_by(store, &Unlimited, Method::POST, path, &headers, &Value::Null).status == 200
    }

    /// Enrolls a customer and returns their code.
    pub fn enrol(&self, customer: &str) -> String {
        text(&self.enrol_with(customer, None), "code").to_owned()
    }

    /// The same for somebody who came with a claim; returns the whole answer.
    pub fn enrol_with(&self, customer: &str, claim: Option<&str>) -> Value {
        self.enrol_as(customer, &format!("{customer}@mail.example"), claim)
    }

    /// The same with an address of their own.
    pub fn enrol_as(&self, customer: &str, email: &str, claim: Option<&str>) -> Value {
        self.enrol_by(&self.identity(customer, email), claim)
    }

    /// The same for somebody whom the shop puts into a group.
    pub fn enrol_in(&self, group: &str, customer: &str) -> Value {
        let mut claims = self.claims(customer, &format!("{customer}@mail.example"));
        claims["group"] = group.into();
        self.enrol_by(&signed(b"secret of IDENTITY_SECRET", &claims), None)
    }

    fn enrol_by(&self, identity: &str, claim: Option<&str>) -> Value {
        let body = json!({"program": "demo", "identity": identity, "claim": claim});
        let answer = self.send(Method::POST, "/v1/advocates", &[("origin", ORIGIN)], &body);
        assert_eq!(answer.status, 200);
        serde_json::from_slice(&answer.body).unwrap()
    }

    /// What the shop signs about a customer.
    pub fn identity(&self, customer: &str, email: &str) -> String {
        self.identity_under("secret of IDENTITY_SECRET", customer, email)
    }

    /// The same under another secret.
    pub fn identity_under(&self, secret: &str, customer: &str, email: &str) -> String {
        signed(secret.as_bytes(), &self.claims(customer, email))
    }

    fn claims(&self, customer: &str, email: &str) -> Value {
        let iat = self.now.get() / 1_000;
        json!({
            "sub": customer, "aud": "demo", "iat": iat, "exp": iat + 3_600,
            "name": format!("{customer} Family"), "email": email,
        })
    }

    /// Follows a link and returns the claim.
    pub fn click(&self, code: &str) -> String {
        let answer = self.send(Method::GET, &format!("/r/{code}"), &[], &Value::Null);
        let location = answer.headers.get("location").unwrap();
        location.split_once("gw=").unwrap().1.to_owned()
    }

    /// An order of 49.90 now.
    pub fn order(&self, order_id: &str, customer: &str, claim: &str) -> Value {
        json!({
            "program": "demo", "order_id": order_id, "kind": "purchase",
            "occurred_at": self.now_text(),
            "value": {"amount_minor": 4_990, "currency": "EUR"},
            "customer": {"id": customer, "email": format!("{customer}@mail.example")},
            "claim": claim,
        })
    }

    /// Orders at once after a click.
    pub fn buy(&self, order_id: &str, customer: &str, code: &str) -> Value {
        let order = self.order(order_id, customer, &self.click(code));
        let (status, answer) = self.server("/v1/conversions", &order);
        assert_eq!(status, 201, "{answer}");
        answer
    }

    pub fn settle(&self) -> (u64, u64) {
        let (_, done) = self.owner(Method::POST, "/v1/programs/demo/settle", &Value::Null);
        (done["settled"].as_u64().unwrap(), done["remaining"].as_u64().unwrap())
    }

    /// All rewards as `side amount status`.
    pub fn rewards(&self) -> Vec<String> {
        let (_, answer) = self.owner(Method::GET, "/v1/programs/demo/rewards", &Value::Null);
        let shown = |reward: &Value| {
            let amount = &reward["value"]["amount_minor"];
            format!("{} {amount} {}", text(reward, "side"), text(reward, "status"))
        };
        answer["data"].as_array().unwrap().iter().map(shown).collect()
    }
}

pub fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value[field].as_str().unwrap_or_default()
}

/// A token with these claims.
fn signed(secret: &[u8], claims: &Value) -> String {
    let part = |value: &Value| base64(value.to_string().as_bytes());
    let message = format!("{}.{}", part(&json!({"alg": "HS256", "typ": "JWT"})), part(claims));
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).unwrap();
    mac.update(message.as_bytes());
    format!("{message}.{}", base64(&mac.finalize().into_bytes()))
}

pub fn base64(bytes: &[u8]) -> String {
    use base64::Engine;
    base64::prelude::BASE64_URL_SAFE_NO_PAD.encode(bytes)
}
