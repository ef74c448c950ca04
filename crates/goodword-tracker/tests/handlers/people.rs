//! A person's data: shown in one call, erased in another.

use super::metering::MeteringStore;
use super::shop::{ORIGIN, Shop, text};
use goodword::time::DAY_MS;
use http::Method;
use serde_json::{Value, json};

const PEOPLE: &str = "/v1/programs/demo/people";

fn erase(shop: &Shop, named: &Value) {
    let (status, answer) = shop.owner(Method::DELETE, PEOPLE, named);
    assert_eq!((status, &answer), (200, &json!({"erased": true})), "{named}");
}

fn names_in(shop: &Shop, names: &[&str]) -> Vec<String> {
    let all = shop.store.dump();
    let holds = |text: &str| {
        let text = text.to_lowercase();
        names.iter().any(|name| text.contains(&name.to_lowercase()))
    };
    let found = all.into_iter().filter(|(key, body)| holds(key) || holds(body));
    found.map(|(key, body)| format!("{key}: {body}")).collect()
}

#[test]
fn erasing_takes_the_name_and_leaves_the_amounts() {
    for named in [
        json!({"customer_id": "zofia"}),
        json!({"email": " Zofia@mail.example"}),
        json!({"customer_id": "zofia", "email": "zofia@mail.example"}),
    ] {
        let shop = Shop::open(&[("/hold_days", json!(14))]);
        let zofia = shop.enrol("zofia");
        assert!(zofia.starts_with("ZOFIA-"));
        shop.buy("1", "ben", &zofia);
        for _ in 0..3 {
            shop.pass_ms(14 * DAY_MS);
            shop.settle();
        }
        shop.buy("2", "carol", &zofia);
        let before = shop.rewards();
        assert_eq!(before.len(), 4);
        shop.pass_ms(1);

        erase(&shop, &named);
        let left = names_in(&shop, &["zofia"]);
        assert!(left.is_empty(), "{left:?}");
        assert_eq!(shop.rewards(), before, "amounts stay");
        let after = shop.store.dump();
        erase(&shop, &named);
        assert_eq!(shop.store.dump(), after, "{named} again");

        // What was pending is confirmed: the friend was promised it too.
        for _ in 0..3 {
            shop.pass_ms(14 * DAY_MS);
            shop.settle();
        }
        let confirmed = |reward: &String| reward.replace("pending", "confirmed");
        assert_eq!(shop.rewards(), before.iter().map(confirmed).collect::<Vec<_>>());
    }
}

/// A whole history, told to everybody who can be told: at no time stands in
/// the store who anybody is, and once they were erased no name either.
#[test]
fn no_history_leaves_a_name() {
    let mut shop = Shop::open(&[
        ("/fraud/review", json!({"seconds_after_click": 60})),
        ("/second_level", json!({"gives": "credit", "amount_minor": 100})),
    ]);
    shop.settings.mail_from = Some("tea@shop.example".to_owned());
    let endpoints = json!({"endpoints": [{"url": "https://shop.example/hooks"}]});
    assert_eq!(shop.owner(Method::PUT, "/v1/programs/demo/webhooks", &endpoints).0, 200);
    let unnamed = |shop: &Shop, names: &[&str]| {
        let raw = ["mail.example", "family", "192.0.2.7", "x-cust"];
        let found = names_in(shop, &[&raw, names].concat());
        assert!(found.is_empty(), "{found:#?}");
    };
    let zofia = shop.enrol_as("zofia-x-cust", "zofia@mail.example", None);
    let zofia = text(&zofia, "code").to_owned();
    shop.enrol_as("bea-x-cust", "bea@mail.example", Some(&shop.click(&zofia)));
    let typed = json!({"program": "demo", "email": "Zofia@mail.example", "display_name": "Zofia"});
    shop.send(Method::POST, "/v1/advocates", &[("origin", ORIGIN)], &typed);
    let answer = shop.buy("1", "ben-x-cust", &zofia);
    unnamed(&shop, &[]);
    let id = text(&answer, "conversion_id");
    shop.server(&format!("/v1/programs/demo/reviews/{id}/accept"), &Value::Null);
    for _ in 0..3 {
        shop.pass_ms(DAY_MS);
        shop.settle();
    }
    let refund = json!({
        "program": "demo", "order_id": "1", "refund_id": "r", "occurred_at": shop.now_text(),
        "value": {"amount_minor": 4_990, "currency": "EUR"},
    });
    assert_eq!(shop.server("/v1/refunds", &refund).0, 201);
    shop.server(&format!("/v1/programs/demo/advocates/{zofia}/block"), &Value::Null);
    unnamed(&shop, &[]);
    assert!(shop.store.dump().keys().any(|key| key.starts_with("outbox/")));

    erase(&shop, &json!({"email": "zofia@mail.example"}));
    unnamed(&shop, &["zofia"]);
    shop.settle();
    unnamed(&shop, &["zofia"]);
}

