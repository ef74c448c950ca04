//! The owner blocks an advocate, and lets them earn again.

use super::shop::{Shop, text};
use goodword::time::DAY_MS;
use http::Method;
use serde_json::{Value, json};

fn decide(shop: &Shop, code: &str, verdict: &str) -> Value {
    let path = format!("/v1/programs/demo/advocates/{code}/{verdict}");
    let (status, answer) = shop.server(&path, &json!({"note": "orders of his own"}));
    assert_eq!(status, 200, "{answer}");
    answer
}

fn settle_twice(shop: &Shop) {
    for _ in 0..2 {
        shop.pass_ms(DAY_MS);
        shop.settle();
    }
}

fn location(shop: &Shop, code: &str) -> String {
    let answer = shop.send(Method::GET, &format!("/r/{code}"), &[], &Value::Null);
    assert_eq!(answer.status, 302);
    answer.headers.get("location").unwrap().to_owned()
}

#[test]
fn a_block_holds_for_everything_that_is_not_final() {
    let shop = Shop::open(&[("/hold_days", json!(14))]);
    let anna = shop.enrol("anna");
    shop.buy("1", "ben", &anna);
    shop.pass_ms(14 * DAY_MS);
    settle_twice(&shop);
    shop.buy("2", "carol", &anna);
    let claim = shop.click(&anna);
    let before = shop.rewards();

    let answer = decide(&shop, &anna, "block");
    let told = json!({"code": anna, "status": "blocked", "orders": 1, "remaining": 0});
    assert_eq!(answer, told);
    assert!(!location(&shop, &anna).contains("gw="), "still the shop, without a claim");
    let (_, late) = shop.server("/v1/conversions", &shop.order("3", "dora", &claim));
    assert_eq!(late["reason"], "advocate_blocked");
    settle_twice(&shop);
    assert_eq!(shop.rewards(), ["advocate 1000 confirmed", "friend 1000 confirmed"]);

    let answer = decide(&shop, &anna, "unblock");
    assert_eq!((&answer["status"], &answer["orders"]), (&json!("active"), &json!(1)));
    assert_eq!(shop.rewards(), before, "pending again, until it is due");
    assert!(location(&shop, &anna).contains("gw="));
    shop.pass_ms(14 * DAY_MS);
    settle_twice(&shop);
    // Dora's was reported while the block held, and is due after it.
    assert_eq!(shop.rewards().len(), 6);
    assert!(shop.rewards().iter().all(|reward| reward.ends_with("confirmed")));
}

#[test]
fn the_same_decision_twice_is_one_and_each_is_a_fact() {
    let shop = Shop::open(&[]);
    let anna = shop.enrol("anna");
    for verdict in ["block", "block", "unblock"] {
        decide(&shop, &anna, verdict);
        shop.pass_ms(1_000);
    }
    let facts = shop.store.dump();
    let facts: Vec<&String> = facts
        .iter()
        .filter(|(key, _)| key.starts_with("standings/demo/"))
        .map(|(_, body)| body)
        .collect();
    assert_eq!(facts.len(), 3);
    for (fact, blocked) in facts.iter().zip([true, true, false]) {
        let fact: Value = serde_json::from_str(fact).unwrap();
        let decision = &fact["decision"];
        assert_eq!(fact["blocked"], blocked);
        assert_eq!((text(decision, "by"), text(decision, "note")), ("server", "orders of his own"));
    }
}

#[test]
fn an_enrolment_lifts_no_block() {
    let shop = Shop::open(&[]);
    let anna = shop.enrol("anna");
    decide(&shop, &anna, "block");
    assert_eq!(shop.enrol_with("anna", None)["summary"]["status"], "blocked");
    assert!(!location(&shop, &anna).contains("gw="));
}

#[test]
fn what_does_not_exist_cannot_be_blocked() {
    let shop = Shop::open(&[]);
    let anna = shop.enrol("anna");
    let block = |code: &str| {
        let path = format!("/v1/programs/demo/advocates/{code}/block");
        shop.server(&path, &Value::Null).0
    };
    assert_eq!((block("nobody"), block("000000000")), (404, 404));
    let path = format!("/v1/programs/demo/advocates/{anna}/block");
    assert_eq!(shop.send(Method::POST, &path, &[], &Value::Null).status, 401);
    assert_eq!(shop.server(&path, &json!({"why": "x"})).0, 400);
    assert_eq!(
        shop.owner(Method::DELETE, "/v1/programs/demo/people", &json!({"customer_id": "anna"})).0,
        200
    );
    assert_eq!(block(&anna), 404, "they were erased");
}
