//! Every route under hostile input: whatever arrives, the answer is one that
//! the contract knows, nothing panics, and an error names what is wrong.
//!
//! The number of cases is small here and set by `PROPTEST_CASES` elsewhere.

mod claim;
mod code;
mod program;

use super::shop::{ORIGIN, Shop};
use http::Method;
use proptest::prelude::*;
use serde_json::{Value, json};

const METHODS: [Method; 6] =
    [Method::GET, Method::POST, Method::PUT, Method::DELETE, Method::HEAD, Method::OPTIONS];

const PATHS: [&str; 40] = [
    "/health",
    "/r/{}",
    "/qr/{}.svg",
    "/v1/advocates",
    "/v1/advocates/me",
    "/v1/shares",
    "/v1/clicks",
    "/v1/claims/{}",
    "/v1/conversions",
    "/v1/conversions/unverified",
    "/v1/refunds",
    "/v1/hooks/stripe/demo",
    "/v1/hooks/shopify/demo/orders-paid",
    "/v1/hooks/shopify/demo/refunds-create",
    "/v1/hooks/woocommerce/demo/order",
    "/v1/programs/demo",
    "/v1/programs/demo/offer?locale={}&code={}",
    "/v1/programs/demo/rewards?code={}",
    "/v1/programs/demo/rewards?cursor={}&limit={}",
    "/v1/programs/demo/advocates?q={}&group={}",
    "/v1/programs/demo/advocates?cursor={}&status={}",
    "/v1/programs/demo/advocates/{}/block",
    "/v1/programs/demo/advocates/{}/unblock",
    "/v1/programs/demo/conversions?from={}&to={}",
    "/v1/programs/demo/conversions?code={}&cursor={}&limit={}",
    "/v1/programs/demo/people?customer_id={}&email={}",
    "/v1/programs/demo/people?customer_id={}",
    "/v1/programs/demo/export/{}.csv",
    "/v1/programs/demo/what-if?from={}",
    "/v1/programs/demo/orders",
    "/v1/programs/demo/settle",
    "/v1/programs/demo/webhooks",
    "/v1/programs/demo/webhooks/resend",
    "/v1/programs/demo/reviews?status={}",
    "/v1/programs/demo/rewards/{}/fulfil",
    "/v1/programs/demo/rewards/{}/void",
    "/v1/programs/demo/reviews/{}/accept",
    "/v1/programs/demo/reviews/{}/refuse",
    "/v1/programs/{}",
    "/{}",
];

/// Bodies that are good, to be broken in one place.
fn bodies(code: &str, claim: &str) -> Vec<Value> {
    let terms: Value =
        serde_json::from_str(include_str!("../../../../programs/demo.json")).unwrap();
    let money = json!({"amount_minor": 4_990, "currency": "EUR"});
    let at = "2024-10-04T12:00:00Z";
    vec![
        terms,
        json!({
            "program": "demo", "order_id": "1", "kind": "purchase", "occurred_at": at,
            "value": money, "customer": {"id": "ben", "email": "ben@mail.example", "existing": false},
            "claim": claim, "code": code,
            "lines": [{"product_id": "a", "category": "b", "quantity": 1, "value": money}],
        }),
        json!({"program": "demo", "order_id": "1", "refund_id": "r", "occurred_at": at, "value": money}),
        json!({"program": "demo", "code": code, "channel": "whatsapp"}),
        json!({"program": "demo", "email": "carol@mail.example", "display_name": "Carol", "claim": claim}),
        json!({"program": "demo", "identity": "a.b.c", "locale": "en"}),
        json!({"note": "why", "coupon": "TEA"}),
        json!({"endpoints": [{"url": "https://shop.example/hooks", "events": ["reward.voided"]}]}),
        json!({"since": at}),
        json!({"customer_id": "ben", "email": "ben@mail.example"}),
        json!({"order_id": "1", "occurred_at": at, "value": money, "customer": {"id": "ben"}}),
    ]
}

pub fn hostile() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,40}".prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        (1_usize..5_000).prop_map(|length| Value::from("x".repeat(length))),
        Just(json!([])),
        Just(json!({})),
        Just(json!([null, 1, "a", {}])),
        Just(json!({"amount_minor": -1, "currency": "eur", "extra": []})),
    ]
}

/// Every place in a document, as JSON pointers.
pub fn places(document: &Value, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    match document {
        Value::Object(fields) => {
            for (name, value) in fields {
                let name = name.replace('~', "~0").replace('/', "~1");
                places(value, &format!("{at}/{name}"), found);
            }
        }
        Value::Array(entries) => {
            for (index, value) in entries.iter().enumerate() {
                places(value, &format!("{at}/{index}"), found);
            }
        }
        _ => {}
    }
}

pub fn broken(document: &Value, place: usize, with: Value, extra: Option<String>) -> Value {
    let mut found = Vec::new();
    places(document, "", &mut found);
    let mut document = document.clone();
    if let Some(value) = document.pointer_mut(&found[place % found.len()]) {
        *value = with.clone();
    }
    if let (Value::Object(fields), Some(extra)) = (&mut document, extra) {
        fields.insert(extra, with);
    }
    document
}

proptest! {
    #[test]
    fn every_answer_is_one_the_contract_knows(
        method in prop::sample::select(METHODS.to_vec()),
        path in prop::sample::select(PATHS.to_vec()),
        word in prop_oneof!["\\PC{0,30}", any::<String>(), Just("ANNA".to_owned())],
        use_code: bool,
        body in 0_usize..11,
        place: usize,
        with in hostile(),
        extra in prop::option::of("[a-z_]{1,10}"),
        credential in 0_usize..4,
        origin in prop_oneof![Just(ORIGIN), Just("https://evil.example"), Just("null")],
    ) {
        let shop = Shop::open(&[]);
        let anna = shop.enrol("anna");
        let claim = shop.click(&anna);
        let word = if use_code { anna.clone() } else { word };
        let body = broken(&bodies(&anna, &claim)[body], place, with, extra);
        let keys = ["secret of OWNER_KEY", "secret of SECRET_KEY", "wrong", ""];
        let credential = format!("Bearer {}", keys[credential]);
        let headers = [("authorization", credential.as_str()), ("origin", origin)];

        let answer = shop.send(method.clone(), &path.replace("{}", &word), &headers, &body);
        let known = [200, 201, 202, 204, 302, 400, 401, 403, 404, 405, 409, 413];
        prop_assert!(known.contains(&answer.status), "{} {method} {path}", answer.status);
        prop_assert!(answer.headers.get("x-request-id").is_some());
        if answer.status >= 400 && method != Method::HEAD {
            let problem: Value = serde_json::from_slice(&answer.body).unwrap();
            prop_assert_eq!(&problem["status"], answer.status);
            prop_assert!(problem["detail"].as_str().is_some_and(|detail| !detail.is_empty()));
            prop_assert_eq!(answer.headers.get("content-type").unwrap(), "application/problem+json");
        }
        if let Some(location) = answer.headers.get("location") {
            prop_assert!(location.starts_with("http://localhost:8787/"), "{location}");
        }
    }
}
