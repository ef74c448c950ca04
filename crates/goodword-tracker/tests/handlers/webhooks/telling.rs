//! How events get through: tried again, told again, and to whom not.

use super::*;

#[test]
fn an_event_is_tried_for_three_days_with_one_id() {
    let shop = open(&[]);
    shop.enrol("anna");
    let receiver = Receiver::answering(&[
        Reply::Status(500),
        Reply::Failed("no answer".to_owned()),
        Reply::Status(302),
        Reply::Status(429),
    ]);
    shop.pass_ms(60_000);
    let mut ids = BTreeSet::new();
    let mut tries = 0;
    let mut passed_ms = 0;
    while !waiting(&shop).is_empty() {
        deliver(&shop, &receiver);
        let heard = receiver.heard();
        tries += heard.len();
        ids.extend(heard.into_iter().map(|(_, id)| id));
        shop.pass_ms(300_000);
        passed_ms += 300_000;
    }
    assert_eq!((tries, ids.len()), (9, 1));
    assert!((3 * DAY_MS..4 * DAY_MS).contains(&passed_ms), "{passed_ms}");
    // The owner can still have it.
    let id = ids.first().unwrap();
    let again = |body: &Value| shop.owner(Method::POST, &format!("{PATH}/resend"), body);
    let (status, answer) = again(&json!({"event_id": id}));
    assert_eq!((status, &answer["events"]), (202, &json!(1)), "{answer}");
    let receiver = ok();
    assert_eq!(deliver(&shop, &receiver), Delivered { ended: 1, remaining: 0 });
    assert_eq!(receiver.heard(), [("advocate.enrolled".to_owned(), id.clone())]);
    assert_eq!(again(&json!({"event_id": "evt_0"})).0, 404);
}

#[test]
fn everything_since_an_instant_is_told_again() {
    let shop = open(&[]);
    shop.enrol("anna");
    told(&shop);
    shop.pass_ms(DAY_MS);
    let since = shop.now_text();
    for name in ["bea", "cleo"] {
        shop.enrol(name);
    }
    assert_eq!(told(&shop).len(), 2);
    let resend = format!("{PATH}/resend");
    let (_, answer) = shop.owner(Method::POST, &resend, &json!({"since": since}));
    assert_eq!(answer, json!({"events": 2, "next_since": null}));
    assert_eq!(told(&shop).len(), 2);
    assert_eq!(told(&shop).len(), 0);
}

#[test]
fn a_call_tells_a_hundred_acts_again_and_says_where_to_go_on() {
    let shop = open(&[]);
    let since = shop.now_text();
    for number in 0..130 {
        shop.pass_ms(1);
        shop.enrol(&format!("customer-{number}"));
    }
    let resend = format!("{PATH}/resend");
    let (_, first) = shop.owner(Method::POST, &resend, &json!({"since": since}));
    assert_eq!(first["events"], 100);
    let rest = json!({"since": first["next_since"]});
    let (_, second) = shop.owner(Method::POST, &resend, &rest);
    assert_eq!(second, json!({"events": 30, "next_since": null}));
}

#[test]
fn only_who_did_not_hear_is_told_again() {
    let shop = Shop::open(&[]);
    listening(&shop, &json!([{"url": ONE}, {"url": OTHER}]));
    shop.enrol("anna");
    shop.pass_ms(60_000);
    let receiver = Receiver::answering(&[Reply::Status(200), Reply::Status(500)]);
    assert_eq!(deliver(&shop, &receiver), Delivered { ended: 0, remaining: 1 });
    receiver.heard();
    shop.pass_ms(300_000);
    let receiver = ok();
    assert_eq!(deliver(&shop, &receiver), Delivered { ended: 1, remaining: 0 });
    let urls: Vec<String> = receiver.heard.take().into_iter().map(|told| told.url).collect();
    assert_eq!(urls, [OTHER]);
}

