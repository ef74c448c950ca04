//! The owner's report and what is counted for it, over the handlers.

use super::shop::{ORIGIN, Shop, text};
use http::Method;
use serde_json::{Value, json};

const PHONE: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15 \
                     (KHTML, like Gecko) Version/19.1 Mobile/15E148 Safari/604.1";

fn report(shop: &Shop, query: &str) -> Value {
    let path = format!("/v1/programs/demo/report{query}");
    let (status, report) = shop.owner(Method::GET, &path, &Value::Null);
    assert_eq!(status, 200, "{report}");
    report
}

/// Sends and records, as the edge does after the answer.
fn page(shop: &Shop, method: Method, path: &str, headers: &[(&'static str, &str)], body: &Value) {
    let mut all = vec![("origin", ORIGIN)];
    all.extend(headers);
    let answer = shop.send(method, path, &all, body);
    assert!(answer.status < 400, "{path}: {}", answer.status);
    let recorded = goodword_tracker::traffic::record(
        &shop.store,
        &goodword_tracker::random::SystemRandom,
        shop.now(),
        &answer.traffic,
    );
    futures_executor::block_on(recorded).unwrap();
}

#[track_caller]
fn check_rate(figures: &Value, name: &str, numerator: i64, denominator: i64, value: Value) {
    let expected = json!({"numerator": numerator, "denominator": denominator, "value": value});
    assert_eq!(figures[name], expected, "{name}");
}

/// Anna shares twice and brings Ben; Carl buys by himself. Two people click
/// on Anna's link, one of them twice, and one who wants not to be counted.
fn season() -> (Shop, String) {
    let shop = Shop::open(&[]);
    let anna = shop.enrol("anna");
    shop.enrol("dora");
    let share = json!({"program": "demo", "code": anna, "channel": "whatsapp"});
    page(&shop, Method::POST, "/v1/shares", &[], &share);
    page(&shop, Method::POST, "/v1/shares", &[], &share);
    let link = format!("/r/{anna}?c=whatsapp");
    for _ in 0..2 {
        page(&shop, Method::GET, &link, &[("user-agent", PHONE)], &Value::Null);
    }
    let claim = shop.click(&anna);
    let first = json!({"program": "demo", "claim": claim});
    page(&shop, Method::POST, "/v1/clicks", &[], &first);
    page(&shop, Method::POST, "/v1/clicks", &[("sec-gpc", "1")], &first);
    let direct = json!({"program": "demo", "code": anna, "channel": "email", "first": true});
    page(&shop, Method::POST, "/v1/clicks", &[], &direct);
    page(&shop, Method::POST, "/v1/clicks", &[("sec-gpc", "1")], &direct);
    let known = json!({"program": "demo", "code": anna, "channel": "email", "first": false});
    page(&shop, Method::POST, "/v1/clicks", &[], &known);
    shop.pass_ms(7_200_000);
    let (status, _) = shop.server("/v1/conversions", &shop.order("1", "ben", &claim));
    assert_eq!(status, 201);
    let (_, carls) = shop.server("/v1/conversions", &shop.order("2", "carl", ""));
    assert_eq!(text(&carls, "outcome"), "unattributed");
    (shop, anna)
}

#[test]
fn every_number_with_what_it_was_divided_from() {
    let (shop, _) = season();
    let report = report(&shop, "");
    let total = &report["total"];
    for (name, count) in [
        ("advocates", 2),
        ("clicks", 5),
        ("people", 2),
        ("shares", 2),
        ("orders", 2),
        ("orders_attributed", 1),
        ("friends", 1),
    ] {
        assert_eq!(total[name], count, "{name}");
    }
    check_rate(total, "participation", 2, 2, json!(1.0));
    check_rate(total, "share_rate", 1, 2, json!(0.5));
    check_rate(total, "clicks_per_share", 5, 2, json!(2.5));
    check_rate(total, "referral_rate", 1, 2, json!(0.5));
    check_rate(total, "conversion_rate", 1, 2, json!(0.5));
    check_rate(total, "repeat_advocates", 0, 1, json!(0.0));
    check_rate(total, "k_factor", 1, 2, json!(0.5));
    let euro = |amount_minor: i64| json!({"amount_minor": amount_minor, "currency": "EUR"});
    assert_eq!(total["referred_revenue"], euro(4_990));
    // Ten for Anna, ten for Ben.
    assert_eq!(total["reward_cost"], euro(2_000));
    let roi = json!({"numerator": euro(2_990), "denominator": euro(2_000), "value": 1.495});
    assert_eq!(total["roi"], roi);
    let cost = json!({"numerator": euro(2_000), "denominator": 1, "value": euro(2_000)});
    assert_eq!(total["cost_per_customer"], cost);
    let other = json!({"numerator": euro(4_990), "denominator": 1, "value": euro(4_990)});
    assert_eq!(total["other_value"], other);
    let took = &total["time_to_convert"];
    assert_eq!(took["friends"], 1);
    assert!(took["median_ms"].as_i64().unwrap().abs_diff(7_200_000) <= 7_200_000 / 128);
}

#[test]
fn orders_that_nobody_referred_are_compared() {
    let (shop, _) = season();
    let order = json!({
        "order_id": "till-7", "occurred_at": shop.now_text(), "customer": {"id": "emil"},
        "value": {"amount_minor": 2_000, "currency": "EUR"},
    });
    let key = [("authorization", "Bearer secret of SECRET_KEY")];
    let answer = shop.send(Method::PUT, "/v1/programs/demo/orders", &key, &order);
    assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
    let report = report(&shop, "");
    check_rate(&report["total"], "referral_rate", 1, 3, json!(0.3333));
    let euro = |amount_minor: i64| json!({"amount_minor": amount_minor, "currency": "EUR"});
    let other = json!({"numerator": euro(6_990), "denominator": 2, "value": euro(3_495)});
    assert_eq!(report["total"]["other_value"], other);
}

#[test]
fn by_everything() {
    let (shop, anna) = season();
    let slices = |by: &str, count: &str| {
        let report = report(&shop, &format!("?by={by}"));
        let slice = |slice: &Value| format!("{} {}", slice["key"], slice[count]);
        report["data"].as_array().unwrap().iter().map(slice).collect::<Vec<String>>()
    };
    let shown = shop.enrol("anna");
    assert_eq!(shown, anna);
    assert_eq!(slices("day", "clicks"), ["\"2024-10-04\" 5"]);
    assert_eq!(slices("channel", "clicks"), ["null 0", "\"whatsapp\" 2", "\"email\" 3"]);
    assert_eq!(slices("channel", "people"), ["null 1", "\"whatsapp\" 0", "\"email\" 1"]);
    let devices = ["\"unknown\" 0", "\"phone\" 2", "\"computer\" 3"];
    assert_eq!(slices("device", "clicks"), devices);
    assert_eq!(slices("group", "friends"), ["null 1"]);
    assert_eq!(slices("variant", "friends"), ["null 1"]);
    let of_anna = format!("\"{anna}\" 5");
    assert!(slices("advocate", "clicks").contains(&of_anna), "{:?}", slices("advocate", "clicks"));
}

#[test]
fn nothing_to_divide_by_is_null_and_other_days_are_empty() {
    let (shop, _) = season();
    let report = report(&shop, "?from=2024-09-01&to=2024-09-02T10:00:00Z");
    assert_eq!((&report["from"], &report["to"]), (&json!("2024-09-01"), &json!("2024-09-03")));
    check_rate(&report["total"], "conversion_rate", 0, 0, Value::Null);
    assert_eq!(report["data"], json!([]));
    assert_eq!(report["complete_through"], Value::Null);
}

#[test]
fn what_cannot_be_asked() {
    let shop = Shop::open(&[]);
    for query in [
        "?by=week",
        "?from=yesterday",
        "?from=2024-02-02&to=2024-02-02",
        "?from=2020-01-01&to=2024-01-01",
        "?experiment=none",
    ] {
        let path = format!("/v1/programs/demo/report{query}");
        assert_eq!(shop.owner(Method::GET, &path, &Value::Null).0, 400, "{query}");
    }
    let answer = shop.send(Method::GET, "/v1/programs/demo/report", &[], &Value::Null);
    assert_eq!(answer.status, 401);
}

#[test]
fn clicks_of_many_advocates_in_one_window_are_one_write() {
    let shop = Shop::open(&[]);
    let mut traffic = Vec::new();
    for number in 0..30 {
        let code = shop.enrol(&format!("advocate-{number}"));
        let answer = shop.send(Method::GET, &format!("/r/{code}"), &[], &Value::Null);
        traffic.extend(answer.traffic);
    }
    let before = shop.store.dump().len();
    let random = goodword_tracker::random::SystemRandom;
    let recorded = goodword_tracker::traffic::record(&shop.store, &random, shop.now(), &traffic);
    futures_executor::block_on(recorded).unwrap();
    assert_eq!(shop.store.dump().len(), before + 1);
}
