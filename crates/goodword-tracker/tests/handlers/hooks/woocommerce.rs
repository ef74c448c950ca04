//! WooCommerce: an order as it is now, version by version.

use super::{base64_signature, every_order, fixture, told, with};
use crate::shop::Shop;
use http::Method;
use serde_json::{Value, json};

/// An order with a claim.
fn order(shop: &Shop) -> Value {
    let claim = shop.click(&shop.enrol("anna"));
    let meta = json!([{"id": 1, "key": "_other", "value": {"a": 1}},
                      {"id": 2, "key": "_goodword_claim", "value": claim}]);
    with(&fixture!("woocommerce/order.json"), &[("/meta_data", meta)])
}

#[track_caller]
fn check_order(changes: &[(&str, Value)], expected: &str) {
    let shop = Shop::open(&every_order());
    let answer = shop.woocommerce(&with(&order(&shop), changes));
    assert_eq!(told(&answer), expected, "{changes:?}");
}

#[test]
fn orders() {
    check_order(&[], "attributed 499");
    check_order(&[("/status", json!("completed"))], "attributed 499");
    for status in ["pending", "on-hold", "failed", "checkout-draft", "trash", "of-tomorrow"] {
        check_order(&[("/status", json!(status))], "ignored");
    }
    check_order(&[("/status", json!("cancelled"))], "recorded");
    check_order(&[("/status", json!("refunded"))], "recorded");
    check_order(&[("/status", Value::Null)], "400 status");
    check_order(&[("/total", json!("100.05"))], "attributed 1001");
    check_order(&[("/total", json!(49.9))], "400 total");
    check_order(&[("/total", json!("forty"))], "400 total");
    check_order(&[("/currency", json!("€"))], "400 currency");
    check_order(&[("/date_modified_gmt", json!("04.10.2024"))], "400 date_modified_gmt");
    check_order(&[("/date_modified_gmt", json!("2024-10-04T00:01:02Z"))], "attributed 499");
    check_order(&[("/customer_id", json!(0))], "attributed 499");
    let guest = [("/customer_id", json!(0)), ("/billing/email", json!("Anna@Mail.Example"))];
    check_order(&guest, "unattributed self_referral");
    let nobody = [("/customer_id", json!(0)), ("/billing/email", json!(""))];
    check_order(&nobody, "ignored");
    check_order(&[("/meta_data", json!([]))], "unattributed no_claim");
    check_order(&[("/refunds", json!([{"id": 9, "total": "x"}]))], "400 refunds[0].total");
    check_order(&[("/of_tomorrow", json!(true))], "attributed 499");
}

#[test]
fn a_deleted_order_is_its_id() {
    let shop = Shop::open(&[]);
    assert_eq!(told(&shop.woocommerce(&json!({"id": 727}))), "ignored");
    assert_eq!(told(&shop.woocommerce(&json!({}))), "400 id");
}

#[test]
fn a_code_is_among_the_coupons() {
    let shop = Shop::open(&every_order());
    let anna = shop.enrol("anna");
    // WooCommerce writes coupons in lower case.
    let coupons = json!([{"id": 1, "code": "summer5"}, {"id": 2, "code": anna.to_lowercase()}]);
    let body = with(&fixture!("woocommerce/order.json"), &[("/coupon_lines", coupons)]);
    assert_eq!(told(&shop.woocommerce(&body)), "attributed 499");
}

#[test]
fn only_the_products_that_count() {
    let terms = [every_order(), vec![("/qualifies/products", json!(["93"]))]].concat();
    let shop = Shop::open(&terms);
    // 19.90 and its tax of 4.20.
    assert_eq!(told(&shop.woocommerce(&order(&shop))), "attributed 241");
}

#[test]
fn a_guest_who_comes_again_is_the_same_friend() {
    let shop = Shop::open(&[]);
    let guest = with(&order(&shop), &[("/customer_id", json!(0))]);
    assert_eq!(told(&shop.woocommerce(&guest)), "attributed 1000 1000");
    let again =
        with(&guest, &[("/id", json!(728)), ("/date_created_gmt", json!("2024-10-04T00:02:00"))]);
    assert_eq!(told(&shop.woocommerce(&again)), "unattributed not_first_purchase");
}

