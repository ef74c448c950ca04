//! Letters to advocates.

use super::shop::{ORIGIN, Shop, text};
use async_trait::async_trait;
use goodword::time::DAY_MS;
use goodword_tracker::flows::delivery::{self, Outgoing};
use goodword_tracker::limits::POSTS_PER_RUN_MAX;
use goodword_tracker::mail::{Letter, Mailer};
use goodword_tracker::programs;
use goodword_tracker::sender::{Message, Reply, Sender};
use http::Method;
use serde_json::{Value, json};
use std::cell::{Cell, RefCell};

/// Takes letters, or does not.
#[derive(Default)]
struct Letterbox {
    is_full: Cell<bool>,
    letters: RefCell<Vec<Letter>>,
}

#[async_trait(?Send)]
impl Mailer for Letterbox {
    async fn send(&self, letter: &Letter) -> Result<(), String> {
        if self.is_full.get() {
            return Err("the box is full".to_owned());
        }
        self.letters.borrow_mut().push(letter.clone());
        Ok(())
    }
}

/// Nobody listens.
pub struct Nobody;

#[async_trait(?Send)]
impl Sender for Nobody {
    async fn post(&self, messages: &[Message]) -> Vec<Reply> {
        assert!(messages.is_empty());
        Vec::new()
    }
}

/// Delivers, and gives what arrived.
fn arrived(shop: &Shop, mailer: &Letterbox) -> Vec<Letter> {
    shop.pass_ms(60_000);
    let tracker = shop.tracker(&shop.store);
    let demo = goodword::key::ProgramId::parse("demo").unwrap();
    let outgoing = Outgoing { sender: &Nobody, mailer: Some(mailer) };
    futures_executor::block_on(async {
        let current = programs::load(tracker.store, &demo).await.unwrap();
        delivery::deliver_due(&tracker, &outgoing, &current, &mut POSTS_PER_RUN_MAX.clone())
            .await
            .unwrap();
    });
    mailer.letters.take()
}

fn open(changes: &[(&str, Value)]) -> Shop {
    let mut shop = Shop::open(changes);
    shop.settings.mail_from = Some("tea@shop.example".to_owned());
    shop
}

fn ask(shop: &Shop, email: &str, locale: &str) -> Value {
    let body = json!({"program": "demo", "email": email, "locale": locale});
    let answer = shop.send(Method::POST, "/v1/advocates", &[("origin", ORIGIN)], &body);
    assert_eq!(answer.status, 200);
    serde_json::from_slice(&answer.body).unwrap()
}

#[test]
fn who_asks_by_e_mail_gets_the_way_to_their_figures() {
    let shop = open(&[("/name", json!("Kettle & <Leaf>\r\nBcc: x"))]);
    let mailer = Letterbox::default();
    let answer = ask(&shop, "Carol@mail.example", "de");
    let letters = arrived(&shop, &mailer);
    let [letter] = letters.as_slice() else { panic!("{letters:?}") };
    assert_eq!(letter.from, "tea@shop.example");
    assert_eq!(letter.to, "Carol@mail.example");
    assert_eq!(letter.subject, "Ihr Link für Kettle & <Leaf>Bcc: x", "one line");
    assert!(letter.text.contains(text(&answer, "share_link")), "{}", letter.text);
    assert!(letter.html.contains("Kettle &amp; &lt;Leaf&gt;"), "{}", letter.html);
    let (_, token) = letter.text.split_once("#goodword_token=").unwrap();
    let token = format!("Bearer {}", token.split_whitespace().next().unwrap());
    let headers = [("authorization", token.as_str())];
    let me = shop.send(Method::GET, "/v1/advocates/me", &headers, &Value::Null);
    let me: Value = serde_json::from_slice(&me.body).unwrap();
    assert_eq!(me["code"], answer["code"]);
}

#[test]
fn nobody_fills_somebodys_box_by_asking_again() {
    let shop = open(&[]);
    let mailer = Letterbox::default();
    for _ in 0..3 {
        ask(&shop, "carol@mail.example", "en");
        ask(&shop, "carol@mail.example", "en");
        let letters = arrived(&shop, &mailer).len();
        shop.pass_ms(3_540_000);
        assert_eq!(letters, 1, "one an hour");
    }
}

#[test]
fn an_advocate_hears_of_a_friend_and_of_their_own_reward() {
    let shop = open(&[]);
    let mailer = Letterbox::default();
    let anna = shop.enrol("anna");
    assert_eq!(arrived(&shop, &mailer), []);
    shop.buy("1", "ben", &anna);
    let joined = arrived(&shop, &mailer);
    let subjects: Vec<&str> = joined.iter().map(|letter| letter.subject.as_str()).collect();
    assert_eq!(subjects, ["A friend bought at Kettle & Leaf through you"]);
    assert_eq!(joined[0].to, "anna@mail.example");
    for _ in 0..2 {
        shop.pass_ms(DAY_MS);
        shop.settle();
    }
    let confirmed = arrived(&shop, &mailer);
    assert_eq!(confirmed.len(), 1, "none to Ben, {confirmed:?}");
    assert!(confirmed[0].text.contains("confirmed: 10 EUR."), "{}", confirmed[0].text);
    assert_eq!(arrived(&shop, &mailer), []);
}

#[test]
fn where_sign_ups_count_nobody_is_said_to_have_bought() {
    let shop = open(&[("/qualifies/kind", json!("signup"))]);
    let mailer = Letterbox::default();
    let anna = shop.enrol("anna");
    let mut sign_up = shop.order("1", "ben", &shop.click(&anna));
    sign_up["kind"] = json!("signup");
    assert_eq!(shop.server("/v1/conversions", &sign_up).0, 201);
    let letters = arrived(&shop, &mailer);
    let [letter] = letters.as_slice() else { panic!("{letters:?}") };
    assert_eq!(letter.subject, "A friend signed up at Kettle & Leaf through you");
    assert!(letter.text.starts_with("A friend signed up at"), "{}", letter.text);
}

#[test]
fn a_letter_that_was_not_taken_is_sent_again() {
    let shop = open(&[]);
    let mailer = Letterbox::default();
    mailer.is_full.set(true);
    ask(&shop, "carol@mail.example", "en");
    assert_eq!(arrived(&shop, &mailer), []);
    mailer.is_full.set(false);
    shop.pass_ms(240_000);
    assert_eq!(arrived(&shop, &mailer).len(), 1);
}

#[test]
fn who_was_erased_gets_no_letter() {
    let shop = open(&[]);
    let mailer = Letterbox::default();
    ask(&shop, "carol@mail.example", "en");
    let person = shop.store.dump().into_keys().find(|key| key.starts_with("person/")).unwrap();
    let deleted = goodword_tracker::store::Store::delete(&shop.store, &person);
    futures_executor::block_on(deleted).unwrap();
    assert_eq!(arrived(&shop, &mailer), []);
    mailer.is_full.set(true);
    assert_eq!(arrived(&shop, &mailer), [], "and nobody tries again");
}

#[test]
fn without_a_sender_nothing_is_written() {
    let shop = Shop::open(&[]);
    ask(&shop, "carol@mail.example", "en");
    assert!(shop.store.dump().keys().all(|key| !key.starts_with("outbox/")));
}

#[test]
fn what_waits_to_be_sent_names_nobody() {
    let shop = open(&[]);
    ask(&shop, "carol@mail.example", "en");
    for (key, body) in shop.store.dump() {
        assert!(!key.contains("carol") && !body.contains("carol"), "{key}: {body}");
    }
}
