//! How likely advocates are to recommend the shop: what they answer, what the
//! owner sees of it, and that it goes with them.

use super::metering::MeteringStore;
use super::shop::{ORIGIN, Shop, text};
use goodword::time::DAY_MS;
use goodword_tracker::http::Answer;
use http::Method;
use serde_json::{Value, json};

const MINE: &str = "/v1/advocates/me/rating";
const ALL: &str = "/v1/programs/demo/ratings";

fn rate_from(shop: &Shop, origin: &str, token: &str, body: &Value) -> Answer {
    let token = format!("Bearer {token}");
    shop.send(Method::PUT, MINE, &[("origin", origin), ("authorization", &token)], body)
}

/// Enrolls somebody who then answers; returns their code.
fn rate(shop: &Shop, customer: &str, body: &Value) -> String {
    let enrolled = shop.enrol_with(customer, None);
    let answer = rate_from(shop, ORIGIN, text(&enrolled, "token"), body);
    let said: Value = serde_json::from_slice(&answer.body).unwrap();
    assert_eq!(said, json!({"score": body["score"], "rated_at": shop.now_text()}));
    assert_eq!(answer.status, 200);
    assert_eq!(answer.headers.get("access-control-allow-origin"), Some(ORIGIN));
    text(&enrolled, "code").to_owned()
}

fn all(shop: &Shop, query: &str) -> Value {
    let (status, answer) = shop.owner(Method::GET, &format!("{ALL}{query}"), &Value::Null);
    assert_eq!(status, 200, "{answer}");
    answer
}

/// Codes and scores, as they are listed.
fn listed(answer: &Value) -> Vec<(String, i64)> {
    let entry = |row: &Value| (text(row, "code").to_owned(), row["score"].as_i64().unwrap());
    answer["data"].as_array().unwrap().iter().map(entry).collect()
}

#[test]
fn the_owner_sees_what_all_say_and_each_the_newest_first() {
    let shop = Shop::open(&[]);
    let nothing = all(&shop, "");
    assert_eq!(nothing["total"]["net_promoter_score"]["value"], Value::Null);
    let anna = rate(&shop, "anna", &json!({"score": 10}));
    shop.pass_ms(DAY_MS);
    let ben = rate(&shop, "ben", &json!({"score": 3, "comment": " The tea came cold. "}));
    shop.pass_ms(DAY_MS);
    let carol = rate(&shop, "carol", &json!({"score": 8, "comment": null}));
    shop.pass_ms(1);
    let dora = rate(&shop, "dora", &json!({"score": 9}));
    let seen = all(&shop, "");
    assert_eq!(
        seen["total"],
        json!({
            "ratings": 4, "promoters": 2, "passives": 1, "detractors": 1,
            "scores": [0, 0, 0, 1, 0, 0, 0, 0, 1, 1, 1],
            "net_promoter_score": {"numerator": 1, "denominator": 4, "value": 0.25},
        })
    );
    assert_eq!((&seen["complete"], &seen["next_cursor"]), (&json!(true), &Value::Null));
    assert_eq!(listed(&seen), [(dora, 9), (carol, 8), (ben.clone(), 3), (anna, 10)]);

    let low = all(&shop, "?leaning=detractor");
    assert_eq!(low["total"], seen["total"], "all of them count");
    let expected = json!([{
        "code": ben, "score": 3, "comment": "The tea came cold.",
        "rated_at": goodword_api::instant::write(goodword::time::Instant(shop.now().0 - DAY_MS - 1)),
    }]);
    assert_eq!(low["data"], expected);

    let day = |days: i64| goodword_api::instant::write(goodword::time::Instant(days * DAY_MS));
    let second = all(&shop, &format!("?from={}&to={}", day(20_001), day(20_002)));
    assert_eq!(listed(&second), [(ben, 3)]);
    assert_eq!(second["total"]["net_promoter_score"]["numerator"], -1);
}

#[test]
fn pages_follow_each_other_and_leave_nobody_out() {
    let shop = Shop::open(&[]);
    for n in 0..7 {
        // Two at a time in one millisecond.
        shop.pass_ms(n % 2);
        rate(&shop, &format!("c{n}"), &json!({"score": n}));
    }
    let whole = listed(&all(&shop, ""));
    let mut walked = Vec::new();
    let mut query = "?limit=3".to_owned();
    loop {
        let page = all(&shop, &query);
        assert_eq!(page["total"]["ratings"], 7);
        walked.extend(listed(&page));
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        query = format!("?limit=3&cursor={cursor}");
    }
    assert_eq!((walked.len(), walked), (7, whole));
}

#[test]
fn a_later_answer_takes_the_place_of_the_first() {
    let shop = Shop::open(&[]);
    let anna = rate(&shop, "anna", &json!({"score": 2, "comment": "Too slow"}));
    shop.pass_ms(1);
    assert_eq!(rate(&shop, "anna", &json!({"score": 9})), anna);
    let seen = all(&shop, "");
    assert_eq!((listed(&seen), &seen["data"][0]["comment"]), (vec![(anna, 9)], &Value::Null));
    assert_eq!(seen["total"]["ratings"], 1);
}

