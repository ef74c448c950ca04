//! Every secret that rotates is changed under a shop at work: what was signed,
//! sealed or handed out before is good while the old one lives, and not after.

use super::shop::{ORIGIN, Shop, text};
use goodword_tracker::settings::Secrets;
use http::Method;
use serde_json::{Value, json};

/// The status of a call with the old credential and with the new one.
fn with_keys(shop: &Shop, method: &Method, path: &str, body: &Value, name: &str) -> [u16; 2] {
    [format!("secret of {name}"), "new".to_owned()].map(|key| {
        let key = format!("Bearer {key}");
        shop.send(method.clone(), path, &[("authorization", &key)], body).status
    })
}

#[test]
fn keys_of_server_and_owner() {
    let mut shop = Shop::open(&[]);
    let refund = "/v1/refunds";
    let program = "/v1/programs/demo";
    let answers = |shop: &Shop| {
        (
            with_keys(shop, &Method::POST, refund, &json!({}), "SECRET_KEY"),
            with_keys(shop, &Method::GET, program, &Value::Null, "OWNER_KEY"),
        )
    };
    assert_eq!(answers(&shop), ([400, 401], [200, 401]));
    shop.settings.secret_keys = Secrets::read("new, secret of SECRET_KEY");
    shop.settings.owner_keys = Secrets::read("new,secret of OWNER_KEY");
    assert_eq!(answers(&shop), ([400, 400], [200, 200]));
    shop.settings.secret_keys = Secrets::read("new");
    shop.settings.owner_keys = Secrets::read("new");
    assert_eq!(answers(&shop), ([401, 400], [401, 200]));
}

#[test]
fn claims_and_advocates_tokens_in_flight() {
    let mut shop = Shop::open(&[]);
    let before = shop.enrol_with("anna", None);
    let anna = text(&before, "code");
    let old_claim = shop.click(anna);
    let me = |shop: &Shop, enrolled: &Value| {
        let token = format!("Bearer {}", text(enrolled, "token"));
        let headers = [("authorization", token.as_str())];
        shop.send(Method::GET, "/v1/advocates/me", &headers, &Value::Null).status
    };
    let outcome = |shop: &Shop, order: &str, friend: &str, claim: &str| {
        let (_, answer) = shop.server("/v1/conversions", &shop.order(order, friend, claim));
        text(&answer, "outcome").to_owned()
    };
    shop.settings.claim_keys = Secrets::read("new,secret of CLAIM_KEYS");
    let after = shop.enrol_with("anna", None);
    let new_claim = shop.click(anna);
    assert_eq!((me(&shop, &before), me(&shop, &after)), (200, 200));
    assert_eq!(outcome(&shop, "1", "ben", &old_claim), "attributed");
    assert_eq!(outcome(&shop, "2", "carol", &new_claim), "attributed");

    shop.settings.claim_keys = Secrets::read("new");
    assert_eq!((me(&shop, &before), me(&shop, &after)), (401, 200));
    assert_eq!(outcome(&shop, "3", "dora", &old_claim), "unattributed");
    assert_eq!(outcome(&shop, "4", "emil", &new_claim), "attributed");
    // What was read while the old key lived stays read.
    assert_eq!(outcome(&shop, "1", "ben", &old_claim), "attributed");
}

#[test]
fn sealed_persons() {
    let mut shop = Shop::open(&[]);
    shop.enrol("anna");
    shop.settings.seal_keys = Secrets::read("new,secret of SEAL_KEYS");
    shop.enrol("bea");
    let names = |shop: &Shop| {
        let (_, list) = shop.owner(Method::GET, "/v1/programs/demo/advocates", &Value::Null);
        let mut names: Vec<String> = list["data"]
            .as_array()
            .unwrap()
            .iter()
            .map(|advocate| text(advocate, "display_name").to_owned())
            .collect();
        names.sort();
        names
    };
    assert_eq!(names(&shop), ["anna", "bea"]);
    shop.settings.seal_keys = Secrets::read("new");
    assert_eq!(names(&shop), ["", "bea"], "keep the old one while it seals anybody");
}

#[test]
fn identity_tokens_in_flight() {
    let mut shop = Shop::open(&[]);
    let enrol = |shop: &Shop, secret: &str| {
        let body = json!({"program": "demo", "identity": shop.identity_under(secret, "anna", "anna@mail.example")});
        shop.send(Method::POST, "/v1/advocates", &[("origin", ORIGIN)], &body).status
    };
    let old = "secret of IDENTITY_SECRET";
    assert_eq!((enrol(&shop, old), enrol(&shop, "new")), (200, 401));
    shop.settings.identity_secrets = Secrets::read("new,secret of IDENTITY_SECRET");
    assert_eq!((enrol(&shop, old), enrol(&shop, "new")), (200, 200));
    shop.settings.identity_secrets = Secrets::read("new");
    assert_eq!((enrol(&shop, old), enrol(&shop, "new")), (401, 200));
}