#[test]
fn an_erased_advocate_earns_nothing_more_and_nobody_is_led_into_a_dead_end() {
    let shop = Shop::open(&[]);
    let enrolled = shop.enrol_with("zofia", None);
    let zofia = text(&enrolled, "code");
    let claim = shop.click(zofia);
    erase(&shop, &json!({"customer_id": "zofia"}));
    let answer = shop.send(Method::GET, &format!("/r/{zofia}"), &[], &Value::Null);
    assert_eq!(answer.status, 302);
    assert!(!answer.headers.get("location").unwrap().contains("gw="));
    shop.pass_ms(1_000);
    // Nobody knows any more that this is their own link.
    let (_, answer) = shop.server("/v1/conversions", &shop.order("1", "zofia", &claim));
    assert_eq!(answer["reason"], "advocate_blocked");
    let token = format!("Bearer {}", text(&enrolled, "token"));
    let me = shop.send(Method::GET, "/v1/advocates/me", &[("authorization", &token)], &Value::Null);
    assert_eq!(me.status, 401);
    // Whoever comes back is somebody new.
    let again = shop.enrol("zofia");
    assert_ne!(again, zofia);
    assert!(shop.click(&again).len() > 10);
}

#[test]
fn strangers_are_erased_alike() {
    let shop = Shop::open(&[]);
    shop.enrol("anna");
    shop.buy("1", "ben", &shop.enrol("anna"));
    let before = shop.store.dump();
    for named in [json!({"customer_id": "nobody"}), json!({"email": "no@mail.example"})] {
        erase(&shop, &named);
    }
    // A friend who never enrolled has no name anywhere.
    erase(&shop, &json!({"customer_id": "ben"}));
    assert_eq!(shop.store.dump(), before);
}

#[test]
fn a_former_address_leads_to_nobody_either() {
    let shop = Shop::open(&[]);
    shop.enrol_as("zofia", "old@mail.example", None);
    shop.enrol_as("zofia", "new@mail.example", None);
    let (_, found) =
        shop.owner(Method::GET, &format!("{PEOPLE}?email=old@mail.example"), &Value::Null);
    assert_eq!(found["advocate"]["email"], "new@mail.example");
    assert_eq!(found["advocate"]["former_emails"], json!(["old@mail.example"]));
    erase(&shop, &json!({"email": "new@mail.example"}));
    assert!(shop.store.dump().keys().all(|key| !key.starts_with("identity/")));
}

#[test]
fn an_address_beside_an_id_erases_nobody_else() {
    let shop = Shop::open(&[]);
    let anna = shop.enrol("anna");
    shop.enrol_as("mallory", "anna@mail.example", None);
    for _ in 0..2 {
        erase(&shop, &json!({"customer_id": "mallory", "email": "anna@mail.example"}));
    }
    assert_eq!(shop.enrol("anna"), anna);
    assert!(names_in(&shop, &["mallory"]).is_empty());
}

