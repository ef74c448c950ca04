//! What each action costs in operations of the store, against the table in
//! ARCHITECTURE.md.

use super::hooks::{fixture, stripe_header, with};
use super::mail::Nobody;
use super::metering::{MeteringStore, Operations};
use super::shop::{ORIGIN, Shop, text};
use goodword::time::DAY_MS;
use goodword_tracker::flows::cron;
use goodword_tracker::flows::delivery::Outgoing;
use goodword_tracker::limiter::Unlimited;
use goodword_tracker::limits::{PANEL_INVITED_MAX, PANEL_ORDERS_MAX};
use http::Method;
use serde_json::{Value, json};

const OWNER: &str = "secret of OWNER_KEY";
const SERVER: &str = "secret of SECRET_KEY";

/// What Workers KV allows one invocation.
const OPERATIONS_MAX: usize = 1_000;

/// What one request costs.
fn cost(shop: &Shop, method: Method, path: &str, key: Option<&str>, body: &Value) -> Operations {
    let store = MeteringStore::new(&shop.store);
    let key = key.map(|key| format!("Bearer {key}"));
    let mut headers = vec![("origin", ORIGIN)];
    headers.extend(key.as_deref().map(|key| ("authorization", key)));
    let answer = shop.send_by(&store, &Unlimited, method, path, &headers, body);
    assert!(answer.status < 400, "{path}: {}", String::from_utf8_lossy(&answer.body));
    store.counted()
}

#[track_caller]
fn check(what: &str, cost: Operations, reads: usize, writes: usize, lists: usize) {
    let most = Operations { reads, writes, lists, deletes: 0 };
    assert_eq!(cost, most, "{what}");
}

#[test]
fn what_a_page_asks_costs_no_list_and_no_write() {
    let shop = Shop::open(&[]);
    let anna = shop.enrol("anna");
    let get = |path: &str| cost(&shop, Method::GET, path, None, &Value::Null);
    let post = |path: &str, body: Value| cost(&shop, Method::POST, path, None, &body);
    let click = json!({"program": "demo", "code": anna});
    let share = json!({"program": "demo", "code": anna, "channel": "whatsapp"});
    check("a link", get(&format!("/r/{anna}")), 2, 0, 0);
    check("a mistyped link", get("/r/ANNA-7K3FQ2M9Y"), 1, 0, 0);
    check("a direct click", post("/v1/clicks", click), 2, 0, 0);
    check("a share", post("/v1/shares", share), 2, 0, 0);
    check("an offer", get("/v1/programs/demo/offer"), 1, 0, 0);
    check("an invitation", get(&format!("/v1/programs/demo/offer?code={anna}")), 3, 0, 0);
    check("a claim", get(&format!("/v1/claims/{}", shop.click(&anna))), 3, 0, 0);
    check("a QR code", get(&format!("/qr/{anna}.svg")), 0, 0, 0);
    check("health", get("/health"), 0, 0, 0);
}

#[test]
fn what_an_order_costs() {
    let shop = Shop::open(&[]);
    let anna = shop.enrol("anna");
    let report = |path: &str, body: &Value| cost(&shop, Method::POST, path, Some(SERVER), body);
    let order = shop.order("1", "ben", &shop.click(&anna));
    check("a conversion", report("/v1/conversions", &order), 2, 5, 3);
    check("its replay", report("/v1/conversions", &order), 2, 0, 3);
    let mut nobodys = shop.order("2", "carol", "");
    nobodys.as_object_mut().unwrap().remove("claim");
    check("an order of nobody's", report("/v1/conversions", &nobodys), 2, 4, 2);
    let refund = json!({
        "program": "demo", "order_id": "1", "refund_id": "r", "occurred_at": shop.now_text(),
        "value": {"amount_minor": 100, "currency": "EUR"},
    });
    check("a refund", report("/v1/refunds", &refund), 4, 2, 3);
    let watchful = Shop::open(&[("/fraud/review", json!({"bucket_orders_7d": 3}))]);
    let order = watchful.order("1", "ben", &watchful.click(&watchful.enrol("anna")));
    let path = "/v1/conversions";
    let watched = cost(&watchful, Method::POST, path, Some(SERVER), &order);
    check("a conversion under review rules", watched, 2, 6, 4);
}