#[test]
fn whoever_is_gone_hears_nothing_more_until_the_owner_says_so() {
    let shop = open(&[]);
    shop.enrol("anna");
    let gone = Receiver::answering(&[Reply::Status(410)]);
    let status = || shop.owner(Method::GET, PATH, &Value::Null).1["endpoints"][0].clone();
    for wait_ms in [60_000, 300_000] {
        shop.pass_ms(wait_ms);
        deliver(&shop, &gone);
        assert_eq!(status()["status"], "active");
    }
    shop.pass_ms(1_800_000);
    assert_eq!(deliver(&shop, &gone), Delivered { ended: 1, remaining: 0 });
    assert_eq!(status()["status"], "disabled");
    assert_eq!(status()["gone_at"], shop.now_text());
    shop.enrol("bea");
    assert_eq!(told(&shop), [""; 0]);
    shop.pass_ms(1_000);
    let (_, shown) = shop.owner(Method::GET, PATH, &Value::Null);
    let mut active = shown.clone();
    active["endpoints"][0]["status"] = "active".into();
    assert_eq!(shop.owner(Method::PUT, PATH, &active).0, 200);
    assert_eq!(status()["status"], "active");
    shop.owner(Method::POST, &format!("{PATH}/resend"), &json!({"since": "2024-01-01T00:00:00Z"}));
    assert_eq!(told(&shop).len(), 2);
}

#[test]
fn a_signature_is_good_under_every_live_secret() {
    let mut shop = Shop::open(&[]);
    let secrets = ["whsec_bmV3IHNlY3JldA==", "whsec_b2xkIHNlY3JldA=="];
    shop.settings.webhook_secrets = goodword_tracker::settings::Secrets::read(&secrets.join(","));
    listening(&shop, &json!([{"url": ONE}]));
    shop.enrol("anna");
    shop.pass_ms(60_000);
    let receiver = ok();
    deliver(&shop, &receiver);
    let message = receiver.heard.take().remove(0);
    assert_eq!(message.timestamp_s, shop.now().0 / 1_000);
    let expected: Vec<String> = secrets
        .iter()
        .map(|secret| {
            let signer = Webhook::new(secret).unwrap();
            signer.sign(&message.id, message.timestamp_s, message.body.as_bytes()).unwrap()
        })
        .collect();
    assert_eq!(message.signature, expected.join(" "));
}

#[test]
fn without_a_secret_nobody_can_listen() {
    let mut shop = Shop::open(&[]);
    for secret in ["", "whsec_%%%", "whsec_bmV3,whsec_%%%"] {
        shop.settings.webhook_secrets = goodword_tracker::settings::Secrets::read(secret);
        let body = json!({"endpoints": [{"url": ONE}]});
        let (status, answer) = shop.owner(Method::PUT, PATH, &body);
        assert_eq!((status, text(&answer, "code")), (409, "conflict"), "{secret}");
        assert_eq!(shop.owner(Method::PUT, PATH, &json!({"endpoints": []})).0, 200);
    }
}

#[test]
fn an_address_that_became_the_trackers_own_is_not_called() {
    let mut shop = open(&[]);
    shop.enrol("anna");
    shop.settings.public_url = Some("https://shop.example".to_owned());
    assert_eq!(told(&shop), [""; 0]);
}

#[test]
fn a_run_that_died_before_it_forgot_tells_nothing_twice() {
    let shop = open(&[]);
    shop.enrol("anna");
    shop.pass_ms(60_000);
    let store = Faulty::on_delete(&shop.store);
    let tracker = shop.tracker(&store);
    let demo = goodword::key::ProgramId::parse("demo").unwrap();
    let receiver = ok();
    let outgoing = Outgoing { sender: &receiver, mailer: None };
    let died = futures_executor::block_on(async {
        let current = programs::load(tracker.store, &demo).await.unwrap();
        delivery::deliver_due(&tracker, &outgoing, &current, &mut POSTS_PER_RUN_MAX.clone()).await
    });
    assert!(died.is_err());
    assert_eq!(receiver.heard().len(), 1);
    assert_eq!(deliver(&shop, &receiver), Delivered { ended: 1, remaining: 0 });
    assert_eq!(receiver.heard().len(), 0);
    assert_eq!(waiting(&shop), [""; 0]);
}
