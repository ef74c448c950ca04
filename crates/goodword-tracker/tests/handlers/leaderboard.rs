//! The leaderboard: who is on it, in which place, who is gone from it, and what
//! it costs.

use super::metering::MeteringStore;
use super::shop::{ORIGIN, Shop, text};
use goodword::time::DAY_MS;
use goodword_tracker::flows::leaderboard;
use goodword_tracker::http::Answer;
use goodword_tracker::limiter::Unlimited;
use goodword_tracker::programs;
use http::Method;
use serde_json::{Value, json};

const MINE: &str = "/v1/advocates/me/leaderboard";
const BOARD: &str = "/v1/programs/demo/leaderboard";
const HOUR_MS: i64 = 3_600_000;

fn open() -> Shop {
    Shop::open(&[("/leaderboard", json!(true)), ("/caps", json!([]))])
}

fn mine(shop: &Shop, method: Method, token: &str, body: &Value) -> Answer {
    let token = format!("Bearer {token}");
    shop.send(method, MINE, &[("origin", ORIGIN), ("authorization", &token)], body)
}

fn body(answer: &Answer) -> Value {
    serde_json::from_slice(&answer.body).unwrap()
}

/// Enrolls somebody who wants to be seen and whose so many friends buy: code and
/// token.
fn join(shop: &Shop, customer: &str, name: &str, friends: usize) -> (String, String) {
    let enrolled = shop.enrol_with(customer, None);
    let (code, token) = (text(&enrolled, "code").to_owned(), text(&enrolled, "token").to_owned());
    let answer = mine(shop, Method::PUT, &token, &json!({"name": name}));
    assert_eq!((answer.status, body(&answer)), (200, json!({"name": name.trim()})));
    for n in 0..friends {
        shop.buy(&format!("{customer}-{n}"), &format!("friend-of-{customer}-{n}"), &code);
    }
    (code, token)
}

fn board(shop: &Shop) -> Value {
    let answer = shop.send(Method::GET, BOARD, &[("origin", ORIGIN)], &Value::Null);
    assert_eq!(answer.status, 200);
    body(&answer)
}

/// Places, names and friends.
fn rows(shop: &Shop) -> Vec<(u64, String, u64)> {
    let row = |row: &Value| {
        let number = |field: &str| row[field].as_u64().unwrap();
        (number("place"), text(row, "name").to_owned(), number("friends"))
    };
    board(shop)["data"].as_array().unwrap().iter().map(row).collect()
}

fn row(place: u64, name: &str, friends: u64) -> (u64, String, u64) {
    (place, name.to_owned(), friends)
}

/// Goes on with a round as the cron does.
fn go_on(shop: &Shop, operations: usize) -> usize {
    let store = MeteringStore::new(&shop.store);
    let tracker = shop.tracker(&store);
    let demo = goodword::key::ProgramId::parse("demo").unwrap();
    futures_executor::block_on(async {
        let current = programs::load(tracker.store, &demo).await.unwrap();
        leaderboard::go_on(&tracker, &current, operations, false).await.unwrap();
    });
    store.counted().sum()
}

#[test]
fn who_wants_to_be_seen_is_and_nobody_else() {
    let shop = open();
    assert_eq!(board(&shop), json!({"as_of": null, "data": [], "further": 0, "next_cursor": null}));
    join(&shop, "anna", " Anna K. ", 2);
    join(&shop, "ben", "B", 3);
    join(&shop, "carol", "Carol", 0);
    let hidden = shop.enrol("dora");
    for n in 0..5 {
        shop.buy(&format!("d{n}"), &format!("friend-of-dora-{n}"), &hidden);
    }
    let at = shop.now_text();
    shop.settle();
    assert_eq!(rows(&shop), [row(1, "B", 3), row(2, "Anna K.", 2)]);
    assert_eq!(board(&shop)["as_of"], at);
    let dump = shop.store.dump();
    assert!(dump.iter().all(|(key, body)| !key.contains("Anna") && !body.contains("Anna K.")));
}

#[test]
fn who_has_as_many_has_the_same_place_and_nobody_is_left_out_unsaid() {
    let shop = open();
    join(&shop, "first", "First", 3);
    for n in 0..2 {
        join(&shop, &format!("second-{n}"), "Second", 2);
    }
    for n in 0..9 {
        join(&shop, &format!("fourth-{n}"), "Fourth", 1);
    }
    shop.settle();
    let places: Vec<u64> = rows(&shop).into_iter().map(|(place, _, _)| place).collect();
    assert_eq!(places, [1, 2, 2, 4, 4, 4, 4, 4, 4, 4]);
    assert_eq!(board(&shop)["further"], 2);
}