#[test]
fn who_may_answer_and_what() {
    let shop = Shop::open(&[]);
    let enrolled = shop.enrol_with("anna", None);
    let token = text(&enrolled, "token");
    let good = json!({"score": 5});
    let check = |origin: &str, token: &str, body: &Value, status: u16| {
        assert_eq!(rate_from(&shop, origin, token, body).status, status, "{origin} {body}");
    };
    check(ORIGIN, token, &good, 200);
    check("https://evil.example", token, &good, 403);
    check(ORIGIN, "guess", &good, 401);
    check(ORIGIN, "secret of OWNER_KEY", &good, 401);
    check(ORIGIN, token, &json!({"score": 11}), 400);
    check(ORIGIN, token, &json!({"score": 5, "comment": "é".repeat(301)}), 400);
    check(ORIGIN, token, &json!({"score": 5, "stars": 1}), 400);
    let is_preflight = shop.send(Method::OPTIONS, MINE, &[("origin", ORIGIN)], &Value::Null);
    let methods = is_preflight.headers.get("access-control-allow-methods").unwrap();
    assert!(methods.contains("PUT"), "{methods}");
    for key in ["secret of SECRET_KEY", token] {
        let key = format!("Bearer {key}");
        let answer = shop.send(Method::GET, ALL, &[("authorization", &key)], &Value::Null);
        assert_eq!(answer.status, 401);
    }
    for query in ["?leaning=low", "?from=yesterday", "?limit=0", "?cursor=x"] {
        assert_eq!(shop.owner(Method::GET, &format!("{ALL}{query}"), &Value::Null).0, 400);
    }
}

#[test]
fn what_was_written_is_sealed_and_goes_with_whoever_wrote_it() {
    let shop = Shop::open(&[]);
    let words = "Ask me: Zofia Nowak";
    rate(&shop, "zofia", &json!({"score": 1, "comment": words}));
    rate(&shop, "ben", &json!({"score": 7}));
    let dump = shop.store.dump();
    assert!(dump.values().all(|body| !body.contains("Zofia Nowak")));
    let people = "/v1/programs/demo/people";
    let (_, data) = shop.owner(Method::GET, &format!("{people}?customer_id=zofia"), &Value::Null);
    assert_eq!(data["advocate"]["rating"]["comment"], words);
    shop.owner(Method::DELETE, people, &json!({"customer_id": "zofia"}));
    let left = shop.store.dump();
    assert_eq!(left.keys().filter(|key| key.starts_with("rating/")).count(), 1);
    assert_eq!(all(&shop, "")["total"]["ratings"], 1);
    // Somebody who was erased has no token any more.
    let enrolled = shop.enrol_with("carol", None);
    shop.owner(Method::DELETE, people, &json!({"customer_id": "carol"}));
    let answer = rate_from(&shop, ORIGIN, text(&enrolled, "token"), &json!({"score": 1}));
    assert_eq!(answer.status, 401);
}

#[test]
fn an_answer_that_came_while_somebody_was_erased_is_shown_to_nobody() {
    let shop = Shop::open(&[]);
    rate(&shop, "zofia", &json!({"score": 1, "comment": "Zofia"}));
    let late = shop.store.dump().into_iter().find(|(key, _)| key.starts_with("rating/")).unwrap();
    shop.owner(Method::DELETE, "/v1/programs/demo/people", &json!({"customer_id": "zofia"}));
    let put = goodword_tracker::store::Store::put(
        &shop.store,
        &late.0,
        &late.1,
        goodword_tracker::store::Keep::Forever,
    );
    futures_executor::block_on(put).unwrap();
    assert_eq!(all(&shop, "")["data"], json!([]));
}

#[test]
fn an_answer_costs_one_write_and_a_page_a_list_a_thousand() {
    let shop = Shop::open(&[]);
    let token = format!("Bearer {}", text(&shop.enrol_with("anna", None), "token"));
    let headers = [("origin", ORIGIN), ("authorization", token.as_str())];
    let counting = MeteringStore::new(&shop.store);
    let unlimited = goodword_tracker::limiter::Unlimited;
    // The longest comment still comes with a listing.
    let body = json!({"score": 6, "comment": "茶".repeat(200)});
    let answer = shop.send_by(&counting, &unlimited, Method::PUT, MINE, &headers, &body);
    assert_eq!(answer.status, 200);
    let counted = counting.counted();
    assert_eq!((counted.reads, counted.writes, counted.lists), (2, 1, 0));
    let counting = MeteringStore::new(&shop.store);
    let (_, seen) = shop.owner_on(&counting, Method::GET, ALL, &Value::Null);
    assert_eq!(seen["data"][0]["comment"], body["comment"]);
    let counted = counting.counted();
    assert_eq!((counted.reads, counted.writes, counted.lists), (2, 0, 1));
}
