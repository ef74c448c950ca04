//! Shopify's privacy topics: what a customer asks for about themselves, and
//! what a shop asks for that gave the app up.

use super::{every_order, fixture, told, with};
use crate::mail::Nobody;
use crate::metering::MeteringStore;
use crate::shop::{ORIGIN, Shop, text};
use goodword::time::DAY_MS;
use goodword_tracker::flows::cron;
use goodword_tracker::flows::delivery::Outgoing;
use http::Method;
use serde_json::{Value, json};

const WARNINGS: &str = "/v1/programs/demo/warnings";

fn redact() -> Value {
    fixture!("shopify/customers-redact.json")
}

fn request() -> Value {
    fixture!("shopify/customers-data_request.json")
}

fn gone() -> Value {
    fixture!("shopify/shop-redact.json")
}

/// The customer of the fixtures.
const BEN: &str = "7001599344805";

fn keys(shop: &Shop, prefix: &str) -> usize {
    shop.store.dump().keys().filter(|key| key.starts_with(prefix)).count()
}

fn enrol_by_email(shop: &Shop, email: &str) {
    let body = json!({"program": "demo", "email": email});
    let page = [("origin", ORIGIN)];
    assert_eq!(shop.send(Method::POST, "/v1/advocates", &page, &body).status, 200);
}

/// What the owner is told, without what the store says.
fn warned(shop: &Shop) -> Vec<Value> {
    let (status, answer) = shop.owner(Method::GET, WARNINGS, &Value::Null);
    assert_eq!(status, 200);
    answer["data"].as_array().unwrap().clone()
}

/// A run of the cron, around a store that may die.
fn run(shop: &Shop, store: &MeteringStore<'_>) {
    let outgoing = Outgoing { sender: &Nobody, mailer: None };
    futures_executor::block_on(cron::run(&shop.tracker(store), &outgoing));
}

#[test]
fn a_redacted_customer_is_erased_and_their_rewards_stay() {
    let nobody = Value::Null;
    for changes in [
        vec![],
        vec![("/customer/id", nobody.clone())],
        vec![("/customer/email", nobody.clone())],
        vec![("/orders_to_redact", nobody)],
        vec![("/customer/email", json!("  Ben@mail.example "))],
    ] {
        let shop = Shop::open(&every_order());
        let ben = shop.enrol_as(BEN, "ben@mail.example", None);
        shop.enrol("bea");
        shop.buy("1", "carol", text(&ben, "code"));
        let before = keys(&shop, "identity/");
        for _ in 0..2 {
            let answer = shop.shopify("customers-redact", &with(&redact(), &changes));
            assert_eq!(told(&answer), "recorded");
            assert_eq!(keys(&shop, "identity/"), before - 2, "{changes:?}: Bea's two stay");
        }
        assert_eq!(shop.rewards(), ["advocate 499 pending"]);
        assert_ne!(shop.enrol_as(BEN, "ben@mail.example", None)["code"], ben["code"]);
    }
}

#[test]
fn an_address_that_a_redacted_customer_enrolled_by_goes_too() {
    let shop = Shop::open(&[]);
    shop.enrol_as(BEN, "", None);
    enrol_by_email(&shop, "ben@mail.example");
    assert_eq!(keys(&shop, "code/"), 2);
    assert_eq!(told(&shop.shopify("customers-redact", &redact())), "recorded");
    assert_eq!(keys(&shop, "identity/"), 0);
}

#[test]
fn the_owner_learns_who_asks_for_their_data_and_finds_it() {
    let shop = Shop::open(&every_order());
    let ben = shop.enrol_as(BEN, "ben@mail.example", None);
    for _ in 0..2 {
        assert_eq!(told(&shop.shopify("customers-data_request", &request())), "recorded");
    }
    let raw = |(key, body): (&String, &String)| {
        [BEN, "mail.example"].iter().any(|name| key.contains(name) || body.contains(name))
    };
    assert!(!shop.store.dump().iter().any(raw), "who it is stands sealed");

    let warnings = warned(&shop);
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    assert_eq!(text(&warnings[0], "warning"), "data_requested");
    assert_eq!(text(&warnings[0], "from"), shop.now_text());
    let detail = text(&warnings[0], "detail");
    let path = detail.split_once("GET ").unwrap().1.split_once(' ').unwrap().0;
    assert_eq!(path, format!("/v1/programs/demo/people?customer_id={BEN}"));
    let (status, data) = shop.owner(Method::GET, path, &Value::Null);
    assert_eq!((status, &data["advocate"]["code"]), (200, &ben["code"]));

    shop.pass_ms(1_000);
    let guest = with(&request(), &[("/customer", json!({"email": "a+b@mail.example"}))]);
    assert_eq!(told(&shop.shopify("customers-data_request", &guest)), "recorded");
    let warnings = warned(&shop);
    assert_eq!(warnings.len(), 2);
    assert!(text(&warnings[0], "detail").contains("?email=a%2Bb%40mail.example has it"));

    // Whoever is erased has nothing to be shown any more, enrolled or not.
    assert_eq!(told(&shop.shopify("customers-redact", &redact())), "recorded");
    let stranger = json!({"email": "a+b@mail.example"});
    shop.owner(Method::DELETE, "/v1/programs/demo/people", &stranger);
    assert_eq!(warned(&shop), Vec::<Value>::new());
}