#[test]
fn leaving_a_block_and_erasing_count_at_once() {
    let shop = open();
    let (_, anna) = join(&shop, "anna", "Anna", 3);
    let (ben, _) = join(&shop, "ben", "Ben", 2);
    join(&shop, "zofia", "Zofia N.", 1);
    shop.settle();
    assert_eq!(rows(&shop).len(), 3);
    assert_eq!(body(&mine(&shop, Method::GET, &anna, &Value::Null))["name"], "Anna");
    let left = mine(&shop, Method::DELETE, &anna, &Value::Null);
    assert_eq!(body(&left), json!({"name": null}));
    assert_eq!(body(&mine(&shop, Method::GET, &anna, &Value::Null))["name"], Value::Null);
    assert_eq!(rows(&shop), [row(1, "Ben", 2), row(2, "Zofia N.", 1)]);
    shop.server(&format!("/v1/programs/demo/advocates/{ben}/block"), &Value::Null);
    assert_eq!(rows(&shop), [row(1, "Zofia N.", 1)]);
    let people = "/v1/programs/demo/people";
    let (_, data) = shop.owner(Method::GET, &format!("{people}?customer_id=zofia"), &Value::Null);
    assert_eq!(data["advocate"]["leaderboard_name"], "Zofia N.");
    shop.owner(Method::DELETE, people, &json!({"customer_id": "zofia"}));
    assert_eq!(rows(&shop), []);
    assert!(shop.store.dump().keys().all(|key| !key.starts_with("member/")));
    shop.settle();
    assert_eq!(rows(&shop), []);

    // Whoever may earn again says again that they want to be seen.
    shop.server(&format!("/v1/programs/demo/advocates/{ben}/unblock"), &Value::Null);
    shop.settle();
    assert_eq!(rows(&shop), []);
    assert_eq!(join(&shop, "ben", "Ben", 0).0, ben);
    shop.settle();
    assert_eq!(rows(&shop), [row(1, "Ben", 2)]);
}

#[test]
fn friends_are_counted_once_and_only_whose_orders_stand() {
    let shop = Shop::open(&[
        ("/leaderboard", json!(true)),
        ("/qualifies/which", json!("every")),
        ("/qualifies/new_customers_only", json!(false)),
        ("/fraud/review", json!({"seconds_after_click": 60})),
    ]);
    let (anna, _) = join(&shop, "anna", "Anna", 0);
    let claim = shop.click(&anna);
    let held = shop.order("held", "hasty", &claim);
    assert_eq!(shop.server("/v1/conversions", &held).0, 201);
    shop.pass_ms(DAY_MS);
    for (order, friend) in [("1", "ben"), ("2", "ben"), ("3", "carol")] {
        assert_eq!(shop.server("/v1/conversions", &shop.order(order, friend, &claim)).0, 201);
    }
    shop.settle();
    assert_eq!(rows(&shop), [row(1, "Anna", 2)], "Ben once; who waits for a person not yet");
    let refund = json!({
        "program": "demo", "order_id": "3", "refund_id": "r", "occurred_at": shop.now_text(),
        "value": {"amount_minor": 4_990, "currency": "EUR"},
    });
    assert_eq!(shop.server("/v1/refunds", &refund).0, 201);
    shop.settle();
    assert_eq!(rows(&shop), [row(1, "Anna", 1)]);
}

#[test]
fn a_round_an_hour_from_the_cron_and_at_once_by_hand() {
    let shop = open();
    assert_eq!(go_on(&shop, 250), 3, "where nobody is nothing is written");
    let (anna, _) = join(&shop, "anna", "Anna", 1);
    go_on(&shop, 250);
    assert_eq!(rows(&shop), [row(1, "Anna", 1)]);
    shop.buy("more", "another-friend", &anna);
    shop.pass_ms(HOUR_MS - 1);
    assert_eq!(go_on(&shop, 250), 2, "not yet");
    assert_eq!(rows(&shop), [row(1, "Anna", 1)]);
    shop.pass_ms(1);
    go_on(&shop, 250);
    assert_eq!(rows(&shop), [row(1, "Anna", 2)]);
    shop.buy("yet-more", "a-third-friend", &anna);
    shop.settle();
    assert_eq!(rows(&shop), [row(1, "Anna", 3)]);
}

