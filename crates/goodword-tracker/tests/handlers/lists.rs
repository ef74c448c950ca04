//! The owner's lists of advocates and conversions.

use super::metering::MeteringStore;
use super::shop::{Shop, text};
use futures_executor::block_on;
use goodword::code::ReferralCode;
use goodword::key::ProgramId;
use goodword::metrics::{Day, Device};
use goodword::time::{DAY_MS, Instant};
use goodword_tracker::flows::rollup::roll_up;
use goodword_tracker::keys::traffic as keys;
use goodword_tracker::random::SystemRandom;
use goodword_tracker::store::{Keep, Store};
use goodword_tracker::traffic::{Counted, Counts, Row, Traffic, record};
use http::Method;
use serde_json::{Value, json};
use std::collections::BTreeSet;

const PROGRAM: &str = "/v1/programs/demo";

fn page(shop: &Shop, query: &str) -> Value {
    let store = MeteringStore::new(&shop.store);
    let path = format!("{PROGRAM}/{query}");
    let (status, answer) = shop.owner_on(&store, Method::GET, &path, &Value::Null);
    assert_eq!(status, 200, "{answer}");
    assert!(store.counted().sum() < 1_000, "{:?}", store.counted());
    answer
}

/// All entries, page by page; none comes twice.
fn all(shop: &Shop, list: &str, query: &str, limit: usize) -> Vec<Value> {
    let mut entries = Vec::new();
    let mut cursor = String::new();
    loop {
        let answer = page(shop, &format!("{list}?limit={limit}{query}{cursor}"));
        let data = answer["data"].as_array().unwrap();
        assert!(data.len() <= limit);
        entries.extend(data.clone());
        match answer["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    let ids: BTreeSet<&str> = entries
        .iter()
        .map(|entry| entry["conversion_id"].as_str().unwrap_or(text(entry, "code")))
        .collect();
    assert_eq!(ids.len(), entries.len());
    entries
}

fn words(entries: &[Value], fields: &[&str]) -> Vec<String> {
    let shown = |entry: &Value| {
        let words: Vec<&str> = fields.iter().map(|field| text(entry, field)).collect();
        words.join(" ")
    };
    let mut shown: Vec<String> = entries.iter().map(shown).collect();
    shown.sort();
    shown
}

#[test]
fn advocates_are_named_for_the_owner_with_what_they_brought() {
    let shop = Shop::open(&[]);
    let anna = shop.enrol("anna");
    let bea = shop.enrol("bea");
    shop.enrol_with("carl", Some(&shop.click(&anna)));
    shop.enrol("dora");
    shop.buy("1", "ben", &anna);
    shop.buy("2", "eve", &anna);
    shop.owner(Method::POST, &format!("{PROGRAM}/advocates/{bea}/block"), &Value::Null);
    shop.owner(Method::DELETE, &format!("{PROGRAM}/people"), &json!({"customer_id": "dora"}));

    for limit in [1, 2, 3, 4, 1_000] {
        let found = all(&shop, "advocates", "", limit);
        let shown = words(&found, &["customer_id", "email", "display_name", "status"]);
        assert_eq!(
            shown,
            [
                "   erased",
                "anna anna@mail.example anna active",
                "bea bea@mail.example bea blocked",
                "carl carl@mail.example carl active",
            ]
        );
        let of = |id: &str| found.iter().find(|entry| text(entry, "customer_id") == id).unwrap();
        assert_eq!((&of("anna")["conversions"], &of("bea")["conversions"]), (&json!(2), &json!(0)));
        assert!(anna.ends_with(text(of("carl"), "invited_by")));
        assert!(text(of("anna"), "share_link").ends_with(&format!("/r/{anna}")));
    }
    for (query, customers) in [
        (format!("&code={anna}"), vec!["anna"]),
        ("&status=blocked".to_owned(), vec!["bea"]),
        ("&status=erased".to_owned(), vec![""]),
        ("&q=carl".to_owned(), vec!["carl"]),
        ("&q=CARL@mail.example".to_owned(), vec!["carl"]),
        ("&q=carl&status=blocked".to_owned(), vec![]),
        (format!("&q=carl&code={anna}"), vec![]),
        ("&q=dora".to_owned(), vec![]),
        ("&group=staff".to_owned(), vec![]),
        (format!("&invited_by={anna}"), vec!["carl"]),
        (format!("&invited_by={anna}&status=blocked"), vec![]),
        (format!("&invited_by={bea}"), vec![]),
    ] {
        assert_eq!(
            words(&all(&shop, "advocates", &query, 10), &["customer_id"]),
            customers,
            "{query}"
        );
    }
}

/// What one isolate counted for an advocate on a day.
fn count(shop: &Shop, code: &str, day: i64, counts: Counts) {
    let code = ReferralCode::parse(code);
    let row = Row { code, channel: 1, device: Device::Phone };
    let at = Instant((20_000 + day) * DAY_MS);
    let counted = [Traffic { program: demo(), row, counts }];
    block_on(record(&shop.store, &SystemRandom, at, &counted)).unwrap();
}

fn demo() -> ProgramId {
    ProgramId::parse("demo").unwrap()
}

#[test]
fn advocates_come_with_their_clicks_and_shares_whether_these_are_added_up_or_not() {
    let shop = Shop::open(&[]);
    let (anna, bea) = (shop.enrol("anna"), shop.enrol("bea"));
    shop.enrol("carl");
    let clicked = Counts { clicks: 2, people: 1, shares: 0 };
    for (code, day, counts) in [
        (&anna, 0, clicked),
        (&anna, 4, clicked),
        (&bea, 4, Counts { shares: 3, ..Counts::default() }),
        (&anna, 5, clicked),
    ] {
        count(&shop, code, day, counts);
    }
    shop.pass_ms(5 * DAY_MS);
    let check = |what: &str| {
        for (query, limit) in [("", 1), ("", 2), ("", 1_000), ("&status=active", 1)] {
            let mut found: Vec<String> = Vec::new();
            for entry in all(&shop, "advocates", query, limit) {
                let counts = ["clicks", "people", "shares"].map(|name| entry[name].to_string());
                found.push(format!("{} {}", text(&entry, "customer_id"), counts.join(" ")));
            }
            found.sort();
            assert_eq!(found, ["anna 6 3 0", "bea 0 0 3", "carl 0 0 0"], "{what} {query} {limit}");
        }
        let found = all(&shop, "advocates", "&q=anna", 10);
        assert_eq!(found[0]["clicks"], 6, "{what}");
    };
    check("nothing is added up");
    for _ in 0..50 {
        block_on(roll_up(&shop.store, shop.now(), &demo(), 300)).unwrap();
    }
    let stats = shop.store.dump().into_keys().filter(|key| key.starts_with("stats/")).count();
    assert!(stats > 0, "some days are finished");
    check("some days are");
}

#[test]
fn a_year_of_clicks_makes_pages_shorter_and_no_page_too_dear() {
    let shop = Shop::open(&[]);
    let mut counted = Counted::default();
    counted.add(Row::default(), Counts { clicks: 1, ..Counts::default() });
    for number in 0..400 {
        let code = ReferralCode::parse(&shop.enrol(&format!("a-{number}"))).unwrap();
        for day in 0..400 {
            let key = keys::stats(&demo(), code, Day(19_000 + day));
            block_on(shop.store.put(&key, &counted.write(), Keep::Forever)).unwrap();
        }
    }
    let found = all(&shop, "advocates", "", 1_000);
    assert_eq!(found.len(), 400);
    assert!(found.iter().all(|entry| entry["clicks"] == 400));
}

#[test]
fn conversions_are_told_with_their_outcome() {
    let shop = Shop::open(&[("/hold_days", json!(14))]);
    let anna = shop.enrol("anna");
    let bea = shop.enrol("bea");
    shop.buy("1", "ben", &anna);
    let started = shop.now_text();
    shop.pass_ms(DAY_MS);
    shop.server("/v1/conversions", &shop.order("2", "carl", ""));
    shop.server("/v1/conversions", &shop.order("3", "anna", &shop.click(&anna)));
    shop.buy("4", "dora", &bea);
    let later = shop.now_text();
    let refund = json!({
        "program": "demo", "order_id": "1", "refund_id": "r-1", "occurred_at": later,
        "value": {"amount_minor": 990, "currency": "EUR"},
    });
    assert_eq!(shop.server("/v1/refunds", &refund).0, 201);
    shop.send(
        Method::POST,
        "/v1/conversions/unverified",
        &[("origin", super::shop::ORIGIN)],
        &json!({"program": "demo", "order_id": "5", "code": anna}),
    );

    for limit in [1, 2, 3, 1_000] {
        let found = all(&shop, "conversions", "", limit);
        let shown = words(&found, &["order_id", "outcome", "reason", "code"]);
        assert_eq!(
            shown,
            [
                " unverified  ".to_owned(),
                format!("1 attributed  {anna}"),
                "2 unattributed no_claim ".to_owned(),
                "3 unattributed self_referral ".to_owned(),
                format!("4 attributed  {bea}"),
            ]
        );
        let first = found.iter().find(|entry| text(entry, "order_id") == "1").unwrap();
        assert_eq!(first["value"], json!({"amount_minor": 4_990, "currency": "EUR"}));
        assert_eq!(first["refunds"][0]["value"]["amount_minor"], 990);
        assert_eq!((text(first, "kind"), text(first, "occurred_at")), ("purchase", &*started));
    }
    for (query, orders) in [
        ("&outcome=attributed".to_owned(), vec!["1", "4"]),
        ("&outcome=unattributed".to_owned(), vec!["2", "3"]),
        ("&outcome=unverified".to_owned(), vec![""]),
        (format!("&code={bea}"), vec!["4"]),
        (format!("&code={bea}&outcome=unattributed"), vec![]),
        (format!("&from={later}"), vec!["2", "3", "4"]),
        (format!("&to={later}"), vec!["1"]),
        (format!("&from={started}&to={later}&code={anna}"), vec!["1"]),
    ] {
        for limit in [1, 10] {
            let found = all(&shop, "conversions", &query, limit);
            assert_eq!(words(&found, &["order_id"]), orders, "{query}");
        }
    }

    // What settlement decides is told, by either way to it.
    shop.owner(Method::POST, &format!("{PROGRAM}/advocates/{bea}/block"), &Value::Null);
    shop.pass_ms(DAY_MS);
    shop.settle();
    for query in ["", &format!("&code={bea}")] {
        let found = all(&shop, "conversions", query, 10);
        let fourth = found.iter().find(|entry| text(entry, "order_id") == "4").unwrap();
        assert_eq!(
            (text(fourth, "outcome"), text(fourth, "reason"), text(fourth, "code")),
            ("unattributed", "advocate_blocked", &*bea)
        );
    }
}

#[test]
fn many_pages_cost_few_operations() {
    let shop = Shop::open(&[("/caps", json!([]))]);
    let codes: Vec<String> = (0..30).map(|number| shop.enrol(&format!("a-{number}"))).collect();
    for number in 0..450 {
        shop.buy(&number.to_string(), &format!("friend-{number}"), &codes[number % 30]);
    }
    for limit in [1, 7, 400, 1_000] {
        if limit > 1 {
            assert_eq!(all(&shop, "conversions", "", limit).len(), 450);
        }
        let advocates = all(&shop, "advocates", "", limit);
        assert_eq!(advocates.len(), 30);
        assert!(advocates.iter().all(|advocate| advocate["conversions"] == 15));
    }
    for (list, most) in [("conversions?limit=1000", 30), ("advocates?limit=1000", 8)] {
        let store = MeteringStore::new(&shop.store);
        shop.owner_on(&store, Method::GET, &format!("{PROGRAM}/{list}"), &Value::Null);
        assert!(store.counted().sum() <= most, "{list}: {:?}", store.counted());
    }
}

#[test]
fn what_is_not_understood_is_named() {
    let shop = Shop::open(&[]);
    for (query, field) in [
        ("advocates?limit=0", "limit"),
        ("advocates?limit=1001", "limit"),
        ("advocates?status=pending", "status"),
        ("reviews?status=pending", "status"),
        ("advocates?code=x", "code"),
        ("advocates?invited_by=x", "invited_by"),
        ("advocates?cursor=x", "cursor"),
        ("conversions?outcome=lost", "outcome"),
        ("conversions?from=yesterday", "from"),
        ("conversions?to=1", "to"),
        ("conversions?cursor=W10", "cursor"),
    ] {
        let (status, problem) =
            shop.owner(Method::GET, &format!("{PROGRAM}/{query}"), &Value::Null);
        assert_eq!((status, text(&problem["errors"][0], "field")), (400, field), "{query}");
    }
    for list in ["advocates", "conversions"] {
        let path = format!("{PROGRAM}/{list}");
        assert_eq!(shop.send(Method::GET, &path, &[], &Value::Null).status, 401);
        let missing = path.replace("demo", "nowhere");
        assert_eq!(shop.owner(Method::GET, &missing, &Value::Null).0, 404);
    }
}

/// All rewards, page by page.
fn rewards(shop: &Shop, query: &str, limit: usize) -> Vec<Value> {
    let mut found: Vec<Value> = Vec::new();
    let mut cursor = String::new();
    loop {
        let answer = page(shop, &format!("rewards?limit={limit}{query}{cursor}"));
        let data = answer["data"].as_array().unwrap();
        assert!(data.len() <= limit);
        found.extend(data.clone());
        let Some(next) = answer["next_cursor"].as_str() else { return found };
        assert!(!data.is_empty(), "a page that shows nothing leads nowhere");
        cursor = format!("&cursor={next}");
    }
}

#[test]
fn rewards_come_once_whatever_the_page() {
    let shop = Shop::open(&[("/caps", json!([])), ("/milestones", json!([]))]);
    let codes: Vec<String> = (0..7).map(|number| shop.enrol(&format!("a-{number}"))).collect();
    for number in 0..40 {
        shop.buy(&format!("o-{number}"), &format!("f-{number}"), &codes[number % 7]);
    }
    for limit in [1, 2, 3, 7, 79, 80, 81, 1_000] {
        let found = rewards(&shop, "", limit);
        let ids: BTreeSet<String> = found
            .iter()
            .map(|reward| format!("{} {}", text(reward, "order_id"), text(reward, "side")))
            .collect();
        assert_eq!((found.len(), ids.len()), (80, 80), "{limit}");
        assert_eq!(rewards(&shop, "&side=friend", limit).len(), 40, "{limit}");
        assert_eq!(rewards(&shop, &format!("&code={}", codes[6]), limit).len(), 10, "{limit}");
        assert_eq!(rewards(&shop, "&order_id=o-39", limit).len(), 2, "{limit}");
        assert_eq!(rewards(&shop, "&status=voided", limit).len(), 0, "{limit}");
    }
}

#[test]
fn a_page_of_rewards_costs_what_it_shows_and_not_the_whole_program() {
    let shop = Shop::open(&[]);
    for number in 0..1_100 {
        let code = shop.enrol(&format!("a-{number}"));
        shop.buy(&format!("o-{number}"), &format!("f-{number}"), &code);
    }
    let store = MeteringStore::new(&shop.store);
    let path = format!("{PROGRAM}/rewards?limit=20");
    let (_, answer) = shop.owner_on(&store, Method::GET, &path, &Value::Null);
    assert_eq!(answer["data"].as_array().unwrap().len(), 20);
    // The program, a listing, and two reads for a hundred advocates.
    assert_eq!(store.counted().sum(), 4, "{:?}", store.counted());
}
