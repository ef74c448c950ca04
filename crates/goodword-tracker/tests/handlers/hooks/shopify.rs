//! Shopify: paid orders and refunds.

use super::{base64_signature, every_order, fixture, told, with};
use crate::shop::Shop;
use http::Method;
use serde_json::{Value, json};

fn order() -> Value {
    fixture!("shopify/orders-paid.json")
}

fn refund() -> Value {
    fixture!("shopify/refunds-create.json")
}

fn claimed(claim: &str) -> Value {
    json!([{"name": "gift_wrap", "value": "no"}, {"name": "goodword_claim", "value": claim}])
}

#[track_caller]
fn check_order(changes: &[(&str, Value)], expected: &str) {
    let shop = Shop::open(&every_order());
    let claim = shop.click(&shop.enrol("anna"));
    let body = with(&order(), &[("/note_attributes", claimed(&claim))]);
    let answer = shop.shopify("orders-paid", &with(&body, changes));
    assert_eq!(told(&answer), expected, "{changes:?}");
}

#[test]
fn orders() {
    check_order(&[], "attributed 499");
    check_order(&[("/total_price", json!("100.05"))], "attributed 1001");
    check_order(&[("/total_price", json!("19.99"))], "unattributed below_minimum");
    check_order(&[("/total_price", json!(49.9))], "400 total_price");
    check_order(&[("/total_price", json!("49,90"))], "400 total_price");
    check_order(&[("/total_price", Value::Null)], "400 total_price");
    check_order(&[("/currency", json!("PLN"))], "unattributed not_qualifying");
    check_order(&[("/currency", json!("pln"))], "400 currency");
    check_order(&[("/id", json!(1.5))], "400 id");
    check_order(&[("/id", json!("6200407294252"))], "attributed 499");
    check_order(&[("/created_at", json!("yesterday"))], "400 created_at");
    check_order(&[("/customer", Value::Null)], "attributed 499");
    check_order(&[("/email", json!("anna@mail.example"))], "unattributed self_referral");
    check_order(&[("/note_attributes", json!([]))], "unattributed no_claim");
    check_order(&[("/note_attributes", claimed("nonsense"))], "unattributed invalid_claim");
    check_order(&[("/line_items", json!([{"title": "by hand"}]))], "attributed 499");
    check_order(&[("/of_tomorrow", json!([1]))], "attributed 499");
    let nobody = ["/customer", "/email", "/contact_email"].map(|place| (place, Value::Null));
    check_order(&nobody, "ignored");
}

#[test]
fn a_code_is_among_the_discounts() {
    let shop = Shop::open(&every_order());
    let anna = shop.enrol("anna");
    let codes = json!([{"code": "SUMMER5", "amount": "5.00", "type": "fixed_amount"},
                       {"code": anna, "amount": "10.00", "type": "fixed_amount"}]);
    let answer = shop.shopify("orders-paid", &with(&order(), &[("/discount_codes", codes)]));
    assert_eq!(told(&answer), "attributed 499");
}

#[test]
fn only_the_products_that_count() {
    let terms = [every_order(), vec![("/qualifies/products", json!(["8061536829755"]))]].concat();
    let shop = Shop::open(&terms);
    let claim = shop.click(&shop.enrol("anna"));
    let body = with(&order(), &[("/note_attributes", claimed(&claim))]);
    // Two at 14.95, less 5.00: 24.90.
    assert_eq!(told(&shop.shopify("orders-paid", &body)), "attributed 249");
}

#[test]
fn ids_beyond_two_to_the_53rd_stay_apart() {
    let shop = Shop::open(&every_order());
    let claim = shop.click(&shop.enrol("anna"));
    let body = with(&order(), &[("/note_attributes", claimed(&claim))]);
    for id in [9_007_199_254_740_992_u64, 9_007_199_254_740_993, u64::MAX] {
        let answer = shop.shopify("orders-paid", &with(&body, &[("/id", json!(id))]));
        assert_eq!(told(&answer), "attributed 499");
        assert_eq!(answer.1["rewards"][0]["order_id"], id.to_string());
    }
    let refund = with(&refund(), &[("/order_id", json!(9_007_199_254_740_993_u64))]);
    shop.shopify("refunds-create", &refund);
    shop.settle_all();
    let mut rewards = shop.rewards();
    rewards.sort();
    assert_eq!(
        rewards,
        ["advocate 299 confirmed", "advocate 499 confirmed", "advocate 499 confirmed"]
    );
}

