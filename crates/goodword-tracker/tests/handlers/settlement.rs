//! Settlement with a grace, as in production: two looks, ten minutes apart.

use super::shop::Shop;
use futures_executor::block_on;
use goodword::code::ReferralCode;
use goodword::key::ProgramId;
use goodword::time::DAY_MS;
use goodword_tracker::keys;
use goodword_tracker::store::{Keep, Store};
use serde_json::json;

const HOUR_MS: i64 = DAY_MS / 24;

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

/// Takes away the record of a code, and returns it.
fn forget(shop: &Shop, code: &str) -> (String, String) {
    let key = format!("code/{}", ReferralCode::parse(code).unwrap());
    let body = shop.store.dump()[&key].clone();
    block_on(shop.store.delete(&key)).unwrap();
    (key, body)
}

fn due(shop: &Shop) -> usize {
    shop.store.dump().keys().filter(|key| key.starts_with("due/")).count()
}

#[test]
fn what_is_due_for_somebody_without_a_record_keeps_nobody_waiting() {
    let shop = Shop::open(&[("/caps", json!([]))]);
    let (gone, anna) = (shop.enrol("gone"), shop.enrol("anna"));
    for number in 0..130 {
        shop.buy(&number.to_string(), &format!("friend-{number}"), &gone);
    }
    let demo = ProgramId::parse("demo").unwrap();
    let milestones = keys::due_milestones(&demo, shop.now(), ReferralCode::parse(&gone).unwrap());
    let at = shop.now().0.to_string();
    block_on(shop.store.put(&milestones, &at, Keep::Forever)).unwrap();
    shop.pass_ms(HOUR_MS);
    shop.buy("anna's", "ben", &anna);
    forget(&shop, &gone);
    for _ in 0..3 {
        shop.pass_ms(HOUR_MS);
        shop.settle();
    }
    assert_eq!(shop.rewards(), ["advocate 1000 confirmed", "friend 1000 confirmed"]);
    for _ in 0..3 {
        shop.pass_ms(DAY_MS);
        shop.settle();
    }
    assert_eq!(due(&shop), 0, "and is not due for ever");
}

#[test]
fn whoever_is_known_again_within_a_day_is_paid() {
    let shop = Shop::open(&[]);
    shop.buy("1", "ben", &shop.enrol("anna"));
    let (key, body) = forget(&shop, &shop.enrol("anna"));
    shop.pass_ms(HOUR_MS);
    assert_eq!(shop.settle(), (0, 0));
    block_on(shop.store.put(&key, &body, Keep::Forever)).unwrap();
    for _ in 0..3 {
        shop.pass_ms(DAY_MS);
        shop.settle();
    }
    assert_eq!(shop.rewards(), ["advocate 1000 confirmed", "friend 1000 confirmed"]);
    assert_eq!(due(&shop), 0);
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
