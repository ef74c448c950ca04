//! What an advocate is told of themselves: friends, and what the next one
//! brings.

use super::shop::Shop;
use goodword::time::DAY_MS;
use serde_json::{Value, json};

fn summary(shop: &Shop) -> Value {
    shop.enrol_with("anna", None)["summary"].clone()
}

fn credit(amount_minor: i64) -> Value {
    json!({"gives": "credit", "value": {"amount_minor": amount_minor, "currency": "EUR"}})
}

#[test]
fn friends_are_people_and_conversions_are_orders() {
    let shop = Shop::open(&[("/qualifies/which", json!("every"))]);
    let anna = shop.enrol("anna");
    for (order, friend) in [("1", "ben"), ("2", "ben"), ("3", "carol"), ("4", "ben")] {
        shop.buy(order, friend, &anna);
    }
    let told = summary(&shop);
    assert_eq!((&told["friends"], &told["conversions"]), (&json!(2), &json!(4)));
    let refund = json!({
        "program": "demo", "order_id": "3", "refund_id": "r", "occurred_at": shop.now_text(),
        "value": {"amount_minor": 4_990, "currency": "EUR"},
    });
    assert_eq!(shop.server("/v1/refunds", &refund).0, 201);
    let told = summary(&shop);
    assert_eq!((&told["friends"], &told["conversions"]), (&json!(1), &json!(3)));
}

#[test]
fn a_friend_whose_order_waits_for_a_person_is_one() {
    let shop = Shop::open(&[("/fraud/review", json!({"code_orders_1d": 1}))]);
    let anna = shop.enrol("anna");
    shop.buy("1", "ben", &anna);
    let held = shop.buy("2", "carol", &anna);
    assert_eq!(held["review"][0]["rule"], "code_orders_1d");
    assert_eq!(summary(&shop)["friends"], 2);
}

#[test]
fn a_full_month_ends() {
    // 20,000 days after 1970 is the 4th of October.
    let cap = json!([{"side": "advocate", "period": "month", "count": 2}]);
    let shop = Shop::open(&[("/caps", cap)]);
    let anna = shop.enrol("anna");
    let next = || summary(&shop)["offer"]["next_reward"].clone();
    for (order, expected) in [("1", credit(1_000)), ("2", Value::Null), ("3", Value::Null)] {
        shop.buy(order, order, &anna);
        assert_eq!(next(), expected, "after order {order}");
    }
    shop.pass_ms(27 * DAY_MS);
    assert_eq!(next(), Value::Null, "on the 31st");
    shop.pass_ms(DAY_MS);
    assert_eq!(next(), credit(1_000));
}

#[test]
fn who_has_no_friends_yet_is_told_the_first_rung() {
    assert_eq!(summary(&Shop::open(&[]))["offer"]["next_reward"], credit(1_000));
}
