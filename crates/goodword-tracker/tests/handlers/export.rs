//! Exports as CSV, piece by piece as the edge sends them.

use super::metering::MeteringStore;
use super::shop::{ORIGIN, Shop, text};
use http::Method;
use serde_json::{Value, json};

fn path(file: &str) -> String {
    format!("/v1/programs/demo/export/{file}.csv")
}

/// The whole file, and in how many pieces it came.
fn exported(shop: &Shop, file: &str) -> (String, usize) {
    let headers = [("authorization", "Bearer secret of OWNER_KEY")];
    let answer = shop.send(Method::GET, &path(file), &headers, &Value::Null);
    assert_eq!(answer.status, 200);
    assert!(answer.headers["content-type"].to_str().unwrap().starts_with("text/csv"));
    let store = MeteringStore::new(&shop.store);
    let tracker = shop.tracker(&store);
    let mut all = answer.body;
    let mut left = answer.more;
    let mut pieces = 0;
    while let Some(export) = left {
        let (piece, rest) = futures_executor::block_on(export.next(&tracker)).unwrap();
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
    let head = shop.send(Method::HEAD, &path("rewards"), &headers, &Value::Null);
    assert_eq!((head.status, head.body.len(), head.more.is_none()), (200, 0, true));
    assert_eq!(shop.owner(Method::GET, &path("people"), &Value::Null).0, 404);
}