#[test]
fn a_call_that_died_is_made_good_by_the_same_call() {
    let mut deaths = 0;
    for named in [json!({"customer_id": "zofia"}), json!({"email": "new@mail.example"})] {
        for writes in 0.. {
            let shop = Shop::open(&[]);
            shop.enrol_as("zofia", "old@mail.example", None);
            let code = text(&shop.enrol_as("zofia", "new@mail.example", None), "code").to_owned();
            shop.buy("1", "ben", &code);
            let store = MeteringStore::new(&shop.store).dying_after(writes);
            let died = shop.owner_on(&store, Method::DELETE, PEOPLE, &named).0 == 503;
            deaths += usize::from(died);
            erase(&shop, &named);
            assert!(names_in(&shop, &["zofia"]).is_empty(), "{writes} writes");
            let identities = shop.store.dump();
            let identities: Vec<&String> =
                identities.keys().filter(|key| key.starts_with("identity/")).collect();
            assert!(identities.is_empty(), "{writes} writes: {identities:?}");
            if !died {
                break;
            }
        }
    }
    assert_eq!(deaths, 16, "every write was the last once");
}

#[test]
fn a_persons_data_in_one_call() {
    let shop = Shop::open(&[]);
    let anna = shop.enrol("anna");
    let bea = shop.enrol("bea");
    shop.buy("1", "ben", &anna);
    shop.buy("2", "anna", &bea);
    for asked in ["customer_id=anna", "email=ANNA@mail.example"] {
        let (status, data) = shop.owner(Method::GET, &format!("{PEOPLE}?{asked}"), &Value::Null);
        assert_eq!(status, 200);
        let advocate = &data["advocate"];
        assert_eq!(
            (text(advocate, "code"), text(advocate, "email"), text(advocate, "display_name")),
            (anna.as_str(), "anna@mail.example", "anna")
        );
        assert_eq!(advocate["rewards"].as_array().unwrap().len(), 1);
        assert_eq!(data["orders"][0]["order_id"], "2");
        assert_eq!(data["orders"][0]["code"], bea.as_str());
        assert_eq!(data["rewards"][0]["side"], "friend");
        assert_eq!(data["complete"], true);
    }
    let (_, ben) = shop.owner(Method::GET, &format!("{PEOPLE}?customer_id=ben"), &Value::Null);
    assert_eq!((&ben["advocate"], ben["orders"].as_array().unwrap().len()), (&Value::Null, 1));
    let (_, nobody) = shop.owner(Method::GET, &format!("{PEOPLE}?customer_id=x"), &Value::Null);
    assert_eq!((&nobody["advocate"], &nobody["orders"]), (&Value::Null, &json!([])));
}

#[test]
fn who_is_meant_and_who_may_ask() {
    let shop = Shop::open(&[]);
    for bad in [
        json!({}),
        json!({"customer_id": ""}),
        json!({"email": "no address"}),
        json!({"phone": "1"}),
        json!({"customer_id": 7}),
    ] {
        assert_eq!(shop.owner(Method::DELETE, PEOPLE, &bad).0, 400, "{bad}");
    }
    assert_eq!(shop.owner(Method::GET, PEOPLE, &Value::Null).0, 400);
    let named = json!({"customer_id": "anna"});
    for (credential, status) in
        [("secret of SECRET_KEY", 200), ("secret of OWNER_KEY", 200), ("wrong", 401)]
    {
        let credential = format!("Bearer {credential}");
        let headers = [("authorization", credential.as_str()), ("origin", ORIGIN)];
        let answer = shop.send(Method::DELETE, PEOPLE, &headers, &named);
        assert_eq!(answer.status, status);
        let path = format!("{PEOPLE}?customer_id=anna");
        assert_eq!(shop.send(Method::GET, &path, &headers, &Value::Null).status, status);
    }
}

#[test]
fn a_replay_is_answered_alike_and_without_the_name_once_it_is_gone() {
    let shop = Shop::open(&[]);
    let zofia = shop.enrol("zofia");
    let order = shop.order("1", "ben", &shop.click(&zofia));
    let (_, first) = shop.server("/v1/conversions", &order);
    assert_eq!(text(&first, "code"), zofia);
    assert_eq!(shop.server("/v1/conversions", &order), (200, first.clone()));
    erase(&shop, &json!({"customer_id": "zofia"}));
    let bare = zofia.strip_prefix("ZOFIA-").unwrap();
    let nameless: Value = serde_json::from_str(&first.to_string().replace(&zofia, bare)).unwrap();
    assert_eq!(shop.server("/v1/conversions", &order), (200, nameless));
}
