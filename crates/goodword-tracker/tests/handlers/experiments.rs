//! Experiments: an advocate and their friends see one variant, and earn it.

use super::shop::{Shop, text};
use goodword::time::DAY_MS;
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

/// A program that tries doubling the friend's reward on half of the advocates.
fn trial() -> (Shop, Value) {
    let experiments = json!([{"id": "more", "variants": [
        {"id": "as-before", "weight": 1},
        {"id": "double", "weight": 1, "friend_reward": {"gives": "discount", "amount_minor": 2_000}},
    ]}]);
    (Shop::open(&[("/experiments", experiments.clone())]), experiments)
}

fn comparison(shop: &Shop, query: &str) -> Value {
    let path = format!("/v1/programs/demo/report{query}");
    let (status, report) = shop.owner(Method::GET, &path, &Value::Null);
    assert_eq!(status, 200, "{report}");
    report["comparison"].clone()
}

/// Enrols so many, of whom those with the doubled reward bring a friend each;
/// returns how many have which.
fn enrol_and_buy(shop: &Shop, name: &str, count: usize) -> (u64, u64) {
    let (mut plain, mut doubled) = (0, 0);
    for number in 0..count {
        let code = shop.enrol(&format!("{name}-{number}"));
        let path = format!("/v1/programs/demo/offer?code={code}");
        let offer = shop.send(Method::GET, &path, &[], &Value::Null);
        let offer: Value = serde_json::from_slice(&offer.body).unwrap();
        if offer["friend_reward"]["value"]["amount_minor"] == 2_000 {
            shop.buy(&format!("{name}-{number}"), &format!("friend-of-{name}-{number}"), &code);
            doubled += 1;
        } else {
            plain += 1;
        }
    }
    (plain, doubled)
}

#[track_caller]
fn check_arm(comparison: &Value, index: usize, converted: u64, counted: u64, waiting: u64) {
    let arm = &comparison["variants"][index];
    let found = (&arm["conversion"]["numerator"], &arm["conversion"]["denominator"]);
    assert_eq!(found, (&json!(converted), &json!(counted)), "{arm}");
    assert_eq!(arm["waiting"], waiting, "{arm}");
}

#[test]
fn variants_are_compared_once_their_advocates_time_is_over() {
    let (shop, _) = trial();
    let (plain, doubled) = enrol_and_buy(&shop, "a", 60);
    assert_eq!(comparison(&shop, ""), Value::Null, "not asked for");
    let early = comparison(&shop, "?experiment=more");
    check_arm(&early, 0, 0, 0, plain);
    check_arm(&early, 1, 0, 0, doubled);
    assert_eq!(early["variants"][1]["verdict"], "undecided");
    assert_eq!(early["variants"][1]["difference"], json!({"low": -1.0, "high": 1.0}));
    assert_eq!(early["variants"][1]["ratio"], json!({"low": 0.0, "high": null}));

    let window_days = early["window_days"].as_i64().unwrap();
    shop.pass_ms(window_days * DAY_MS);
    let found = comparison(&shop, "?by=variant");
    check_arm(&found, 0, 0, plain, 0);
    check_arm(&found, 1, doubled, doubled, 0);
    assert_eq!((&found["experiment"], &found["started_at"]), (&json!("more"), &Value::Null));
    assert_eq!(found["error_rate"], 0.05);
    let [first, second] = found["variants"].as_array().unwrap().as_slice() else { panic!() };
    assert_eq!((text(first, "variant"), text(second, "variant")), ("as-before", "double"));
    for nothing in ["difference", "ratio", "verdict", "meaning"] {
        assert_eq!(first[nothing], Value::Null, "{nothing}");
    }
    assert_eq!(text(second, "verdict"), "better");
    assert!(text(second, "meaning").starts_with("A larger part"));
    let low = second["difference"]["low"].as_f64().unwrap();
    let high = second["difference"]["high"].as_f64().unwrap();
    assert!(0.0 < low && low < high && high <= 1.0, "{second}");
    assert!(second["ratio"]["low"].as_f64().unwrap() > 1.0, "{second}");

    // No choice of days makes it look clearer.
    let yesterday = "?by=variant&from=2024-01-01&to=2024-01-02";
    assert_eq!(comparison(&shop, yesterday), found);
}

#[test]
fn an_experiment_that_is_changed_begins_anew() {
    let (shop, mut experiments) = trial();
    enrol_and_buy(&shop, "a", 20);
    shop.pass_ms(100 * DAY_MS);
    experiments[0]["variants"][1]["friend_reward"]["amount_minor"] = json!(3_000);
    let (_, mut terms) = shop.owner(Method::GET, "/v1/programs/demo", &Value::Null);
    terms["experiments"] = experiments;
    let started_at = shop.now_text();
    let (status, answer) = shop.owner(Method::PUT, "/v1/programs/demo", &terms);
    assert_eq!(status, 200, "{answer}");
    // What changes nothing of it does not.
    shop.pass_ms(DAY_MS);
    terms["name"] = json!("Kettle & Leaf & Sons");
    assert_eq!(shop.owner(Method::PUT, "/v1/programs/demo", &terms).0, 200);

    let anew = comparison(&shop, "?experiment=more");
    assert_eq!(anew["started_at"], started_at.as_str());
    let counted = |found: &Value, what: &str| -> i64 {
        let arms = found["variants"].as_array().unwrap().iter();
        arms.map(|arm| arm.pointer(what).and_then(Value::as_i64).unwrap()).sum()
    };
    assert_eq!(counted(&anew, "/waiting"), 20);
    shop.pass_ms(anew["window_days"].as_i64().unwrap() * DAY_MS);
    let later = comparison(&shop, "?experiment=more");
    // Whom they brought before counts for nothing now.
    assert_eq!(counted(&later, "/conversion/denominator"), 20);
    assert_eq!(counted(&later, "/conversion/numerator"), 0);
}