#[test]
fn a_round_stays_within_its_operations_and_goes_on_where_it_was() {
    let shop = open();
    for n in 0..40 {
        join(&shop, &format!("c{n}"), &format!("N{n}"), usize::from(n % 2 == 0));
    }
    join(&shop, "best", "Best", 2);
    let mut runs = 0;
    while board(&shop)["as_of"].is_null() {
        let most = go_on(&shop, 15);
        assert!(most <= 17, "{most}: the program before it, what was found after it");
        runs += 1;
        assert!(runs < 9, "each run goes on");
    }
    assert!(runs > 2, "{runs}");
    let seen = rows(&shop);
    assert_eq!((seen.len(), &seen[0]), (10, &row(1, "Best", 2)));
    assert_eq!(board(&shop)["further"], 11, "twenty with one friend, nine of them shown");
}

#[test]
fn a_board_costs_the_same_however_many_are_on_it() {
    let shop = open();
    let cost = || {
        let store = MeteringStore::new(&shop.store);
        let headers = [("origin", ORIGIN)];
        let answer = shop.send_by(&store, &Unlimited, Method::GET, BOARD, &headers, &Value::Null);
        assert_eq!(answer.status, 200);
        assert_eq!(answer.headers.get("cache-control"), Some("public, max-age=60"));
        store.counted()
    };
    for n in 0..35 {
        join(&shop, &format!("c{n}"), "N", 1);
        if n == 0 {
            shop.settle();
            assert_eq!((cost().reads, cost().sum()), (4, 4));
        }
    }
    shop.pass_ms(HOUR_MS);
    go_on(&shop, 250);
    assert_eq!((cost().reads, cost().sum()), (4, 4));
    assert_eq!(board(&shop)["further"], 25);
}

#[test]
fn who_may_ask_and_join() {
    let shop = open();
    let (code, token) = join(&shop, "anna", "Anna", 0);
    for (origin, status) in [(ORIGIN, 200), ("https://evil.example", 403)] {
        let answer = shop.send(Method::GET, BOARD, &[("origin", origin)], &Value::Null);
        assert_eq!(answer.status, status);
    }
    for name in ["anna@shop.example", "https://shop.example", "see shop.example", "", "a\u{202e}b"]
    {
        assert_eq!(mine(&shop, Method::PUT, &token, &json!({"name": name})).status, 400, "{name}");
    }
    assert_eq!(body(&mine(&shop, Method::GET, &token, &Value::Null))["name"], "Anna");
    assert_eq!(mine(&shop, Method::PUT, "guess", &json!({"name": "A"})).status, 401);
    shop.server(&format!("/v1/programs/demo/advocates/{code}/block"), &Value::Null);
    assert_eq!(mine(&shop, Method::PUT, &token, &json!({"name": "A"})).status, 409);
    assert_eq!(mine(&shop, Method::DELETE, &token, &Value::Null).status, 200);
}

#[test]
fn where_the_owner_wants_none_there_is_none_and_leaving_is_possible_all_the_same() {
    let shop = open();
    let (_, token) = join(&shop, "anna", "Anna", 1);
    let mut terms: Value =
        serde_json::from_str(include_str!("../../../../programs/demo.json")).unwrap();
    for off in [json!(false), Value::Null] {
        terms["leaderboard"] = off;
        assert_eq!(shop.owner(Method::PUT, "/v1/programs/demo", &terms).0, 200);
        let answer = shop.send(Method::GET, BOARD, &[("origin", ORIGIN)], &Value::Null);
        assert_eq!(answer.status, 404);
        assert_eq!(mine(&shop, Method::GET, &token, &Value::Null).status, 404);
        assert_eq!(mine(&shop, Method::PUT, &token, &json!({"name": "A"})).status, 404);
    }
    shop.settle();
    assert!(shop.store.dump().keys().all(|key| !key.starts_with("leaderboard/")));
    assert_eq!(mine(&shop, Method::DELETE, &token, &Value::Null).status, 200);
    assert!(shop.store.dump().keys().all(|key| !key.starts_with("member/")));
    terms["leaderboard"] = json!("yes");
    let (status, problem) = shop.owner(Method::PUT, "/v1/programs/demo", &terms);
    assert_eq!((status, &problem["errors"][0]["field"]), (400, &json!("leaderboard")));
}
