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

#[test]
fn a_further_claim_moves_an_order_and_leaves_nothing_behind() {
    let shop = Shop::open(&[("/hold_days", json!(14))]);
    let (anna, bea) = (shop.enrol("anna"), shop.enrol("bea"));
    let order = shop.order("1", "ben", &shop.click(&anna));
    assert_eq!(shop.server("/v1/conversions", &order).0, 201);
    shop.pass_ms(1_000);
    let again = json!({"claim": shop.click(&bea), "occurred_at": order["occurred_at"]});
    let mut again_order = order.clone();
    again_order.as_object_mut().unwrap().extend(again.as_object().unwrap().clone());
    assert_eq!(shop.server("/v1/conversions", &again_order).0, 200);
    shop.pass_ms(DAY_MS);
    shop.settle();
    assert_eq!(shop.rewards(), ["advocate 1000 pending", "friend 1000 pending"], "Bea's alone");
    for _ in 0..2 {
        shop.pass_ms(14 * DAY_MS);
        shop.settle();
    }
    assert_eq!(shop.rewards(), ["advocate 1000 confirmed", "friend 1000 confirmed"]);
}

#[test]
fn what_was_declined_and_is_good_again_is_paid() {
    let shop = Shop::open(&[("/qualifies/new_customers_only", json!(false))]);
    let anna = shop.enrol("anna");
    let claim = shop.click(&anna);
    let early = goodword_api::instant::write(shop.now().plus_ms(60_000));
    shop.pass_ms(2 * DAY_MS);
    let mut second = shop.order("2", "ben", &claim);
    assert_eq!(shop.server("/v1/conversions", &second).0, 201);
    let mut first = shop.order("1", "ben", "");
    first["occurred_at"] = goodword_api::instant::write(shop.now().plus_ms(-DAY_MS)).into();
    assert_eq!(shop.server("/v1/conversions", &first).0, 201);
    for _ in 0..2 {
        shop.pass_ms(DAY_MS);
        shop.settle();
    }
    assert!(shop.rewards().is_empty(), "it is not Ben's first");
    // The shop finds out that the second was made before the first.
    second["occurred_at"] = early.into();
    assert_eq!(shop.server("/v1/conversions", &second).0, 200);
    for _ in 0..2 {
        shop.pass_ms(DAY_MS);
        shop.settle();
    }
    assert_eq!(shop.rewards(), ["advocate 1000 confirmed", "friend 1000 confirmed"]);
}

#[test]
fn a_page_speaks_of_an_order_only_while_it_is_made() {
    let shop = Shop::open(&[]);
    let anna = shop.enrol("anna");
    let claim = shop.click(&anna);
    shop.server("/v1/conversions", &shop.order("1", "ben", ""));
    let page = |order_id: &str, claim: &str| {
        let body = json!({"program": "demo", "order_id": order_id, "claim": claim, "code": anna});
        let answer = shop.send(
            http::Method::POST,
            "/v1/conversions/unverified",
            &[("origin", super::shop::ORIGIN)],
            &body,
        );
        assert_eq!(answer.status, 202);
    };
    let settled = || {
        for _ in 0..2 {
            shop.pass_ms(DAY_MS);
            shop.settle();
        }
        shop.rewards()
    };
    page("1", "no claim of ours");
    assert!(settled().is_empty(), "a code anybody can type proves nothing here");
    page("1", &claim);
    assert!(settled().is_empty(), "it comes days after the order");
    shop.server("/v1/conversions", &shop.order("2", "carol", ""));
    page("2", &shop.click(&anna));
    assert_eq!(settled(), ["advocate 1000 confirmed", "friend 1000 confirmed"]);
}
