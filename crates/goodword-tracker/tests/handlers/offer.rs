//! What is offered is what an order made at that moment earns: boosts and
//! groups are in it, and no cache keeps it longer than it holds.

use super::shop::Shop;
use goodword::time::{DAY_MS, Instant};
use goodword_api::instant;
use http::Method;
use serde_json::{Value, json};

/// A shop whose boosts double the advocate's reward tomorrow and make the
/// friend's half as much again the day after.
fn shop(more: &[(&str, Value)]) -> Shop {
    let day = |days: i64| instant::write(Instant((20_000 + days) * DAY_MS));
    let boost = |from: i64, side: &str, factor_bp: u32| json!({"from": day(from), "to": day(from + 1), "side": side, "factor_bp": factor_bp});
    let boosts = json!([boost(1, "advocate", 20_000), boost(2, "friend", 15_000)]);
    let changes: Vec<_> = [("/boosts", boosts)].into_iter().chain(more.iter().cloned()).collect();
    Shop::open(&changes)
}

struct Offered {
    body: Value,
    cached: String,
}

fn ask(shop: &Shop, query: &str) -> Offered {
    let path = format!("/v1/programs/demo/offer{query}");
    let answer = shop.send(Method::GET, &path, &[], &Value::Null);
    let cached = answer.headers.get("cache-control").unwrap().to_owned();
    Offered { body: serde_json::from_slice(&answer.body).unwrap(), cached }
}

fn minor(reward: &Value) -> u64 {
    reward["value"]["amount_minor"].as_u64().unwrap()
}

/// Moves the shop's clock to a number of milliseconds after its first instant.
fn go_to(shop: &Shop, ms: i64) {
    shop.pass_ms(20_000 * DAY_MS + ms - shop.now().0);
}

#[test]
fn an_offer_holds_the_boosts_of_its_moment_and_is_cached_no_longer() {
    let shop = shop(&[]);
    let check = |ms: i64, advocates: u64, friends: u64, seconds: i64| {
        go_to(&shop, ms);
        let code = shop.enrol(&format!("advocate-{ms}"));
        let offered = ask(&shop, "");
        let step = &offered.body["advocate_reward"]["steps"][0]["reward"];
        assert_eq!(
            (minor(step), minor(&offered.body["friend_reward"])),
            (advocates, friends),
            "{ms}"
        );
        assert_eq!(offered.cached, format!("public, max-age={seconds}"), "{ms}");
        // The friend who is greeted hears the same, and an order made now earns it.
        let claim =
            shop.send(Method::GET, &format!("/v1/claims/{}", shop.click(&code)), &[], &Value::Null);
        let claim: Value = serde_json::from_slice(&claim.body).unwrap();
        assert_eq!(minor(&claim["friend_reward"]), friends, "{ms}");
        let order = shop.buy(&format!("order-{ms}"), &format!("friend-{ms}"), &code);
        let earned = |at: usize| minor(&order["rewards"][at]);
        assert_eq!((earned(0), earned(1)), (advocates, friends), "{order}");
    };
    check(0, 1_000, 1_000, 60);
    check(DAY_MS - 60_001, 1_000, 1_000, 60);
    check(DAY_MS - 59_999, 1_000, 1_000, 59);
    check(DAY_MS - 1, 1_000, 1_000, 0);
    check(DAY_MS, 2_000, 1_000, 60);
    check(2 * DAY_MS - 1, 2_000, 1_000, 0);
    check(2 * DAY_MS, 1_000, 1_500, 60);
    check(3 * DAY_MS, 1_000, 1_000, 60);
}

#[test]
fn a_percentage_is_offered_with_its_factor_and_so_is_what_bounds_it() {
    let share = json!({"gives": "discount", "basis_points": 333, "at_most_minor": 501});
    let shop = shop(&[("/friend_reward", share)]);
    go_to(&shop, 2 * DAY_MS);
    let offered = ask(&shop, "").body;
    let reward = &offered["friend_reward"];
    // 499.5 and 751.5, rounded half up.
    assert_eq!(
        (&reward["basis_points"], &reward["at_most"]["amount_minor"]),
        (&json!(500), &json!(752))
    );
}

#[test]
fn a_group_is_offered_its_own_reward_where_only_its_advocate_looks() {
    let shop = shop(&[("/hold_days", json!(14))]);
    let check = |days: i64, group: Option<&str>, amounts: [u64; 2]| {
        go_to(&shop, days * DAY_MS);
        let name = format!("advocate-{days}-{}", group.unwrap_or("none"));
        let enrolled = match group {
            Some(group) => shop.enrol_in(group, &name),
            None => shop.enrol_with(&name, None),
        };
        let offered = |summary: &Value| {
            let steps = summary["offer"]["advocate_reward"]["steps"].as_array().unwrap();
            steps.iter().map(|step| minor(&step["reward"])).collect::<Vec<u64>>()
        };
        assert_eq!(offered(&enrolled["summary"]), amounts, "{name}");
        let bearer = format!("Bearer {}", enrolled["token"].as_str().unwrap());
        let me =
            shop.send(Method::GET, "/v1/advocates/me", &[("authorization", &bearer)], &Value::Null);
        assert_eq!(offered(&serde_json::from_slice(&me.body).unwrap()), amounts, "{name}");
        let code = enrolled["code"].as_str().unwrap();
        let order = shop.buy(&name, &format!("friend-of-{name}"), code);
        assert_eq!(minor(&order["rewards"][0]), amounts[0], "{name}");
        // Whoever asks with the code is told nothing of the group.
        let anybodys = ask(&shop, "").body["advocate_reward"].clone();
        assert_eq!(ask(&shop, &format!("?code={code}")).body["advocate_reward"], anybodys);
    };
    check(0, None, [1_000, 1_500]);
    check(0, Some("staff"), [1_500, 2_250]);
    check(0, Some("unknown"), [1_000, 1_500]);
    check(1, None, [2_000, 3_000]);
    check(1, Some("staff"), [3_000, 4_500]);
}
