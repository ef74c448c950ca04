//! Exports as CSV, piece by piece as the edge sends them.

use super::metering::MeteringStore;
use super::shop::{ORIGIN, Shop, text};
use futures_executor::block_on;
use goodword::code::ReferralCode;
use goodword::key::ProgramId;
use goodword::metrics::Device;
use goodword::time::{DAY_MS, Instant};
use goodword_tracker::flows::rollup;
use goodword_tracker::random::SystemRandom;
use goodword_tracker::traffic::{Counts, HOURS, Row, Traffic, record};
use http::Method;
use serde_json::{Value, json};
use std::collections::BTreeSet;

fn path(file: &str) -> String {
    format!("/v1/programs/demo/export/{file}.csv")
}

/// The whole file, and in how many pieces it came.
fn exported(shop: &Shop, file: &str) -> (String, usize) {
    let headers = [("authorization", "Bearer secret of OWNER_KEY")];
    let answer = shop.send(Method::GET, &path(file), &headers, &Value::Null);
    assert_eq!(answer.status, 200);
    assert!(answer.headers.get("content-type").unwrap().starts_with("text/csv"));
    let store = MeteringStore::new(&shop.store);
    let tracker = shop.tracker(&store);
    let mut all = answer.body;
    let mut left = answer.more;
    let mut pieces = 0;
    while let Some(export) = left {
        let (piece, rest) = block_on(export.next(&tracker)).unwrap();
        all.extend(piece);
        left = rest;
        pieces += 1;
    }
    assert!(store.counted().sum() < 1_000, "{:?}", store.counted());
    (String::from_utf8(all).unwrap(), pieces)
}

#[test]
fn files_have_everything_once() {
    let shop = Shop::open(&[("/caps", json!([]))]);
    let codes: Vec<String> = (0..20).map(|number| shop.enrol(&format!("a-{number}"))).collect();
    for number in 0..620 {
        shop.buy(&format!("o-{number}"), &format!("f-{number}"), &codes[number % 20]);
    }
    for (file, rows, pieces) in [("advocates", 20, 1), ("conversions", 620, 2)] {
        let (all, made_of) = exported(&shop, file);
        let mut lines: Vec<&str> = all.split_terminator("\r\n").skip(1).collect();
        lines.sort_unstable();
        lines.dedup();
        assert_eq!((lines.len(), made_of), (rows, pieces), "{file}");
    }
    let (all, _) = exported(&shop, "rewards");
    let paid = all.split_terminator("\r\n").skip(1).filter(|line| line.contains(",o-"));
    assert_eq!(paid.count(), 2 * 620);
}

#[test]
fn a_row_of_each_by_hand() {
    let shop = Shop::open(&[]);
    let anna = shop.enrol_as("=anna", "+anna@mail.example", None);
    let anna = text(&anna, "code");
    let answer = shop.buy("-1", "ben", anna);
    let at = shop.now_text();
    let id = text(&answer, "conversion_id");
    let refund = json!({
        "program": "demo", "order_id": "-1", "refund_id": "r", "occurred_at": at,
        "value": {"amount_minor": 990, "currency": "EUR"},
    });
    assert_eq!(shop.server("/v1/refunds", &refund).0, 201);
    assert_eq!(
        exported(&shop, "conversions").0,
        format!(
            "conversion_id,order_id,kind,occurred_at,amount_minor,currency,refunded_minor,outcome,reason,code\r\n\
             {id},'-1,purchase,{at},4990,EUR,990,attributed,,{anna}\r\n"
        )
    );
    let (advocates, _) = exported(&shop, "advocates");
    assert!(advocates.contains(",active,'=anna,'+anna@mail.example,'=anna,,"), "{advocates}");
    let (rewards, _) = exported(&shop, "rewards");
    assert!(rewards.contains(&format!(",advocate,{anna},'-1,,,credit,1000,EUR,")), "{rewards}");
}

