//! What a checkout asks before payment.

use super::shop::{Shop, text};
use goodword::time::DAY_MS;
use http::Method;
use serde_json::Value;

#[test]
fn a_server_learns_whether_this_customer_earns_with_the_claim() {
    let shop = Shop::open(&[]);
    let anna = shop.enrol("anna");
    let claim = shop.click(&anna);
    let ask = |query: &str| {
        let key = ("authorization", "Bearer secret of SECRET_KEY");
        let path = format!("/v1/claims/{claim}{query}");
        let answer = shop.send(Method::GET, &path, &[key], &Value::Null);
        let answer: Value = serde_json::from_slice(&answer.body).unwrap();
        text(&answer, "reason").to_owned()
    };
    assert_eq!(ask(""), "");
    assert_eq!(ask("?customer_id=ben&email=ben%40mail.example"), "");
    assert_eq!(ask("?customer_id=anna"), "self_referral");
    assert_eq!(ask("?customer_id=other&email=Anna%40mail.example"), "self_referral");
    shop.buy("1", "ben", &anna);
    assert_eq!(ask("?customer_id=ben"), "not_first_purchase");
    shop.pass_ms(30 * DAY_MS);
    assert_eq!(ask("?customer_id=ben"), "outside_window");
    let path = format!("/v1/claims/{claim}?customer_id=ben");
    assert_eq!(shop.send(Method::GET, &path, &[], &Value::Null).status, 401, "pages may not ask");
}
