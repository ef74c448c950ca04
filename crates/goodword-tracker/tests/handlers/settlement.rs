//! Settlement with a grace, as in production: two looks, ten minutes apart.

use super::shop::Shop;
use goodword::time::DAY_MS;
use serde_json::json;

#[test]
fn an_outcome_is_final_after_the_second_look() {
    let shop = Shop::open(&[]);
    let anna = shop.enrol("anna");
    shop.buy("1", "ben", &anna);
    assert_eq!(shop.settle(), (0, 0), "younger than the grace");
    shop.pass_ms(600_000);
    assert_eq!(shop.settle(), (0, 1), "the slot is taken, not confirmed");
    assert_eq!(shop.rewards(), ["advocate 1000 pending", "friend 1000 pending"]);
    shop.pass_ms(599_999);
    assert_eq!(shop.settle(), (0, 1));
    shop.pass_ms(1);
    assert_eq!(shop.settle(), (1, 0));
    assert_eq!(shop.rewards(), ["advocate 1000 confirmed", "friend 1000 confirmed"]);
    assert_eq!(shop.settle(), (0, 0));
}

#[test]
fn an_order_whose_slot_another_order_has_is_declined() {
    let shop = Shop::open(&[]);
    let anna = shop.enrol("anna");
    let bea = shop.enrol("bea");
    let late_claim = shop.click(&bea);
    let late = shop.order("early", "ben", &late_claim);
    shop.pass_ms(60_000);
    shop.buy("1", "ben", &anna);
    shop.pass_ms(DAY_MS);
    shop.settle();
    shop.pass_ms(DAY_MS);
    assert_eq!(shop.settle(), (1, 0));
    // Ben's first order is reported only now; his one reward is given already.
    let (_, answer) = shop.server("/v1/conversions", &late);
    assert_eq!(answer["outcome"], "attributed");
    shop.pass_ms(DAY_MS);
    assert_eq!(shop.settle(), (1, 0));
    assert_eq!(shop.rewards(), ["advocate 1000 confirmed", "friend 1000 confirmed"]);
}

#[test]
fn one_call_settles_a_hundred_and_leaves_the_rest_due() {
    let shop = Shop::open(&[("/hold_days", json!(1)), ("/caps", json!([]))]);
    let anna = shop.enrol("anna");
    for number in 0..130 {
        shop.buy(&number.to_string(), &format!("friend-{number}"), &anna);
    }
    shop.pass_ms(DAY_MS - 1);
    assert_eq!(shop.settle(), (0, 0), "not due yet");
    shop.pass_ms(DAY_MS);
    assert_eq!(shop.settle(), (0, 130));
    shop.pass_ms(DAY_MS);
    assert_eq!(shop.settle(), (100, 30));
    // The last thirty were looked at for the first time only now.
    assert_eq!(shop.settle(), (0, 30));
    shop.pass_ms(DAY_MS);
    assert_eq!(shop.settle(), (30, 0));
    assert_eq!(shop.rewards().len(), 100, "a page of the list");
}
