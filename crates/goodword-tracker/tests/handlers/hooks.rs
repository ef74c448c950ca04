//! Webhooks of providers, signed as they sign them, with bodies as their
//! documentation shows them.

mod fuzz;
mod privacy;
mod shopify;
mod stripe;
mod woocommerce;

use super::shop::Shop;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use http::Method;
use serde_json::{Value, json};
use sha2::Sha256;

/// Reads a fixture.
macro_rules! fixture {
    ($path:literal) => {
        serde_json::from_str::<serde_json::Value>(include_str!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tests/fixtures/",
            $path
        )))
        .unwrap()
    };
}
pub(crate) use fixture;

/// A fixture changed at some places, which may be new.
pub fn with(body: &Value, changes: &[(&str, Value)]) -> Value {
    let mut body = body.clone();
    for (pointer, value) in changes {
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        match body.pointer_mut(parent).unwrap() {
            Value::Object(fields) => {
                fields.insert(name.to_owned(), value.clone());
            }
            Value::Array(entries) => entries[name.parse::<usize>().unwrap()] = value.clone(),
            other => panic!("{pointer} is in {other}"),
        }
    }
    body
}

fn hmac(secret: &str, parts: &[&[u8]]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    parts.iter().for_each(|part| mac.update(part));
    mac.finalize().into_bytes().to_vec()
}

/// The value of a `Stripe-Signature` header.
fn stripe_signature(secret: &str, seconds: i64, body: &[u8]) -> String {
    let mac = hmac(secret, &[seconds.to_string().as_bytes(), b".", body]);
    let hex: String = mac.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("t={seconds},v1={hex}")
}

/// The same for an event of this moment.
pub fn stripe_header(shop: &Shop, event: &Value) -> String {
    let body = event.to_string().into_bytes();
    stripe_signature("secret of STRIPE_WEBHOOK_SECRET", shop.now().0 / 1_000, &body)
}

fn base64_signature(secret: &str, body: &[u8]) -> String {
    BASE64_STANDARD.encode(hmac(secret, &[body]))
}

fn answered(answer: &goodword_tracker::http::Answer) -> (u16, Value) {
    (answer.status, serde_json::from_slice(&answer.body).unwrap())
}

impl Shop {
    /// Stripe reports something.
    fn stripe(&self, body: &Value) -> (u16, Value) {
        let signature = stripe_header(self, body);
        let headers = [("stripe-signature", signature.as_str())];
        let body = body.to_string().into_bytes();
        answered(&self.send_bytes(Method::POST, "/v1/hooks/stripe/demo", &headers, body))
    }

    /// Shopify does.
    fn shopify(&self, topic: &str, body: &Value) -> (u16, Value) {
        let body = body.to_string().into_bytes();
        let signature = base64_signature("secret of SHOPIFY_CLIENT_SECRET", &body);
        let headers = [("x-shopify-hmac-sha256", signature.as_str())];
        let path = format!("/v1/hooks/shopify/demo/{topic}");
        answered(&self.send_bytes(Method::POST, &path, &headers, body))
    }

    /// WooCommerce does.
    fn woocommerce(&self, body: &Value) -> (u16, Value) {
        let body = body.to_string().into_bytes();
        let signature = base64_signature("secret of WOOCOMMERCE_WEBHOOK_SECRET", &body);
        let headers = [("x-wc-webhook-signature", signature.as_str())];
        let path = "/v1/hooks/woocommerce/demo/order";
        answered(&self.send_bytes(Method::POST, path, &headers, body))
    }

    /// A page reports an order with a claim.
    fn page_reports(&self, order_id: &str, claim: &str) {
        let body = json!({"program": "demo", "order_id": order_id, "claim": claim});
        let headers = [("origin", super::shop::ORIGIN)];
        let path = "/v1/conversions/unverified";
        assert_eq!(self.send(Method::POST, path, &headers, &body).status, 202);
    }

    /// Waits until everything is due and settles it, in as many looks as that
    /// takes.
    fn settle_all(&self) {
        for _ in 0..3 {
            self.pass_ms(goodword::time::DAY_MS);
            self.settle();
        }
    }
}

/// An answer in a few words: `attributed 1000 1000`, `unattributed no_claim`,
/// `recorded`, `ignored`, or the first fault of a problem.
fn told((status, answer): &(u16, Value)) -> String {
    if *status != 200 {
        let fault = answer["errors"][0]["field"].as_str().unwrap_or_default();
        return format!("{status} {fault}").trim_end().to_owned();
    }
    let mut words = vec![answer["outcome"].as_str().unwrap().to_owned()];
    words.extend(answer["reason"].as_str().map(str::to_owned));
    let rewards = answer["rewards"].as_array().into_iter().flatten();
    words.extend(rewards.map(|reward| reward["value"]["amount_minor"].to_string()));
    words.join(" ")
}

