//! Terms with one place broken: refused with every fault at its place, or
//! understood, and then everything that depends on them works. What is worth
//! trying first is in `program.corpus.json`: which shipped program, which
//! place, what stands there.

use super::{broken, hostile};
use crate::shop::{Shop, text};
use http::Method;
use proptest::prelude::*;
use serde_json::{Value, json};

const PROGRAMS: [&str; 10] = [
    include_str!("../../../../../programs/coffee-free-cup-per-new-customer.json"),
    include_str!("../../../../../programs/demo.json"),
    include_str!("../../../../../programs/give-10-get-20.json"),
    include_str!("../../../../../programs/member-50-per-referral.json"),
    include_str!("../../../../../programs/owner-referrals-tour-and-launch.json"),
    include_str!("../../../../../programs/points-500-per-referral.json"),
    include_str!("../../../../../programs/rising-300-to-500-at-the-5th.json"),
    include_str!("../../../../../programs/staff-one-and-a-half.json"),
    include_str!("../../../../../programs/storage-500mb-each.json"),
    include_str!("../../../../../programs/travel-credit-after-first-stay.json"),
];

/// The program as the demo, so that it stands where the shop's calls go.
fn shipped(number: usize) -> Value {
    let mut terms: Value = serde_json::from_str(PROGRAMS[number]).unwrap();
    terms["id"] = json!("demo");
    terms["origins"] = json!([crate::shop::ORIGIN]);
    terms
}

fn check(terms: &Value) -> Result<(), TestCaseError> {
    let shop = Shop::open(&[]);
    let path = "/v1/programs/demo";
    // As bytes, because a body may also be nothing but `null`.
    let key = [("authorization", "Bearer secret of OWNER_KEY")];
    let answer = shop.send_bytes(Method::PUT, path, &key, terms.to_string().into_bytes());
    let status = answer.status;
    let answer: Value = serde_json::from_slice(&answer.body).unwrap();
    if status == 400 {
        let faults = answer["errors"].as_array().cloned().unwrap_or_default();
        prop_assert!(!faults.is_empty(), "{answer}");
        for fault in faults {
            prop_assert!(!text(&fault, "detail").is_empty(), "{answer}");
        }
        return Ok(());
    }
    prop_assert_eq!(status, 200, "{}", answer);
    prop_assert_eq!(&shop.owner(Method::GET, path, &Value::Null).1, terms);
    let anna = shop.send(
        Method::POST,
        "/v1/advocates",
        &[("origin", crate::shop::ORIGIN)],
        &json!({"program": "demo", "identity": shop.identity("anna", "anna@mail.example")}),
    );
    // The origin is a term as well.
    prop_assert!([200, 403].contains(&anna.status), "{}", anna.status);
    if anna.status == 200 {
        let anna: Value = serde_json::from_slice(&anna.body).unwrap();
        let mut order = shop.order("1", "ben", "");
        order["claim"] = Value::Null;
        order["code"] = anna["code"].clone();
        let (status, answer) = shop.server("/v1/conversions", &order);
        prop_assert_eq!(status, 201, "{}", answer);
        shop.settle();
        let token = format!("Bearer {}", text(&anna, "token"));
        let panel = shop.send(
            Method::GET,
            "/v1/advocates/me",
            &[("origin", crate::shop::ORIGIN), ("authorization", &token)],
            &Value::Null,
        );
        prop_assert_eq!(panel.status, 200);
    }
    for path in ["report", "offer?locale=en", "rewards", "conversions", "advocates"] {
        let (status, answer) =
            shop.owner(Method::GET, &format!("/v1/programs/demo/{path}"), &Value::Null);
        prop_assert!([200, 403].contains(&status), "{path}: {answer}");
    }
    Ok(())
}

proptest! {
    #[test]
    fn one_place_broken(
        number in 0..PROGRAMS.len(), place: usize, with in hostile(),
        extra in prop::option::of("[a-z_]{1,10}"),
    ) {
        check(&broken(&shipped(number), place, with, extra))?;
    }

    #[test]
    fn one_number_another(number in 0..PROGRAMS.len(), place: usize, with in any::<i32>()) {
        let mut terms = shipped(number);
        let mut found = Vec::new();
        super::places(&terms, "", &mut found);
        found.retain(|place| terms.pointer(place).is_some_and(Value::is_number));
        if let Some(value) = terms.pointer_mut(&found[place % found.len()]) {
            *value = json!(with);
        }
        check(&terms)?;
    }

    #[test]
    fn any_json(terms in hostile()) {
        check(&terms)?;
    }
}

#[test]
fn the_corpus() {
    let corpus = include_str!("../../fixtures/program.corpus.json");
    for entry in serde_json::from_str::<Vec<(usize, String, Value)>>(corpus).unwrap() {
        let (number, place, with) = entry;
        let mut terms = shipped(number);
        *terms.pointer_mut(&place).unwrap() = with;
        check(&terms).unwrap();
    }
}
