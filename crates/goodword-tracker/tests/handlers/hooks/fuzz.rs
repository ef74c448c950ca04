//! Webhook bodies with one place broken, well signed: nothing panics, nothing
//! is our fault, and a problem names a field. What once found something is in
//! `hooks.corpus.json`, to be tried first.

use super::fixture;
use crate::fuzz::{broken, hostile};
use crate::shop::Shop;
use proptest::prelude::*;
use serde_json::Value;

fn bodies() -> Vec<(&'static str, Value)> {
    vec![
        ("stripe", fixture!("stripe/checkout.session.completed.json")),
        ("stripe", fixture!("stripe/checkout.session.completed.subscription.json")),
        ("stripe", fixture!("stripe/invoice.paid.json")),
        ("stripe", fixture!("stripe/invoice.paid.2023.json")),
        ("stripe", fixture!("stripe/invoice_payment.paid.json")),
        ("stripe", fixture!("stripe/refund.created.json")),
        ("stripe", fixture!("stripe/charge.refunded.json")),
        ("stripe", fixture!("stripe/charge.refunded.2020.json")),
        ("stripe", fixture!("stripe/charge.dispute.created.json")),
        ("orders-paid", fixture!("shopify/orders-paid.json")),
        ("refunds-create", fixture!("shopify/refunds-create.json")),
        ("customers-data_request", fixture!("shopify/customers-data_request.json")),
        ("customers-redact", fixture!("shopify/customers-redact.json")),
        ("shop-redact", fixture!("shopify/shop-redact.json")),
        ("woocommerce", fixture!("woocommerce/order.json")),
    ]
}

fn send(shop: &Shop, to: &str, body: &Value) -> (u16, Value) {
    match to {
        "stripe" => shop.stripe(body),
        "woocommerce" => shop.woocommerce(body),
        topic => shop.shopify(topic, body),
    }
}

fn check(to: &str, body: &Value) -> Result<(), TestCaseError> {
    let shop = Shop::open(&[]);
    let (status, answer) = send(&shop, to, body);
    prop_assert!(status == 200 || status == 400, "{status} {answer}");
    if status == 400 {
        let field = answer["errors"][0]["field"].as_str();
        prop_assert!(field.is_some_and(|field| !field.is_empty()), "{answer}");
    }
    // Whatever was kept can be read again.
    prop_assert_eq!(send(&shop, to, body).0, status);
    shop.settle_all();
    Ok(())
}

proptest! {
    #[test]
    fn a_broken_body_is_refused_or_understood(
        number in 0_usize..15,
        place: usize,
        with in hostile(),
        extra in prop::option::of("[a-z_]{1,10}"),
    ) {
        let (to, body) = &bodies()[number];
        check(to, &broken(body, place, with, extra))?;
    }

    #[test]
    fn any_json_is_refused_or_understood(body in hostile(), number in 0_usize..15) {
        check(bodies()[number].0, &body)?;
    }
}

#[test]
fn the_corpus() {
    for entry in fixture!("hooks.corpus.json").as_array().unwrap() {
        check(entry["to"].as_str().unwrap(), &entry["body"]).unwrap();
    }
}

#[test]
fn good_bodies_are_understood() {
    for (to, body) in bodies() {
        let shop = Shop::open(&[]);
        assert_eq!(send(&shop, to, &body).0, 200, "{}", body["type"]);
    }
}
