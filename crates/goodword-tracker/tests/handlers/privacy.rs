//! What the store holds, and what it does not.

use super::metering::MeteringStore;
use super::shop::{ORIGIN, Shop};
use goodword::time::DAY_MS;
use goodword_tracker::limiter::Unlimited;
use http::Method;
use serde_json::json;

#[test]
fn a_dump_of_the_store_names_nobody() {
    let shop = Shop::open(&[]);
    let anna = shop.enrol("anna-c-77");
    shop.buy("1", "ben-c-78", &anna);
    let body = json!({"program": "demo", "email": "carol@mail.example", "display_name": "Carol Q"});
    let answer = shop.send(Method::POST, "/v1/advocates", &[("origin", ORIGIN)], &body);
    assert_eq!(answer.status, 200);
    for _ in 0..2 {
        shop.pass_ms(DAY_MS);
        shop.settle();
    }
    for (key, body) in shop.store.dump() {
        for personal in ["c-77", "c-78", "mail.example", "carol", "Carol Q", "192.0.2.7", "Family"]
        {
            assert!(
                !key.contains(personal) && !body.contains(personal),
                "{personal} in {key}: {body}"
            );
        }
    }
}

#[test]
fn known_and_unknown_addresses_get_the_same_answer() {
    let shop = Shop::open(&[]);
    shop.enrol("anna");
    let by_email = |email: &str| {
        let body = json!({"program": "demo", "email": email, "display_name": "X"});
        let answer = shop.send(Method::POST, "/v1/advocates", &[("origin", ORIGIN)], &body);
        let answer: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
        let shape: Vec<String> = answer.as_object().unwrap().keys().cloned().collect();
        (
            shape,
            answer["token"].clone(),
            answer["summary"].clone(),
            answer["code"].as_str().unwrap().len(),
        )
    };
    assert_eq!(by_email("anna@mail.example"), by_email("nobody@mail.example"));
}

/// Everything about the answer, and all that was asked of the store for it.
#[test]
fn an_address_that_is_enrolled_costs_what_one_that_is_not_does() {
    let mut shop = Shop::open(&[]);
    shop.settings.mail_from = Some("tea@shop.example".to_owned());
    let endpoints = json!({"endpoints": [{"url": "https://shop.example/hooks"}]});
    assert_eq!(shop.owner(Method::PUT, "/v1/programs/demo/webhooks", &endpoints).0, 200);
    // Enrolled by the shop, and by address.
    shop.enrol("anna");
    let claim = shop.click(&shop.enrol("bea"));
    let by_email = |email: &str| {
        let store = MeteringStore::new(&shop.store);
        let body = json!({
            "program": "demo", "email": email, "display_name": "X", "claim": claim,
        });
        let headers = [("origin", ORIGIN)];
        let answer =
            shop.send_by(&store, &Unlimited, Method::POST, "/v1/advocates", &headers, &body);
        let mut headers = answer.headers.clone();
        headers.set("x-request-id", "");
        (answer.status, headers, answer.body.len(), answer.traffic.len(), store.counted())
    };
    let unknown = by_email("nobody@mail.example");
    assert_eq!(unknown.0, 200);
    assert_eq!(by_email("anna@mail.example"), unknown, "enrolled by the shop");
    assert_eq!(by_email("nobody@mail.example"), unknown, "enrolled by address");
    assert_eq!(by_email("other@mail.example"), unknown, "not enrolled");
}

#[test]
fn nobody_renames_an_advocate_by_typing_their_address() {
    let shop = Shop::open(&[]);
    let anna = shop.enrol("anna");
    let body = json!({"program": "demo", "email": "anna@mail.example", "display_name": "Mallory"});
    shop.send(Method::POST, "/v1/advocates", &[("origin", ORIGIN)], &body);
    let path = format!("/v1/programs/demo/offer?code={anna}");
    let offer = shop.send(Method::GET, &path, &[], &serde_json::Value::Null);
    let offer: serde_json::Value = serde_json::from_slice(&offer.body).unwrap();
    assert_eq!(offer["inviter"]["name"], "anna");
}

#[test]
fn a_customer_keeps_the_code_they_got_by_e_mail() {
    let shop = Shop::open(&[]);
    let body = json!({"program": "demo", "email": "anna@mail.example"});
    let answer = shop.send(Method::POST, "/v1/advocates", &[("origin", ORIGIN)], &body);
    let answer: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
    let bare = answer["code"].as_str().unwrap();
    assert_eq!(shop.enrol("anna"), format!("ANNA-{bare}"));
}

#[test]
fn typing_an_address_hands_nobody_somebody_elses_code() {
    let shop = Shop::open(&[]);
    let anna = shop.enrol("anna");
    let typed = json!({"program": "demo", "email": "anna@mail.example"});
    shop.send(Method::POST, "/v1/advocates", &[("origin", ORIGIN)], &typed);
    // Another customer whose account has Anna's address.
    let other = shop.enrol_as("mallory", "anna@mail.example", None);
    assert_ne!(other["code"], anna);
    assert_eq!(shop.enrol("anna"), anna);
}

#[test]
fn a_page_can_read_what_went_wrong() {
    let shop = Shop::open(&[]);
    let body = json!({"program": "demo", "identity": "a.b.c"});
    let answer = shop.send(Method::POST, "/v1/advocates", &[("origin", ORIGIN)], &body);
    assert_eq!(answer.status, 401);
    assert_eq!(answer.headers.get("access-control-allow-origin").unwrap(), ORIGIN);
    let evil = "https://evil.example";
    let answer = shop.send(
        Method::POST,
        "/v1/shares",
        &[("origin", evil)],
        &json!({
            "program": "demo", "code": "x", "channel": "x",
        }),
    );
    assert_eq!(answer.status, 403);
    assert!(answer.headers.get("access-control-allow-origin").is_none());
}