/// Changes of the demo's terms: the advocate gets a tenth of every order, at
/// once due, whoever the customer is.
fn every_order() -> Vec<(&'static str, Value)> {
    vec![
        ("/qualifies/which", json!("every")),
        ("/qualifies/new_customers_only", json!(false)),
        ("/advocate_reward", json!({"gives": "credit", "basis_points": 1_000})),
        ("/friend_reward", Value::Null),
    ]
}

/// What comes under a name while nobody sees the alias yet: two places that do
/// not see each other's writes, until both see all.
fn blind_to_each_other(shop: &Shop, one: impl FnOnce(&Shop), other: impl FnOnce(&Shop)) {
    let elsewhere = Shop::open(&[]);
    copy(shop, &elsewhere);
    one(shop);
    other(&elsewhere);
    copy(&elsewhere, shop);
}

fn copy(from: &Shop, to: &Shop) {
    use goodword_tracker::store::{Keep, Store};
    for (key, body) in from.store.dump() {
        futures_executor::block_on(to.store.put(&key, &body, Keep::Forever)).unwrap();
    }
}

#[test]
fn a_missing_secret_is_named() {
    let mut shop = Shop::open(&[]);
    shop.settings.stripe_secrets = Default::default();
    shop.settings.shopify_secrets = Default::default();
    shop.settings.woocommerce_secrets = Default::default();
    let body = json!({});
    for (answer, variable) in [
        (shop.stripe(&body), "STRIPE_WEBHOOK_SECRET"),
        (shop.shopify("orders-paid", &body), "SHOPIFY_CLIENT_SECRET"),
        (shop.woocommerce(&body), "WOOCOMMERCE_WEBHOOK_SECRET"),
    ] {
        assert_eq!(answer.0, 401);
        assert!(answer.1["detail"].as_str().unwrap().contains(variable), "{}", answer.1);
    }
}

#[test]
fn nothing_is_done_for_whoever_does_not_sign() {
    let shop = Shop::open(&[]);
    let before = shop.store.dump();
    let body = fixture!("stripe/checkout.session.completed.json");
    let order = fixture!("woocommerce/order.json");
    for (path, header, signature, body) in [
        ("stripe/demo", "stripe-signature", stripe_signature("x", 1_728_000_000, b""), &body),
        ("shopify/demo/orders-paid", "x-shopify-hmac-sha256", base64_signature("x", b""), &order),
        ("woocommerce/demo/order", "x-wc-webhook-signature", String::new(), &order),
        ("woocommerce/demo/order", "x-other", String::new(), &order),
    ] {
        let path = format!("/v1/hooks/{path}");
        let answer = shop.send(Method::POST, &path, &[(header, &signature)], body);
        assert_eq!(answer.status, 401, "{path}");
    }
    assert_eq!(shop.store.dump(), before);
}

#[test]
fn both_live_secrets_sign() {
    let mut shop = Shop::open(&[]);
    let rotating =
        goodword_tracker::settings::Secrets::read("newer,secret of STRIPE_WEBHOOK_SECRET");
    shop.settings.stripe_secrets = rotating;
    let body = fixture!("stripe/checkout.session.completed.json");
    assert_eq!(shop.stripe(&body).0, 200);
}

#[test]
fn a_program_that_is_not_there() {
    let shop = Shop::open(&[]);
    let body = b"{}".to_vec();
    let signature = base64_signature("secret of SHOPIFY_CLIENT_SECRET", &body);
    let headers = [("x-shopify-hmac-sha256", signature.as_str())];
    let path = "/v1/hooks/shopify/other/orders-paid";
    assert_eq!(shop.send_bytes(Method::POST, path, &headers, body).status, 404);
}

#[test]
fn a_dump_names_no_customer_of_a_provider() {
    let shop = Shop::open(&[]);
    let claim = shop.click(&shop.enrol("anna"));
    let session = with(
        &fixture!("stripe/checkout.session.completed.json"),
        &[("/data/object/client_reference_id", json!(claim))],
    );
    shop.stripe(&session);
    shop.shopify("orders-paid", &fixture!("shopify/orders-paid.json"));
    shop.woocommerce(&with(&fixture!("woocommerce/order.json"), &[("/customer_id", json!(0))]));
    for (key, body) in shop.store.dump() {
        for personal in ["mail.example", "cus_Ben01", "7001599344805", "Example", "Tea Lane"] {
            assert!(!key.contains(personal) && !body.contains(personal), "{personal} in {key}");
        }
    }
}