#[test]
fn everybody_is_erased_some_with_every_run() {
    let shop = Shop::open(&every_order());
    let codes: Vec<String> = (0..120).map(|n| shop.enrol(&format!("zofia-{n}"))).collect();
    shop.buy("1", "carol", &codes[0]);
    shop.pass_ms(1);
    shop.shopify("customers-data_request", &request());
    assert_eq!(told(&shop.shopify("shop-redact", &gone())), "recorded");
    let since = shop.now_text();
    let mut runs = 0;
    while keys(&shop, "erasure/") > 0 {
        let warnings = warned(&shop);
        assert_eq!(text(&warnings[0], "warning"), "everybody_is_erased");
        assert_eq!(text(&warnings[0], "from"), since);
        let store = MeteringStore::new(&shop.store);
        run(&shop, &store);
        assert!(store.counted().sum() < 1_000, "{:?}", store.counted());
        shop.pass_ms(15 * 60_000);
        runs += 1;
        assert!(runs < 10, "each run erases some");
    }
    assert!(runs > 2, "one run would have cost too much");
    let names = |(key, body): (&String, &String)| {
        ["zofia", "mail.example"]
            .iter()
            .any(|name| key.to_lowercase().contains(name) || body.to_lowercase().contains(name))
    };
    assert!(!shop.store.dump().iter().any(names));
    assert_eq!((keys(&shop, "identity/"), keys(&shop, "request/")), (0, 0));
    let path = "/v1/programs/demo/advocates?status=erased&limit=1000";
    let (_, erased) = shop.owner(Method::GET, path, &Value::Null);
    assert_eq!(erased["data"].as_array().unwrap().len(), 120);
    assert_eq!(shop.rewards(), ["advocate 499 confirmed"], "amounts stay, and become final");
    assert_eq!(warned(&shop), Vec::<Value>::new());

    // Whoever enrols now is somebody new.
    shop.enrol("zofia-0");
    run(&shop, &MeteringStore::new(&shop.store));
    assert_eq!(keys(&shop, "identity/"), 2);
}

#[test]
fn a_run_that_died_is_made_good_by_the_next_one() {
    for writes in 0..=13 {
        let shop = Shop::open(&[]);
        shop.enrol("zofia");
        shop.enrol("bea");
        shop.shopify("shop-redact", &gone());
        run(&shop, &MeteringStore::new(&shop.store).dying_after(writes));
        for _ in 0..2 {
            shop.pass_ms(DAY_MS);
            run(&shop, &MeteringStore::new(&shop.store));
        }
        assert_eq!((keys(&shop, "identity/"), keys(&shop, "erasure/")), (0, 0), "{writes} writes");
    }
}

#[track_caller]
fn check_refused(topic: &str, body: &Value, answer: &str) {
    let shop = Shop::open(&[]);
    shop.enrol_as(BEN, "ben@mail.example", None);
    let before = shop.store.dump();
    assert_eq!(told(&shop.shopify(topic, body)), answer);
    assert_eq!(shop.store.dump(), before, "{topic}");
}

/// The signature covers the body only, so a body of another topic, well
/// signed, may come at any of these paths.
#[test]
fn what_another_topic_says_erases_nobody() {
    let order = fixture!("shopify/orders-paid.json");
    check_refused("customers-redact", &order, "400 shop_id");
    check_refused("customers-redact", &request(), "400 data_request");
    check_refused("customers-redact", &gone(), "400 customer");
    check_refused("customers-redact", &json!({}), "400 shop_id");
    check_refused("customers-data_request", &order, "400 shop_id");
    check_refused("shop-redact", &order, "400 shop_id");
    check_refused("shop-redact", &fixture!("shopify/refunds-create.json"), "400 shop_id");
    check_refused("shop-redact", &request(), "400 customer");
    check_refused("shop-redact", &redact(), "400 customer");
    let nobody = with(&redact(), &[("/customer", json!({"phone": "+48 555 000 111"}))]);
    check_refused("customers-redact", &nobody, "ignored");
    let endless = "b".repeat(300) + "@mail.example";
    let nobody = with(&redact(), &[("/customer", json!({"id": null, "email": endless}))]);
    check_refused("customers-redact", &nobody, "ignored");
    check_refused("customers-data_request", &nobody, "ignored");
}
