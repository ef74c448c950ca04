//! Held orders and decisions about rewards.

use super::shop::{Shop, text};
use goodword::time::DAY_MS;
use http::Method;
use serde_json::{Value, json};

fn watchful() -> Shop {
    Shop::open(&[("/fraud/review", json!({"seconds_after_click": 60}))])
}

fn settle_twice(shop: &Shop) {
    for _ in 0..2 {
        shop.pass_ms(DAY_MS);
        shop.settle();
    }
}

#[test]
fn a_held_order_earns_nothing_until_it_is_accepted() {
    let shop = watchful();
    let anna = shop.enrol("anna");
    let answer = shop.buy("1", "ben", &anna);
    let flags = json!([{"rule": "seconds_after_click", "evidence": {"found": 0, "allowed": 60}}]);
    assert_eq!(answer["review"], flags);
    settle_twice(&shop);
    assert_eq!(shop.rewards(), ["advocate 1000 pending", "friend 1000 pending"]);

    let (_, list) = shop.owner(Method::GET, "/v1/programs/demo/reviews?status=open", &Value::Null);
    let review = &list["data"][0];
    assert_eq!((text(review, "order_id"), &review["review"]), ("1", &flags));
    let accept = format!("/v1/programs/demo/reviews/{}/accept", text(review, "review_id"));
    assert_eq!(shop.server(&accept, &json!({"note": "a neighbor"})).0, 200);
    settle_twice(&shop);
    assert_eq!(shop.rewards(), ["advocate 1000 confirmed", "friend 1000 confirmed"]);
    let refuse = accept.replace("accept", "refuse");
    assert_eq!(shop.server(&refuse, &Value::Null).0, 409, "it is settled");
}

#[test]
fn a_refused_order_is_voided_and_counts_for_nothing() {
    let shop = watchful();
    let anna = shop.enrol("anna");
    let review = shop.buy("1", "ben", &anna);
    let refuse = format!("/v1/programs/demo/reviews/{}/refuse", text(&review, "conversion_id"));
    assert_eq!(shop.owner(Method::POST, &refuse, &Value::Null).0, 200);
    settle_twice(&shop);
    assert_eq!(shop.rewards(), ["advocate 1000 voided", "friend 1000 voided"]);
}

#[test]
fn only_what_is_final_is_handed_over_and_only_once() {
    let shop = Shop::open(&[]);
    let anna = shop.enrol("anna");
    let answer = shop.buy("1", "ben", &anna);
    let id = text(&answer["rewards"][0], "reward_id");
    let fulfil = format!("/v1/programs/demo/rewards/{id}/fulfil");
    let coupon = json!({"coupon": "TEA-10"});
    assert_eq!(shop.server(&fulfil, &coupon).0, 409, "it is pending");
    settle_twice(&shop);
    for _ in 0..2 {
        let (status, reward) = shop.server(&fulfil, &coupon);
        assert_eq!(
            (status, text(&reward, "status"), text(&reward, "coupon")),
            (200, "fulfilled", "TEA-10")
        );
    }
    assert_eq!(shop.server(&fulfil.replace("fulfil", "void"), &Value::Null).0, 409);
    assert_eq!(shop.rewards(), ["advocate 1000 fulfilled", "friend 1000 confirmed"]);
}

#[test]
fn a_reward_is_voided_before_and_clawed_back_after_it_is_final() {
    let shop = Shop::open(&[]);
    let anna = shop.enrol("anna");
    let answer = shop.buy("1", "ben", &anna);
    let void = |index: usize| {
        let id = text(&answer["rewards"][index], "reward_id");
        shop.server(&format!("/v1/programs/demo/rewards/{id}/void"), &json!({"note": "by mistake"}))
    };
    assert_eq!(void(0).0, 200);
    settle_twice(&shop);
    assert_eq!(void(1).0, 200);
    assert_eq!(shop.rewards(), ["advocate 1000 voided", "friend 1000 clawed_back"]);
}

#[test]
fn what_does_not_exist_cannot_be_decided() {
    let shop = Shop::open(&[]);
    for path in
        ["rewards/rw_x/void", "rewards/rw_ap/fulfil", "reviews/cv_x/accept", "reviews/x/refuse"]
    {
        let (status, _) = shop.server(&format!("/v1/programs/demo/{path}"), &Value::Null);
        assert_eq!(status, 404, "{path}");
    }
    let unknown = format!("/v1/programs/demo/rewards/rw_ap{}/void", "0".repeat(32));
    assert_eq!(shop.server(&unknown, &Value::Null).0, 404);
    let answer = shop.send(Method::POST, &unknown, &[], &Value::Null);
    assert_eq!(answer.status, 401);
}

#[test]
fn an_accepted_order_waits_for_the_hold_of_its_time() {
    let shop = Shop::open(&[
        ("/fraud/review", json!({"seconds_after_click": 60})),
        ("/hold_days", json!(30)),
    ]);
    let anna = shop.enrol("anna");
    let review = shop.buy("1", "ben", &anna);
    shop.pass_ms(DAY_MS);
    let mut terms: Value =
        serde_json::from_str(include_str!("../../../../programs/demo.json")).unwrap();
    terms["hold_days"] = json!(0);
    assert_eq!(shop.owner(Method::PUT, "/v1/programs/demo", &terms).0, 200);
    let accept = format!("/v1/programs/demo/reviews/{}/accept", text(&review, "conversion_id"));
    assert_eq!(shop.server(&accept, &Value::Null).0, 200);
    settle_twice(&shop);
    assert_eq!(shop.rewards(), ["advocate 1000 pending", "friend 1000 pending"]);
    shop.pass_ms(30 * DAY_MS);
    settle_twice(&shop);
    assert_eq!(shop.rewards(), ["advocate 1000 confirmed", "friend 1000 confirmed"]);
}