/// What one isolate counted in an hour, so many hours after the start.
fn count(shop: &Shop, hours: i64, channel: u8, counts: Counts) {
    let program = ProgramId::parse("demo").unwrap();
    let at = Instant(20_000 * DAY_MS).plus_ms(hours * DAY_MS / HOURS);
    let code = Some(ReferralCode::from_bytes([7; 5]));
    let row = Row { code, channel, device: Device::Phone };
    let counted = [Traffic { program, row, counts }];
    block_on(record(&shop.store, &SystemRandom, at, &counted)).unwrap();
}

/// The cron's work on clicks, as often as it takes.
fn roll_up(shop: &Shop) {
    let program = ProgramId::parse("demo").unwrap();
    for _ in 0..100 {
        block_on(rollup::roll_up(&shop.store, shop.now(), &program, 300)).unwrap();
    }
}

#[test]
fn clicks_by_hour_whether_they_are_added_up_or_not() {
    let clicked = Counts { clicks: 3, people: 1, shares: 0 };
    let shared = Counts { shares: 1, ..Counts::default() };
    let whatsapp = goodword_api::channel::number_of("whatsapp");
    let shop = Shop::open(&[]);
    let names = "hour,channel,device,clicks,people,shares\r\n";
    assert_eq!(exported(&shop, "clicks"), (names.to_owned(), 1));
    count(&shop, 0, 0, clicked);
    count(&shop, 0, 0, clicked);
    count(&shop, 0, whatsapp, shared);
    count(&shop, 2, whatsapp, clicked);
    shop.pass_ms(2 * DAY_MS / HOURS);
    let expected = format!(
        "{names}2024-10-04T00:00:00Z,link,phone,6,2,0\r\n\
         2024-10-04T00:00:00Z,whatsapp,phone,0,0,1\r\n\
         2024-10-04T02:00:00Z,whatsapp,phone,3,1,0\r\n"
    );
    assert_eq!(exported(&shop, "clicks").0, expected, "nothing is added up");
    shop.pass_ms(30 * 60_000);
    roll_up(&shop);
    assert_eq!(exported(&shop, "clicks").0, expected, "the first hour is");
    shop.pass_ms(DAY_MS);
    roll_up(&shop);
    assert_eq!(exported(&shop, "clicks").0, expected, "all are");
}

#[test]
fn every_hour_once_however_many_there_are() {
    let shop = Shop::open(&[]);
    for hour in 0..1_200 {
        count(&shop, hour, 1, Counts { clicks: 1, ..Counts::default() });
    }
    shop.pass_ms(50 * DAY_MS);
    roll_up(&shop);
    count(&shop, 1_200, 1, Counts { clicks: 1, ..Counts::default() });
    let (all, pieces) = exported(&shop, "clicks");
    let lines: Vec<&str> = all.split_terminator("\r\n").skip(1).collect();
    let hours: BTreeSet<&str> = lines.iter().filter_map(|line| line.split(',').next()).collect();
    assert_eq!((lines.len(), hours.len(), pieces), (1_201, 1_201, 3));
}

#[test]
fn only_the_owner_exports() {
    let shop = Shop::open(&[]);
    for credential in ["secret of SECRET_KEY", "wrong"] {
        let credential = format!("Bearer {credential}");
        let headers = [("authorization", credential.as_str()), ("origin", ORIGIN)];
        let answer = shop.send(Method::GET, &path("advocates"), &headers, &Value::Null);
        assert_eq!((answer.status, answer.more.is_none()), (401, true));
    }
    let headers = [("authorization", "Bearer secret of OWNER_KEY")];
    for file in ["rewards", "clicks"] {
        let head = shop.send(Method::HEAD, &path(file), &headers, &Value::Null);
        assert_eq!((head.status, head.body.len(), head.more.is_none()), (200, 0, true));
    }
    assert_eq!(shop.owner(Method::GET, &path("people"), &Value::Null).0, 404);
}
