//! A store that takes no writes: nothing is acknowledged, and the owner is
//! told.

use super::shop::{Shop, text};
use async_trait::async_trait;
use goodword_tracker::http::Answer;
use goodword_tracker::limiter::Unlimited;
use goodword_tracker::random::SystemRandom;
use goodword_tracker::store::memory::MemoryStore;
use goodword_tracker::store::{Keep, Page, Store, StoreError};
use goodword_tracker::warnings::{Unanswered, record};
use http::Method;
use serde_json::{Value, json};

/// As Workers KV on the free plan after the day's thousandth write.
struct Exhausted<'a>(&'a MemoryStore);

#[async_trait(?Send)]
impl Store for Exhausted<'_> {
    async fn put(&self, _: &str, _: &str, _: Keep) -> Result<(), StoreError> {
        Err(StoreError("KV put() limit exceeded for the day.".to_owned()))
    }

    async fn get_bulk(&self, keys: &[String]) -> Result<Vec<Option<String>>, StoreError> {
        self.0.get_bulk(keys).await
    }

    async fn list(&self, prefix: &str, cursor: Option<&str>) -> Result<Page, StoreError> {
        self.0.list(prefix, cursor).await
    }

    async fn delete(&self, _: &str) -> Result<(), StoreError> {
        Err(StoreError("KV delete() limit exceeded for the day.".to_owned()))
    }
}

fn send(shop: &Shop, method: Method, path: &str, key: &str, body: &Value) -> Answer {
    let key = format!("Bearer secret of {key}");
    let headers = [("authorization", key.as_str())];
    shop.send_by(&Exhausted(&shop.store), &Unlimited, method, path, &headers, body)
}

#[test]
fn an_order_that_cannot_be_kept_is_to_be_sent_again() {
    let shop = Shop::open(&[]);
    let anna = shop.enrol("anna");
    let order = shop.order("1", "ben", &shop.click(&anna));
    let answer = send(&shop, Method::POST, "/v1/conversions", "SECRET_KEY", &order);
    let problem: Value = serde_json::from_slice(&answer.body).unwrap();
    assert_eq!((answer.status, text(&problem, "code")), (503, "store_unavailable"));
    assert_eq!(answer.headers.get("retry-after").unwrap(), "60");
    assert!(!text(&problem, "detail").contains("limit exceeded"), "that is for the log");
    assert_eq!(shop.server("/v1/conversions", &order).0, 201, "sent again");
}

#[test]
fn a_friend_who_follows_a_link_notices_nothing() {
    let shop = Shop::open(&[]);
    let anna = shop.enrol("anna");
    let answer = send(&shop, Method::GET, &format!("/r/{anna}"), "", &Value::Null);
    assert!(answer.headers.get("location").unwrap().contains("gw="));
}

#[test]
fn the_owner_learns_that_the_store_refuses_writes_and_when_it_did() {
    let shop = Shop::open(&[]);
    let path = "/v1/programs/demo/warnings";
    let none = json!({"data": [], "next_cursor": null});
    assert_eq!(shop.owner(Method::GET, path, &Value::Null), (200, none));

    let answer = send(&shop, Method::GET, path, "OWNER_KEY", &Value::Null);
    let answer: Value = serde_json::from_slice(&answer.body).unwrap();
    assert_eq!(text(&answer["data"][0], "warning"), "store_refuses_writes");

    let first = Unanswered::and(None, shop.now());
    shop.pass_ms(5_000);
    let both = Unanswered::and(Some(first), shop.now());
    futures_executor::block_on(record(&shop.store, &SystemRandom, both)).unwrap();
    let (_, answer) = shop.owner(Method::GET, path, &Value::Null);
    let past = &answer["data"][0];
    assert_eq!((text(past, "warning"), &past["count"]), ("store_unavailable", &json!(2)));
    assert_eq!(text(past, "to"), shop.now_text());
    assert_ne!(text(past, "from"), text(past, "to"));
}