/// One version of an order: second after midnight, status, refunds.
type Version = (u8, &'static str, &'static [(u32, &'static str)]);

/// Whatever the sequence in which the versions come, the latest counts.
#[track_caller]
fn check_versions(versions: &[Version], expected: &str) {
    let backwards: Vec<Version> = versions.iter().rev().copied().collect();
    let twice = [versions, versions].concat();
    for sequence in [versions, &backwards, &twice] {
        let shop = Shop::open(&every_order());
        let order = order(&shop);
        for (second, status, refunds) in sequence {
            let refunds = refunds.iter();
            let refunds =
                refunds.map(|(id, total)| json!({"id": id, "reason": "", "total": total}));
            let version = with(
                &order,
                &[
                    ("/status", json!(status)),
                    ("/date_modified_gmt", json!(format!("2024-10-04T00:02:{second:02}"))),
                    ("/refunds", refunds.collect()),
                ],
            );
            assert_eq!(shop.woocommerce(&version).0, 200);
        }
        shop.settle_all();
        let rewards = shop.rewards();
        assert_eq!(rewards.first().map_or("nothing", String::as_str), expected, "{sequence:?}");
        assert!(rewards.len() <= 1);
    }
}

#[test]
fn versions() {
    check_versions(&[(1, "pending", &[]), (2, "processing", &[])], "advocate 499 confirmed");
    check_versions(&[(1, "processing", &[]), (2, "completed", &[])], "advocate 499 confirmed");
    check_versions(&[(1, "pending", &[]), (2, "cancelled", &[])], "nothing");
    check_versions(&[(1, "processing", &[]), (2, "cancelled", &[])], "advocate 499 voided");
    check_versions(&[(1, "processing", &[]), (2, "refunded", &[])], "advocate 499 voided");
    // The bank was late: the order was cancelled unpaid, then paid.
    check_versions(&[(1, "cancelled", &[]), (2, "processing", &[])], "advocate 499 confirmed");
    check_versions(
        &[
            (1, "processing", &[]),
            (2, "cancelled", &[]),
            (3, "processing", &[]),
            (4, "completed", &[]),
        ],
        "advocate 499 confirmed",
    );
    check_versions(
        &[
            (1, "processing", &[]),
            (2, "cancelled", &[]),
            (3, "processing", &[]),
            (4, "cancelled", &[]),
        ],
        "advocate 499 voided",
    );
}

#[test]
fn an_order_of_nobodys_stands_in_the_report_once_it_is_paid_again() {
    for (last, stands) in [("processing", json!(4_990)), ("cancelled", json!(0))] {
        let shop = Shop::open(&every_order());
        let order = with(&order(&shop), &[("/meta_data", json!([]))]);
        for (second, status) in ["processing", "cancelled", last].into_iter().enumerate() {
            let modified = json!(format!("2024-10-04T00:02:{second:02}"));
            let version =
                with(&order, &[("/status", json!(status)), ("/date_modified_gmt", modified)]);
            assert_eq!(shop.woocommerce(&version).0, 200);
        }
        let path = "/v1/programs/demo/report";
        let (_, report) = shop.owner(Method::GET, path, &Value::Null);
        let value = &report["total"]["other_value"]["numerator"]["amount_minor"];
        assert_eq!(*value, stands, "{last}: {}", report["total"]);
    }
}

#[test]
fn refunds_inside_an_order() {
    let part: &[(u32, &str)] = &[(801, "-10.00")];
    let both: &[(u32, &str)] = &[(801, "-10.00"), (802, "-5.00")];
    check_versions(&[(1, "completed", part)], "advocate 399 confirmed");
    check_versions(&[(1, "processing", &[]), (2, "completed", part)], "advocate 399 confirmed");
    check_versions(&[(1, "processing", part), (2, "completed", both)], "advocate 349 confirmed");
    check_versions(&[(1, "processing", &[]), (2, "on-hold", part)], "advocate 399 confirmed");
    check_versions(
        &[(1, "processing", &[]), (2, "refunded", &[(801, "-49.90")])],
        "advocate 499 voided",
    );
}

#[test]
fn the_ping_is_answered_and_does_nothing() {
    let shop = Shop::open(&[]);
    let path = "/v1/hooks/woocommerce/demo/order";
    let before = shop.store.dump();
    for (body, status) in [
        ("webhook_id=7", 200),
        ("webhook_id=", 401),
        ("webhook_id=7&a=b", 401),
        ("webhook_id=x", 401),
        ("", 401),
        ("{}", 401),
    ] {
        let answer = shop.send_bytes(Method::POST, path, &[], body.as_bytes().to_vec());
        assert_eq!(answer.status, status, "{body}");
    }
    assert_eq!(shop.store.dump(), before);
    let signature = base64_signature("secret of WOOCOMMERCE_WEBHOOK_SECRET", b"no json");
    let headers = [("x-wc-webhook-signature", signature.as_str())];
    let answer = shop.send_bytes(Method::POST, path, &headers, b"no json".to_vec());
    assert_eq!(answer.status, 400);
}

#[test]
fn an_order_undone_twice_is_listed_as_given_back_once() {
    let shop = Shop::open(&every_order());
    let order = order(&shop);
    for (second, status) in
        ["processing", "cancelled", "processing", "cancelled"].into_iter().enumerate()
    {
        let modified = json!(format!("2024-10-04T00:00:0{second}"));
        let changes = [("/status", json!(status)), ("/date_modified_gmt", modified)];
        shop.woocommerce(&with(&order, &changes));
    }
    let (_, list) = shop.owner(Method::GET, "/v1/programs/demo/conversions", &Value::Null);
    let refunds = list["data"][0]["refunds"].as_array().unwrap();
    assert_eq!(refunds.len(), 1, "{refunds:?}");
    assert_eq!(refunds[0]["occurred_at"], "2024-10-04T00:00:03Z");
}
