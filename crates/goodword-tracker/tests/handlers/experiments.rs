//! Experiments: an advocate and their friends see one variant, and earn it.

use super::shop::{Shop, text};
use http::Method;
use serde_json::{Value, json};
use std::collections::BTreeSet;

#[test]
fn an_advocate_and_their_friends_see_one_variant_and_earn_it() {
    let shop = Shop::open(&[(
        "/experiments",
        json!([{"id": "more", "variants": [
            {"id": "as-before", "weight": 1},
            {"id": "double", "weight": 1, "texts": {"en": {"headline": "Give 20"}},
             "friend_reward": {"gives": "discount", "amount_minor": 2_000}},
        ]}]),
    )]);
    let mut seen = BTreeSet::new();
    for number in 0..40 {
        let code = shop.enrol(&format!("advocate-{number}"));
        let path = format!("/v1/programs/demo/offer?code={code}");
        let offer = shop.send(Method::GET, &path, &[], &Value::Null);
        let offer: Value = serde_json::from_slice(&offer.body).unwrap();
        let promised = offer["friend_reward"]["value"]["amount_minor"].clone();
        let headline = text(&offer["texts"], "headline");
        assert_eq!(headline == "Give 20", promised == 2_000, "{offer}");

        let claim =
            shop.send(Method::GET, &format!("/v1/claims/{}", shop.click(&code)), &[], &Value::Null);
        let claim: Value = serde_json::from_slice(&claim.body).unwrap();
        assert_eq!(claim["friend_reward"]["value"]["amount_minor"], promised);

        let order = shop.buy(&number.to_string(), &format!("friend-{number}"), &code);
        assert_eq!(order["rewards"][0]["value"]["amount_minor"], 1_000, "everybody's");
        assert_eq!(order["rewards"][1]["value"]["amount_minor"], promised);
        seen.insert(promised.as_u64().unwrap());
    }
    assert_eq!(seen, BTreeSet::from([1_000, 2_000]));
}

#[test]
fn faults_of_experiments_are_told_with_the_others() {
    let shop = Shop::open(&[]);
    let mut terms: Value =
        serde_json::from_str(include_str!("../../../../programs/demo.json")).unwrap();
    terms["hold_days"] = json!(-1);
    terms["experiments"] = json!([{"id": "e", "variants": [{"id": "a", "weight": 0}]}]);
    let (status, problem) = shop.owner(Method::PUT, "/v1/programs/demo", &terms);
    let fields: Vec<&str> =
        problem["errors"].as_array().unwrap().iter().map(|error| text(error, "field")).collect();
    assert_eq!(status, 400);
    assert!(fields.contains(&"hold_days"), "{fields:?}");
    assert!(fields.contains(&"experiments[0].variants[0].weight"), "{fields:?}");
}
