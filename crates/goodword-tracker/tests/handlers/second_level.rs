//! Invitation chains: what an advocate's own inviter gets.

use super::shop::{Shop, text};
use serde_json::{Value, json};

fn rewards(summary: &Value) -> Vec<String> {
    let shown = |reward: &Value| {
        let level = reward["level"].as_u64().unwrap_or(1);
        format!("{} {} level {level}", text(reward, "side"), reward["value"]["amount_minor"])
    };
    summary["rewards"].as_array().unwrap().iter().map(shown).collect()
}

#[test]
fn an_inviter_sees_what_the_friends_of_friends_earn_them() {
    let reward = json!({"gives": "credit", "amount_minor": 200});
    let shop = Shop::open(&[("/second_level", reward)]);
    let anna = shop.enrol("anna");
    let ben = shop.enrol_with("ben", Some(&shop.click(&anna)));
    shop.buy("1", "carol", text(&ben, "code"));
    let see = |customer: &str| rewards(&shop.enrol_with(customer, None)["summary"]);
    assert_eq!(see("anna"), ["advocate 200 level 2"]);
    assert_eq!(see("ben"), ["advocate 1000 level 1"]);
    assert_eq!(see("carol"), ["friend 1000 level 1"]);
}

#[test]
fn without_the_term_nobody_gets_a_second_level() {
    let shop = Shop::open(&[]);
    let anna = shop.enrol("anna");
    let ben = shop.enrol_with("ben", Some(&shop.click(&anna)));
    shop.buy("1", "carol", text(&ben, "code"));
    assert_eq!(shop.enrol_with("anna", None)["summary"]["rewards"], json!([]));
}
