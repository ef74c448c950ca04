//! Events: what is told, that nothing is lost, and how it gets through.

mod telling;

use super::faulty::Faulty;
use super::shop::{Shop, text};
use async_trait::async_trait;
use goodword::time::DAY_MS;
use goodword_tracker::flows::delivery::{self, Delivered, Outgoing};
use goodword_tracker::limits::POSTS_PER_RUN_MAX;
use goodword_tracker::programs;
use goodword_tracker::sender::{Message, Reply, Sender};
use http::Method;
use serde_json::{Value, json};
use standardwebhooks::Webhook;
use std::cell::RefCell;
use std::collections::BTreeSet;

const PATH: &str = "/v1/programs/demo/webhooks";
const ONE: &str = "https://shop.example/hooks";
const OTHER: &str = "https://crm.example/hooks";

/// An endpoint whose replies are written down beforehand; the last one stays.
struct Receiver {
    replies: RefCell<Vec<Reply>>,
    heard: RefCell<Vec<Message>>,
}

impl Receiver {
    fn answering(replies: &[Reply]) -> Self {
        let mut replies = replies.to_vec();
        replies.reverse();
        Receiver { replies: RefCell::new(replies), heard: RefCell::default() }
    }

    /// Types and ids of what it heard since it was last asked.
    fn heard(&self) -> Vec<(String, String)> {
        let told = self.heard.take().into_iter().map(|message| {
            let body: Value = serde_json::from_str(&message.body).unwrap();
            (text(&body, "type").to_owned(), message.id)
        });
        told.collect()
    }
}

#[async_trait(?Send)]
impl Sender for Receiver {
    async fn post(&self, messages: &[Message]) -> Vec<Reply> {
        self.heard.borrow_mut().extend(messages.to_vec());
        let mut replies = self.replies.borrow_mut();
        let next = |_| if replies.len() > 1 { replies.pop().unwrap() } else { replies[0].clone() };
        messages.iter().map(next).collect()
    }
}

fn ok() -> Receiver {
    Receiver::answering(&[Reply::Status(204)])
}

fn listening(shop: &Shop, endpoints: &Value) {
    let (status, answer) = shop.owner(Method::PUT, PATH, &json!({"endpoints": endpoints}));
    assert_eq!(status, 200, "{answer}");
}

/// A shop that hears of everything.
fn open(changes: &[(&str, Value)]) -> Shop {
    let shop = Shop::open(changes);
    listening(&shop, &json!([{"url": ONE}]));
    shop
}

fn deliver(shop: &Shop, receiver: &Receiver) -> Delivered {
    let tracker = shop.tracker(&shop.store);
    let demo = goodword::key::ProgramId::parse("demo").unwrap();
    let outgoing = Outgoing { sender: receiver, mailer: None };
    let delivered = async {
        let current = programs::load(tracker.store, &demo).await.unwrap();
        delivery::deliver_due(&tracker, &outgoing, &current, &mut POSTS_PER_RUN_MAX.clone())
            .await
            .unwrap()
    };
    futures_executor::block_on(delivered)
}

/// What waits in the outbox: types, sorted.
fn waiting(shop: &Shop) -> Vec<String> {
    let mut kinds = Vec::new();
    for (key, body) in shop.store.dump() {
        if key.starts_with("outbox/") {
            let record: Value = serde_json::from_str(&body).unwrap();
            let events = record["events"].as_array().unwrap();
            kinds.extend(events.iter().map(|event| text(event, "kind").to_owned()));
        }
    }
    kinds.sort();
    kinds
}

/// The same after it was told, so that nothing waits any more.
fn told(shop: &Shop) -> Vec<String> {
    shop.pass_ms(60_000);
    let receiver = ok();
    deliver(shop, &receiver);
    let mut kinds: Vec<String> = receiver.heard().into_iter().map(|(kind, _)| kind).collect();
    kinds.sort();
    kinds
}

#[test]
fn the_life_of_a_reward_is_told() {
    let shop = open(&[("/milestones/0/at", json!(1))]);
    let anna = shop.enrol("anna");
    assert_eq!(told(&shop), ["advocate.enrolled"]);
    shop.enrol("anna");
    shop.buy("1", "ben", &anna);
    assert_eq!(
        told(&shop),
        [
            "conversion.attributed",
            "milestone.reached",
            "reward.pending",
            "reward.pending",
            "reward.pending"
        ]
    );
    let refund = json!({
        "program": "demo", "order_id": "1", "refund_id": "r", "occurred_at": shop.now_text(),
        "value": {"amount_minor": 4_990, "currency": "EUR"},
    });
    for _ in 0..2 {
        shop.server("/v1/refunds", &refund);
    }
    assert_eq!(told(&shop), ["reward.voided", "reward.voided", "reward.voided"]);
    assert_eq!(told(&shop), [""; 0]);
}