#[test]
fn what_a_webhook_costs() {
    let shop = Shop::open(&[]);
    let claim = shop.click(&shop.enrol("anna"));
    let path = "/v1/hooks/stripe/demo";
    let told = |event: &Value| {
        let store = MeteringStore::new(&shop.store);
        let signature = stripe_header(&shop, event);
        let headers = [("stripe-signature", signature.as_str())];
        let answer = shop.send_by(&store, &Unlimited, Method::POST, path, &headers, event);
        assert_eq!(answer.status, 200);
        store.counted()
    };
    let session = fixture!("stripe/checkout.session.completed.json");
    let session = with(&session, &[("/data/object/client_reference_id", json!(claim))]);
    check("an order, which has another name", told(&session), 3, 6, 4);
    check("its replay", told(&session), 3, 0, 4);
    check("its refund", told(&fixture!("stripe/refund.created.json")), 4, 2, 4);
    check("an event that is not used", told(&json!({"type": "payout.paid"})), 1, 0, 0);
}

#[test]
fn earlier_terms_are_read_once_however_often_they_are_needed() {
    let shop = Shop::open(&[]);
    let anna = shop.enrol("anna");
    let order = shop.order("1", "ben", &shop.click(&anna));
    shop.pass_ms(DAY_MS);
    let terms: Value =
        serde_json::from_str(include_str!("../../../../programs/demo.json")).unwrap();
    shop.owner(Method::PUT, "/v1/programs/demo", &terms);
    let late = cost(&shop, Method::POST, "/v1/conversions", Some(SERVER), &order);
    check("a conversion under earlier terms", late, 3, 5, 4);
}

/// A hundred orders of so many advocates, not settled yet.
fn with_due_orders(shop: &Shop, advocates: usize) {
    let codes: Vec<String> = (0..advocates).map(|n| shop.enrol(&format!("advocate-{n}"))).collect();
    for n in 0..100 {
        shop.buy(&n.to_string(), &format!("friend-{n}"), &codes[n % advocates]);
    }
}

#[test]
fn what_settling_a_hundred_orders_costs() {
    for (advocates, reads, lists) in [(1, 103, 202), (100, 202, 301)] {
        let shop = Shop::open(&[("/milestones", json!([]))]);
        with_due_orders(&shop, advocates);
        let settle = || {
            shop.pass_ms(DAY_MS);
            let path = "/v1/programs/demo/settle";
            cost(&shop, Method::POST, path, Some(OWNER), &Value::Null)
        };
        check("the first look", settle(), reads, 100, lists);
        let second = Operations { reads, writes: 100, lists, deletes: 100 };
        assert_eq!(settle(), second, "the second look, {advocates} advocates");
        assert_eq!(settle().sum(), 2, "nothing is left");
    }
}

#[test]
fn a_settlement_stays_below_what_one_invocation_may_do() {
    let mut shop = Shop::open(&[
        ("/fraud/review", json!({"bucket_orders_7d": 1_000, "disposable_mail": true})),
        ("/milestones", json!([{"at": 1, "reward": {"gives": "gift", "label": "A tour"}}])),
    ]);
    shop.settings.settlement_grace_ms = 0;
    with_due_orders(&shop, 100);
    for n in 0..120 {
        let mut nobodys = shop.order(&format!("nobodys-{n}"), &format!("stranger-{n}"), "");
        nobodys.as_object_mut().unwrap().remove("claim");
        assert_eq!(shop.server("/v1/conversions", &nobodys).0, 201);
    }
    shop.pass_ms(DAY_MS);
    let (_, terms) = shop.owner(Method::GET, "/v1/programs/demo", &Value::Null);
    shop.owner(Method::PUT, "/v1/programs/demo", &terms);
    let mut calls = 0;
    while shop.store.dump().keys().any(|key| key.starts_with("due/")) {
        let path = "/v1/programs/demo/settle";
        let cost = cost(&shop, Method::POST, path, Some(OWNER), &Value::Null);
        assert!(cost.sum() < OPERATIONS_MAX, "{cost:?}");
        calls += 1;
        assert!(calls < 10, "each call settles some");
    }
    let path = "/v1/programs/demo/rewards?status=confirmed&limit=1000";
    let (_, confirmed) = shop.owner(Method::GET, path, &Value::Null);
    assert_eq!(confirmed["data"].as_array().unwrap().len(), 300, "both sides and a milestone each");
}

