//! Other terms against the facts there are; and orders that nobody referred.

use super::metering::MeteringStore;
use super::shop::{Shop, text};
use goodword::time::DAY_MS;
use http::Method;
use serde_json::{Value, json};

fn terms(changes: &[(&str, Value)]) -> Value {
    let mut terms: Value =
        serde_json::from_str(include_str!("../../../../programs/demo.json")).unwrap();
    for (pointer, value) in changes {
        *terms.pointer_mut(pointer).unwrap() = value.clone();
    }
    terms
}

fn sums(answer: &Value, of: &str) -> (u64, i64, i64) {
    let of = &answer[of];
    let minor = |field: &str| of[field]["amount_minor"].as_i64().unwrap();
    (of["conversions"].as_u64().unwrap(), minor("revenue"), minor("cost"))
}

#[test]
fn other_terms_beside_the_present_ones() {
    let shop = Shop::open(&[]);
    let anna = shop.enrol("anna");
    shop.buy("1", "ben", &anna);
    shop.pass_ms(DAY_MS);
    let second_day = shop.now_text();
    shop.buy("2", "carol", &anna);
    shop.server("/v1/conversions", &shop.order("3", "dora", ""));
    for _ in 0..2 {
        shop.pass_ms(DAY_MS);
        shop.settle();
    }
    let refund = json!({
        "program": "demo", "order_id": "2", "refund_id": "r", "occurred_at": second_day,
        "value": {"amount_minor": 1_000, "currency": "EUR"},
    });
    assert_eq!(shop.server("/v1/refunds", &refund).0, 201);

    let before = shop.store.dump();
    let percent = json!({"gives": "discount", "basis_points": 2_000});
    let other = terms(&[("/friend_reward", percent), ("/qualifies/minimum_minor", json!(4_500))]);
    let ask = |query: &str, terms: &Value| {
        let store = MeteringStore::new(&shop.store);
        let path = format!("/v1/programs/demo/what-if{query}");
        let (status, answer) = shop.owner_on(&store, Method::POST, &path, terms);
        assert_eq!(status, 200, "{answer}");
        assert_eq!(store.counted().writes, 0);
        answer
    };
    let answer = ask("", &other);
    assert_eq!((&answer["orders"], &answer["complete"]), (&json!(3), &json!(true)));
    // 49.90 twice, 10.00 given back; 10.00 to each side of each.
    assert_eq!(sums(&answer, "present"), (2, 8_980, 4_000));
    assert_eq!(answer["present"]["roi"], json!({"numerator": 4_980, "denominator": 4_000}));
    assert_eq!(answer["present"]["unattributed"], json!({"no_claim": 1}));
    // What is left of the second is below the minimum: it keeps percents only.
    assert_eq!(sums(&answer, "other"), (1, 8_980, 1_000 + 998 + 798));
    let rewards = json!([
        {"side": "advocate", "gives": "credit", "unit": "EUR", "count": 1, "amount": 1_000},
        {"side": "friend", "gives": "discount", "unit": "EUR", "count": 2, "amount": 1_796},
    ]);
    assert_eq!(answer["other"]["rewards"], rewards);
    // The present terms beside themselves are the same, and so is each day.
    let answer = ask(&format!("?to={second_day}"), &terms(&[]));
    assert_eq!(answer["present"], answer["other"]);
    assert_eq!(sums(&answer, "present"), (1, 4_990, 2_000));
    let answer = ask(&format!("?from={second_day}"), &terms(&[]));
    assert_eq!(sums(&answer, "present"), (1, 3_990, 2_000));
    assert_eq!(shop.store.dump(), before);
}

#[test]
fn bad_terms_are_told_and_only_the_owner_asks() {
    let shop = Shop::open(&[]);
    let path = "/v1/programs/demo/what-if";
    let (status, problem) = shop.owner(Method::POST, path, &terms(&[("/hold_days", json!(-1))]));
    assert_eq!((status, text(&problem["errors"][0], "field")), (400, "hold_days"));
    assert_eq!(shop.server(path, &terms(&[])).0, 401);
    let query = format!("{path}?from=soon");
    assert_eq!(shop.owner(Method::POST, &query, &terms(&[])).0, 400);
}

#[test]
fn other_orders_are_kept_without_a_name_and_earn_nothing() {
    let shop = Shop::open(&[]);
    let path = "/v1/programs/demo/orders";
    let server = |method: Method, body: &Value| {
        let headers = [("authorization", "Bearer secret of SECRET_KEY")];
        shop.send(method, path, &headers, body).status
    };
    let order = |minor: i64| {
        json!({
            "order_id": "o-9", "occurred_at": shop.now_text(), "customer": {"id": "zofia"},
            "value": {"amount_minor": minor, "currency": "EUR"},
        })
    };
    let kept = || {
        let all = shop.store.dump();
        let kept = all.into_iter().filter(|(key, _)| key.starts_with("other/demo/"));
        kept.map(|(_, body)| body).collect::<Vec<_>>()
    };
    assert_eq!(server(Method::PUT, &order(100)), 200);
    assert_eq!(server(Method::PUT, &order(250)), 200);
    assert_eq!(kept().len(), 1, "the order it is now");
    assert!(kept()[0].contains("250") && !kept()[0].contains("zofia"));
    assert!(shop.rewards().is_empty());
    for _ in 0..2 {
        assert_eq!(server(Method::DELETE, &json!({"order_id": "o-9"})), 200);
        assert!(kept().is_empty());
    }
    assert_eq!(server(Method::PUT, &json!({"order_id": "o-9"})), 400);
    assert_eq!(shop.owner(Method::PUT, path, &order(1)).0, 401, "the server's");
}