#[test]
fn what_an_owner_decides_is_told() {
    let shop = open(&[("/fraud/review", json!({"seconds_after_click": 60}))]);
    let anna = shop.enrol("anna");
    let answer = shop.buy("1", "ben", &anna);
    assert_eq!(
        told(&shop),
        [
            "advocate.enrolled",
            "conversion.attributed",
            "conversion.flagged",
            "reward.pending",
            "reward.pending"
        ]
    );
    let void =
        format!("/v1/programs/demo/rewards/{}/void", text(&answer["rewards"][0], "reward_id"));
    shop.server(&void, &Value::Null);
    assert_eq!(told(&shop), ["reward.voided"]);
    let refuse = format!("/v1/programs/demo/reviews/{}/refuse", text(&answer, "conversion_id"));
    shop.server(&refuse, &Value::Null);
    assert_eq!(told(&shop), ["reward.voided"]);
}

#[test]
fn a_low_rating_is_told_once_a_day_and_without_what_was_written() {
    let shop = open(&[]);
    let enrolled = shop.enrol_with("anna", None);
    told(&shop);
    let token = format!("Bearer {}", text(&enrolled, "token"));
    let rate = |score: u8| {
        let headers = [("origin", super::shop::ORIGIN), ("authorization", token.as_str())];
        let body = json!({"score": score, "comment": "cold tea"});
        let answer = shop.send(Method::PUT, "/v1/advocates/me/rating", &headers, &body);
        assert_eq!(answer.status, 200);
    };
    for score in [7, 10] {
        rate(score);
        assert_eq!(told(&shop), [""; 0], "{score}");
    }
    for score in [0, 6] {
        rate(score);
        rate(score);
        shop.pass_ms(60_000);
        let receiver = ok();
        deliver(&shop, &receiver);
        let heard = receiver.heard.take();
        assert_eq!(heard.len(), 1, "the same twice is one");
        let body: Value = serde_json::from_str(&heard[0].body).unwrap();
        assert_eq!((text(&body, "type"), &body["data"]["score"]), ("rating.low", &json!(score)));
        assert!(text(&enrolled, "code").ends_with(text(&body["data"], "code")));
        assert!(!heard[0].body.contains("cold"));
    }
}

#[test]
fn where_nobody_listens_nothing_is_written() {
    let shop = Shop::open(&[]);
    let anna = shop.enrol("anna");
    shop.buy("1", "ben", &anna);
    assert_eq!(waiting(&shop), [""; 0]);
    listening(&shop, &json!([{"url": ONE, "events": ["reward.confirmed"]}]));
    shop.buy("2", "carol", &anna);
    assert_eq!(waiting(&shop), [""; 0]);
    listening(&shop, &json!([{"url": ONE, "status": "disabled"}]));
    shop.buy("3", "dora", &anna);
    assert_eq!(waiting(&shop), [""; 0]);
}

#[test]
fn a_conversion_writes_six_keys_with_its_events() {
    let shop = open(&[]);
    let anna = shop.enrol("anna");
    let claim = shop.click(&anna);
    let store = Faulty::counting(&shop.store);
    let order = shop.order("1", "ben", &claim);
    assert_eq!(shop.server_on(&store, "/v1/conversions", &order).0, 201);
    assert_eq!(store.writes(), 6);
}

/// Dies at one operation after another, before it or after it was done, and
/// is tried again as a shop would: the events are those of a good day.
#[test]
fn whatever_dies_no_event_is_lost() {
    let events = |shop: &Shop| -> BTreeSet<String> {
        shop.pass_ms(60_000);
        let receiver = ok();
        while deliver(shop, &receiver).remaining > 0 {}
        receiver.heard().into_iter().map(|(kind, id)| format!("{kind} {id}")).collect()
    };
    let changes =
        [("/fraud/review", json!({"seconds_after_click": 60})), ("/milestones/0/at", json!(1))];
    let refund = |shop: &Shop| {
        json!({
            "program": "demo", "order_id": "1", "refund_id": "r", "occurred_at": shop.now_text(),
            "value": {"amount_minor": 4_990, "currency": "EUR"},
        })
    };
    let acts = |store_fails: Option<(usize, bool)>, steps: &mut usize| {
        let shop = open(&changes);
        let anna = shop.enrol("anna");
        let order = shop.order("1", "ben", &shop.click(&anna));
        let refund = refund(&shop);
        let store = match store_fails {
            Some((operation, is_done)) => Faulty::at(&shop.store, operation, is_done),
            None => Faulty::counting(&shop.store),
        };
        for (path, body) in [("/v1/conversions", &order), ("/v1/refunds", &refund)] {
            for _ in 0..3 {
                if shop.server_on(&store, path, body).0 < 300 {
                    break;
                }
            }
        }
        *steps = store.operations();
        events(&shop)
    };
    let mut steps = 0;
    let expected = acts(None, &mut steps);
    assert_eq!(expected.len(), 10, "{expected:#?}");
    for operation in 0..steps {
        for is_done in [false, true] {
            let found = acts(Some((operation, is_done)), &mut 0);
            assert_eq!(found, expected, "operation {operation}, done: {is_done}");
        }
    }
}