#[track_caller]
fn check_refund(changes: &[(&str, Value)], answer: &str, reward: &str) {
    for is_first in [true, false] {
        let shop = Shop::open(&every_order());
        let claim = shop.click(&shop.enrol("anna"));
        let body = with(&order(), &[("/note_attributes", claimed(&claim))]);
        let refund = with(&refund(), changes);
        if !is_first {
            shop.shopify("orders-paid", &body);
        }
        for _ in 0..2 {
            assert_eq!(told(&shop.shopify("refunds-create", &refund)), answer, "{changes:?}");
        }
        if is_first {
            shop.shopify("orders-paid", &body);
        }
        shop.settle_all();
        assert_eq!(shop.rewards(), [reward], "{changes:?} {is_first}");
    }
}

#[test]
fn refunds() {
    let transaction = "/transactions/0";
    check_refund(&[], "recorded", "advocate 299 confirmed");
    let all = (&*format!("{transaction}/amount"), json!("49.90"));
    check_refund(&[all], "recorded", "advocate 499 voided");
    let failed = (&*format!("{transaction}/status"), json!("failure"));
    check_refund(&[failed], "ignored", "advocate 499 confirmed");
    let sale = (&*format!("{transaction}/kind"), json!("sale"));
    check_refund(&[sale], "ignored", "advocate 499 confirmed");
    check_refund(&[("/transactions", json!([]))], "ignored", "advocate 499 confirmed");
    let broken = (&*format!("{transaction}/amount"), json!("1e3"));
    check_refund(&[broken], "400 transactions[0].amount", "advocate 499 confirmed");
    // The customer paid in złoty: what counts is what the shop's books say.
    let foreign = [
        (&*format!("{transaction}/currency"), json!("PLN")),
        (&*format!("{transaction}/amount"), json!("108.00")),
        (
            "/order_adjustments",
            json!([{"amount_set": {"shop_money": {"amount": "-5.00", "currency_code": "EUR"}}}]),
        ),
    ];
    check_refund(&foreign, "recorded", "advocate 249 confirmed");
}

#[test]
fn a_later_version_counts_whenever_it_comes() {
    for newest_first in [true, false] {
        let shop = Shop::open(&every_order());
        let claim = shop.click(&shop.enrol("anna"));
        let body = with(&order(), &[("/note_attributes", claimed(&claim))]);
        let edited = with(
            &body,
            &[
                ("/total_price", json!("30.00")),
                ("/updated_at", json!("2024-10-04T05:00:00+02:00")),
            ],
        );
        let versions = if newest_first { [&edited, &body] } else { [&body, &edited] };
        for version in versions {
            assert_eq!(shop.shopify("orders-paid", version).0, 200);
        }
        shop.settle_all();
        assert_eq!(shop.rewards(), ["advocate 300 confirmed"], "{newest_first}");
    }
}

#[test]
fn a_topic_is_bound_to_its_path() {
    let shop = Shop::open(&[]);
    let body = order().to_string().into_bytes();
    let signature = base64_signature("secret of SHOPIFY_CLIENT_SECRET", &body);
    for (topic, path, status) in [
        ("orders/paid", "orders-paid", 200),
        ("orders/create", "orders-paid", 400),
        ("orders/paid", "refunds-create", 400),
    ] {
        let headers = [("x-shopify-hmac-sha256", &*signature), ("x-shopify-topic", topic)];
        let path = format!("/v1/hooks/shopify/demo/{path}");
        let answer = shop.send_bytes(Method::POST, &path, &headers, body.clone());
        assert_eq!(answer.status, status, "{topic} {path}");
    }
    // An order is no refund, whatever the header leaves out.
    assert_eq!(told(&shop.shopify("refunds-create", &order())), "400 order_id");
}
