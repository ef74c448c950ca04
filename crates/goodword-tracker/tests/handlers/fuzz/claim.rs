//! Claims that were cut, changed or made up: only what was signed is a claim,
//! in exactly one spelling, and an order that carries anything else is kept
//! and told why nobody earns it. What is worth trying first is in
//! `claim.corpus.json`.

use crate::shop::{Shop, text};
use goodword_tracker::signing::{claim_text, read_claim};
use http::Method;
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};

/// A text that nobody signed, at every place where a claim may arrive.
fn check(shop: &Shop, claim: &str) -> Result<(), TestCaseError> {
    prop_assert_eq!(read_claim(&shop.settings.claim_keys, claim), None);
    let mut order = shop.order("1", "ben", claim);
    let (status, answer) = shop.server("/v1/conversions", &order);
    if status == 400 {
        prop_assert_eq!(text(&answer["errors"][0], "field"), "claim");
        // A shop that hands on what it got loses the claim and not the order.
        order["claim"] = Value::Null;
        prop_assert_eq!(shop.server("/v1/conversions", &order).0, 201);
    } else {
        prop_assert_eq!((status, text(&answer, "reason")), (201, "invalid_claim"));
    }
    let body = json!({"program": "demo", "email": "carol@mail.example", "claim": claim});
    let headers = [("origin", crate::shop::ORIGIN)];
    let status = shop.send(Method::POST, "/v1/advocates", &headers, &body).status;
    prop_assert!([200, 400].contains(&status), "{status}");
    let encoded: String = claim.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let path = format!("/v1/claims/{encoded}");
    let key = [("authorization", "Bearer secret of SECRET_KEY")];
    let answer = shop.send(Method::GET, &path, &key, &Value::Null);
    prop_assert!([200, 400, 404].contains(&answer.status), "{}", answer.status);
    if answer.status == 200 {
        let answer: Value = serde_json::from_slice(&answer.body).unwrap();
        prop_assert_eq!(&answer["valid"], false);
    }
    Ok(())
}

proptest! {
    #[test]
    fn any_text(claim in prop_oneof!["\\PC{1,150}", "[fl][A-Za-z0-9_-]{64}", "[fl][A-Za-z0-9_-]{0,130}"]) {
        check(&Shop::open(&[]), &claim)?;
    }

    #[test]
    fn a_good_claim_with_one_character_put_in_taken_out_or_another(
        at: Index, with in prop::option::of("[A-Za-z0-9_=+/ -]"), instead: bool,
    ) {
        let shop = Shop::open(&[]);
        let good = shop.click(&shop.enrol("anna"));
        let read = read_claim(&shop.settings.claim_keys, &good).unwrap();
        prop_assert_eq!(&claim_text(&shop.settings.claim_keys, &read), &good);
        let at = at.index(good.len());
        let rest = if instead { &good[at + 1..] } else { &good[at..] };
        let broken = format!("{}{}{rest}", &good[..at], with.unwrap_or_default());
        if broken != good {
            check(&shop, &broken)?;
        }
    }
}

#[test]
fn the_corpus() {
    let corpus = include_str!("../../fixtures/claim.corpus.json");
    for claim in serde_json::from_str::<Vec<String>>(corpus).unwrap() {
        check(&Shop::open(&[]), &claim).unwrap();
    }
}