/// The same for settlement, which an order moves through in two looks, and its
/// milestone in two more.
#[test]
fn whatever_dies_in_settlement_no_event_is_lost() {
    let acts = |store_fails: Option<(usize, bool)>, steps: &mut usize| {
        let shop = open(&[("/milestones/0/at", json!(1))]);
        let anna = shop.enrol("anna");
        shop.buy("1", "ben", &anna);
        told(&shop);
        let store = match store_fails {
            Some((operation, is_done)) => Faulty::at(&shop.store, operation, is_done),
            None => Faulty::counting(&shop.store),
        };
        for _ in 0..5 {
            shop.pass_ms(DAY_MS / 8);
            shop.settle_on(&store);
        }
        *steps = store.operations();
        shop.pass_ms(60_000);
        let receiver = ok();
        deliver(&shop, &receiver);
        let heard: BTreeSet<(String, String)> = receiver.heard().into_iter().collect();
        heard
    };
    let mut steps = 0;
    let expected = acts(None, &mut steps);
    let kinds: Vec<&str> = expected.iter().map(|(kind, _)| kind.as_str()).collect();
    assert_eq!(kinds, ["reward.confirmed"; 3], "of Anna, of Ben, of the milestone");
    for operation in 0..steps {
        for is_done in [false, true] {
            let found = acts(Some((operation, is_done)), &mut 0);
            assert_eq!(found, expected, "operation {operation}, done: {is_done}");
        }
    }
}

#[test]
fn what_is_taken_back_after_it_was_final_is_told() {
    let shop = open(&[]);
    let anna = shop.enrol("anna");
    shop.buy("1", "ben", &anna);
    for _ in 0..2 {
        shop.pass_ms(DAY_MS);
        shop.settle();
    }
    told(&shop);
    let refund = json!({
        "program": "demo", "order_id": "1", "refund_id": "r", "occurred_at": shop.now_text(),
        "value": {"amount_minor": 4_990, "currency": "EUR"},
    });
    shop.server("/v1/refunds", &refund);
    assert_eq!(told(&shop), ["reward.clawed_back", "reward.clawed_back"]);
}

#[test]
fn an_order_that_moves_to_another_advocate_is_told_on_both_sides() {
    let shop = open(&[("/hold_days", json!(14))]);
    let (anna, bea) = (shop.enrol("anna"), shop.enrol("bea"));
    let order = shop.order("1", "ben", &shop.click(&anna));
    assert_eq!(shop.server("/v1/conversions", &order).0, 201);
    told(&shop);
    let mut again = order.clone();
    again["claim"] = shop.click(&bea).into();
    again["occurred_at"] = shop.now_text().into();
    assert_eq!(shop.server("/v1/conversions", &again).0, 200);
    assert_eq!(told(&shop), ["conversion.attributed", "reward.pending", "reward.pending"]);
    shop.pass_ms(DAY_MS);
    shop.settle();
    assert_eq!(told(&shop), ["reward.voided", "reward.voided"], "Anna's");
}

#[test]
fn events_name_nobody() {
    let shop = open(&[]);
    let anna = shop.enrol("anna-c-77");
    shop.buy("1", "ben-c-78", &anna);
    for (key, body) in shop.store.dump() {
        if key.starts_with("outbox/") {
            for personal in ["c-77", "c-78", "mail.example", "Family"] {
                assert!(!body.contains(personal), "{personal} in {body}");
            }
        }
    }
}

#[test]
fn webhooks_are_the_owners() {
    let shop = Shop::open(&[]);
    for (method, path) in [
        (Method::GET, PATH.to_owned()),
        (Method::PUT, PATH.to_owned()),
        (Method::POST, format!("{PATH}/resend")),
    ] {
        assert_eq!(shop.send(method.clone(), &path, &[], &json!({})).status, 401);
        let nowhere = path.replace("demo", "nowhere");
        assert_eq!(shop.owner(method, &nowhere, &json!({"endpoints": []})).0, 404);
    }
}