#[test]
fn a_run_of_the_cron_stays_below_it_however_many_programs_there_are() {
    let mut shop = Shop::open(&[("/milestones", json!([]))]);
    shop.settings.settlement_grace_ms = 0;
    with_due_orders(&shop, 100);
    let (_, mut terms) = shop.owner(Method::GET, "/v1/programs/demo", &Value::Null);
    for n in 0..30 {
        let id = format!("other-{n:02}");
        terms["id"] = json!(id);
        assert_eq!(shop.owner(Method::PUT, &format!("/v1/programs/{id}"), &terms).0, 201);
        for advocate in 0..4 {
            let body = json!({"program": id, "email": format!("a{advocate}@mail.example")});
            let page = [("origin", ORIGIN)];
            let answer = shop.send(Method::POST, "/v1/advocates", &page, &body);
            let answer: Value = serde_json::from_slice(&answer.body).unwrap();
            let mut order = shop.order(&advocate.to_string(), &format!("f{advocate}"), "");
            order["program"] = json!(id);
            order["code"] = json!(text(&answer, "code"));
            order.as_object_mut().unwrap().remove("claim");
            assert_eq!(shop.server("/v1/conversions", &order).0, 201);
        }
    }
    let due = || shop.store.dump().keys().filter(|key| key.starts_with("due/")).count();
    let mut runs = 0;
    while due() > 0 {
        shop.pass_ms(15 * 60_000);
        let store = MeteringStore::new(&shop.store);
        let before = due();
        let outgoing = Outgoing { sender: &Nobody, mailer: None };
        futures_executor::block_on(cron::run(&shop.tracker(&store), &outgoing));
        assert!(store.counted().sum() < OPERATIONS_MAX, "{:?}", store.counted());
        assert!(due() < before, "each run settles some");
        runs += 1;
    }
    assert!(runs > 1, "one run would have cost too much");
}

#[test]
fn a_panel_costs_the_same_however_many_friends_bought() {
    let shop = Shop::open(&[]);
    let anna = shop.enrol_with("anna", None);
    let panel = || {
        let token = Some(text(&anna, "token"));
        cost(&shop, Method::GET, "/v1/advocates/me", token, &Value::Null)
    };
    check("with nobody", panel(), 4, 0, 5);
    for n in 0..20 {
        shop.buy(&n.to_string(), &format!("friend-{n}"), text(&anna, "code"));
    }
    check("with twenty", panel(), 4, 0, 5);
}

#[test]
fn a_panel_stays_below_it_whomever_its_owner_invited_and_whatever_they_bought() {
    let shop = Shop::open(&[
        ("/second_level", json!({"gives": "credit", "amount_minor": 200})),
        ("/qualifies/which", json!("every")),
        ("/qualifies/new_customers_only", json!(false)),
        ("/caps", json!([])),
    ]);
    let anna = shop.enrol_with("anna", None);
    let claim = shop.click(text(&anna, "code"));
    for n in 0..PANEL_INVITED_MAX + 1 {
        let invited = shop.enrol_with(&format!("invited-{n}"), Some(&claim));
        shop.buy(&format!("second-{n}"), &format!("friend-{n}"), text(&invited, "code"));
    }
    let bea = shop.enrol("bea");
    for n in 0..PANEL_ORDERS_MAX + 1 {
        shop.pass_ms(1);
        shop.buy(&format!("own-{n}"), "anna", &bea);
    }
    let store = MeteringStore::new(&shop.store);
    let token = format!("Bearer {}", text(&anna, "token"));
    let headers = [("origin", ORIGIN), ("authorization", token.as_str())];
    let path = "/v1/advocates/me";
    let me = shop.send_by(&store, &Unlimited, Method::GET, path, &headers, &Value::Null);
    assert!(store.counted().sum() < OPERATIONS_MAX, "{:?}", store.counted());
    let me: Value = serde_json::from_slice(&me.body).unwrap();
    let rewards = me["rewards"].as_array().unwrap();
    let of = |level: bool| rewards.iter().filter(|it| it["level"].is_u64() == level).count();
    assert_eq!((of(true), of(false)), (PANEL_INVITED_MAX, PANEL_ORDERS_MAX));
    let is_there = |id: &str| rewards.iter().any(|reward| reward["order_id"] == id);
    assert!(!is_there("own-0") && is_there("own-1"), "the latest");
    let document = include_str!("../../../../www/openapi.json");
    assert!(document.contains(&format!("first {PANEL_INVITED_MAX} advocates they invited")));
    assert!(document.contains(&format!("their latest {PANEL_ORDERS_MAX} orders")));
}
