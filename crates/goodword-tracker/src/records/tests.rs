//! Every record, as it stands in stores: what is written today must be what
//! was written before, byte by byte, because the keys of facts are hashes of
//! their bodies.

use super::milestone::MilestoneRecord;
use super::outbox::{EndpointRecord, EventRecord, OutboxRecord, WebhooksRecord};
use super::*;
use crate::identity::Identity;
use crate::sealing::Person;
use crate::walk::Place;
use crate::warnings::Unanswered;
use serde_json::json;

fn fault_of<T: Kept>(body: &Value) -> Option<String> {
    let error = read::<T>("a/b", &body.to_string()).err()?.0;
    let place = error
        .strip_prefix("a/b is unreadable: ")
        .and_then(|error| error.strip_suffix(" is missing or of another kind"));
    Some(place.unwrap_or(&error).to_owned())
}

/// A record with everything in it; the fields that it may lack; what is
/// written when it lacks them.
fn check<T: Kept>(text: &str, may_lack: &[&str], least: &str) {
    let again = |text: &str| read::<T>("a/b", text).map(|record| write(&record));
    assert_eq!(again(text), Ok(text.to_owned()));

    let full: Value = serde_json::from_str(text).unwrap();
    let mut lacking = full.clone();
    for name in may_lack {
        lacking.as_object_mut().unwrap().remove(*name).unwrap();
    }
    assert_eq!(again(&lacking.to_string()).as_deref(), Ok(least));

    for (name, value) in full.as_object().unwrap() {
        let mut body = full.clone();
        body.as_object_mut().unwrap().remove(name);
        let fault = (!may_lack.contains(&name.as_str())).then(|| name.clone());
        assert_eq!(fault_of::<T>(&body), fault, "{body}");

        // Terms are the one thing that may be of any kind.
        if name != "document" {
            body[name] = if value.is_object() { json!(7) } else { json!({"of": 1, "another": 2}) };
            assert_eq!(fault_of::<T>(&body).as_ref(), Some(name), "{body}");
        }
        body = full.clone();
        body["added_later"] = json!([{"a": null}]);
        assert_eq!(again(&body.to_string()), Ok(text.to_owned()));
    }
    for body in [json!(null), json!(7), json!("text"), json!([]), json!(["Anna", 1])] {
        assert!(fault_of::<T>(&body).is_some(), "{body}");
    }
    for broken in ["", "{", &text[1..], &format!("{text}}}")] {
        assert!(again(broken).is_err_and(|error| error.0.starts_with("a/b is unreadable: ")));
    }
}

#[test]
fn terms_and_advocates() {
    let terms = r#"{"from_ms":-1,"is_first":true,"document":{"a":[1,2.5,"ü"],"b":null}}"#;
    check::<TermsRecord>(terms, &[], terms);
    check::<CodeRecord>(
        r#"{"program":"demo","person":"ab","shown":"ANNA-7K3FQ2M9X","group":"staff","erased_ms":8,"since_ms":7,"invited_by":"7K3FQ2M9X"}"#,
        &["group", "erased_ms", "invited_by"],
        r#"{"program":"demo","person":"ab","shown":"ANNA-7K3FQ2M9X","group":null,"since_ms":7,"invited_by":null}"#,
    );
    let identity = r#"{"code":"7K3FQ2M9X"}"#;
    check::<IdentityRecord>(identity, &[], identity);
    let standing =
        r#"{"blocked":true,"decision":{"by":"owner","note":"two\nlines","coupon":"C","at_ms":7}}"#;
    check::<StandingRecord>(standing, &[], standing);
    check::<ErasedRecord>(r#"{"left":["ab","cd"]}"#, &[], r#"{"left":["ab","cd"]}"#);
    check::<DataRequestRecord>(r#"{"at_ms":7,"person":"AA"}"#, &[], r#"{"at_ms":7,"person":"AA"}"#);
    let standings = r#"{"first":[["7K3FQ2M9X",3]],"beyond":[1,2]}"#;
    check::<StandingsRecord>(standings, &[], standings);
    let board = format!(
        r#"{{"as_of_ms":7,"standings":{standings},"begun_ms":8,"so_far":{standings},"after":"7K3FQ2M9X"}}"#
    );
    check::<LeaderboardRecord>(&board, &[], &board);
    check::<RatingRecord>(
        r#"{"score":10,"comment":"AA","at_ms":7}"#,
        &["comment"],
        r#"{"score":10,"comment":null,"at_ms":7}"#,
    );
    check::<Person>(
        r#"{"customer_id":"c-1","email":"a@b.c","display_name":"Ann \"A\" \\ \t 💶","former_emails":["d@e.f"]}"#,
        &["customer_id", "email", "display_name", "former_emails"],
        r#"{"customer_id":null,"email":null,"display_name":null}"#,
    );
    check::<Identity>(
        r#"{"sub":"c-1","iat":1,"exp":2,"name":"Anna","email":"a@b.c","group":"staff"}"#,
        &["name", "email", "group"],
        r#"{"sub":"c-1","iat":1,"exp":2,"name":null,"email":null,"group":null}"#,
    );
}

#[test]
fn orders() {
    check::<PaidRecord>(
        r#"{"order_id":"o-1","kind":"purchase","at_ms":7,"value":[4990,"EUR"],"customer":"ab","email":"cd","existing":false,"evidence":{"claim":{"good":[5,"7K3FQ2M9X",3,[0,1,2,255]]},"code":""},"lines":[["p","c",4990],["q",null,0]],"is_disposable_mail":true,"version_ms":9,"names":["pi_1"]}"#,
        &["value", "email", "is_disposable_mail", "version_ms", "names"],
        r#"{"order_id":"o-1","kind":"purchase","at_ms":7,"value":null,"customer":"ab","email":null,"existing":false,"evidence":{"claim":{"good":[5,"7K3FQ2M9X",3,[0,1,2,255]]},"code":""},"lines":[["p","c",4990],["q",null,0]],"is_disposable_mail":false,"version_ms":null}"#,
    );
    for claim in [r#""other_program""#, r#""invalid""#] {
        check::<EvidenceRecord>(
            &format!(r#"{{"claim":{claim},"code":"7K3FQ2M9X"}}"#),
            &["claim", "code"],
            r#"{"claim":null,"code":null}"#,
        );
    }
    check::<RefundRecord>(
        r#"{"refund_id":"r-1","at_ms":7,"value":[1,"JPY"],"version_ms":8,"payment":"ch_1","is_total":true}"#,
        &["version_ms", "payment", "is_total"],
        r#"{"refund_id":"r-1","at_ms":7,"value":[1,"JPY"]}"#,
    );
    check::<LineRecord>(
        r#"{"version_ms":8,"order_id":"o-1","friend":"ab","at_ms":7,"value":[1,"KWD"],"qualifying_minor":1}"#,
        &["version_ms", "value"],
        r#"{"version_ms":null,"order_id":"o-1","friend":"ab","at_ms":7,"value":null,"qualifying_minor":1}"#,
    );
    let other = r#"{"at_ms":7,"value":[1,"EUR"],"customer":"ab"}"#;
    check::<OtherOrderRecord>(other, &[], other);
    let bucket = r#"{"at_ms":7}"#;
    check::<BucketRecord>(bucket, &[], bucket);
    let held = r#"{"order_id":"o-1","code":"7K3FQ2M9X","at_ms":7,"flags":[["bucket",4,3]]}"#;
    check::<HeldRecord>(held, &[], held);
    check::<DecisionRecord>(
        r#"{"by":"server","note":"","coupon":"C-1","at_ms":7}"#,
        &["note", "coupon"],
        r#"{"by":"server","note":null,"coupon":null,"at_ms":7}"#,
    );
}

#[test]
fn settlements() {
    for value in
        [r#"{"money":[500,"EUR"]}"#, r#"{"points":5}"#, r#"{"units":[5,"GB"]}"#, r#"{"label":"a"}"#]
    {
        check::<FinalRecord>(
            &format!(
                r#"{{"part":"friend","rank":1,"group":"staff","value":{value},"capped":false}}"#
            ),
            &["group"],
            &format!(r#"{{"part":"friend","rank":1,"group":null,"value":{value},"capped":false}}"#),
        );
    }
    let finals =
        r#"[{"part":"advocate","rank":1,"group":null,"value":{"points":5},"capped":true}]"#;
    let slot = format!(r#"{{"order":"ab","code":"7K3FQ2M9X","at_ms":7,"finals":{finals}}}"#);
    check::<SlotRecord>(&slot, &[], &slot);
    let milestone = r#"{"at_ms":7,"gives":"gift","value":{"label":"tour"},"due_ms":6}"#;
    check::<MilestoneRecord>(milestone, &[], milestone);
    for settled in [format!(r#"{{"confirmed":{finals}}}"#), r#"{"declined":"x"}"#.to_owned()] {
        assert_eq!(read("a", &settled).map(|read: SettledRecord| write(&read)), Ok(settled));
    }
}

#[test]
fn events_and_cursors() {
    let webhooks = r#"{"endpoints":[{"url":"https://a.example/","events":["x","y"],"is_disabled":false}],"put_at_ms":7,"own_origin":"https://b.example"}"#;
    check::<WebhooksRecord>(webhooks, &[], webhooks);
    let endpoint = r#"{"url":"https://a.example/","events":[],"is_disabled":true}"#;
    check::<EndpointRecord>(endpoint, &[], endpoint);
    let event = r#"{"id":"evt_1","kind":"x","data":"{\"a\":1}"}"#;
    check::<EventRecord>(event, &[], event);
    let outbox = format!(
        r#"{{"told_at_ms":7,"due_at_ms":8,"events":[{event}],"done":["a b"],"gone":[],"is_again":false}}"#
    );
    check::<OutboxRecord>(&outbox, &[], &outbox);
    let unanswered = r#"{"from_ms":7,"to_ms":8,"count":4294967295}"#;
    check::<Unanswered>(unanswered, &[], unanswered);
    check::<Place>(r#"{"page":"p","after":"a"}"#, &["page"], r#"{"page":null,"after":"a"}"#);
    let places = r#"[{"page":null,"after":"a"},{"page":"p","after":""},{"page":null,"after":""}]"#;
    assert_eq!(read("a", places).map(|read: [Place; 3]| write(&read)).as_deref(), Ok(places));
}

/// A text that is of that kind, or is not.
fn is_read<T: Kept>(texts: &[&str], expected: bool) {
    for text in texts {
        let again = read("a", text).map(|read: T| write(&read)).ok();
        assert_eq!(again.as_deref(), expected.then_some(*text), "{text}");
    }
}

#[test]
fn what_fields_hold() {
    is_read::<i64>(&["0", "-9223372036854775808", "9223372036854775807"], true);
    is_read::<i64>(&["9223372036854775808", "-9223372036854775809", "1.0", "1e3"], false);
    is_read::<i64>(&["\"1\"", "null", "true", "[1]", ""], false);
    is_read::<u32>(&["0", "4294967295"], true);
    is_read::<u32>(&["-1", "4294967296", "0.0"], false);
    is_read::<u8>(&["255"], true);
    is_read::<u8>(&["-1", "256"], false);
    is_read::<usize>(&["0", "1000"], true);
    is_read::<usize>(&["-1"], false);
    is_read::<bool>(&["true", "false"], true);
    is_read::<bool>(&["0", "\"true\"", "null"], false);
    is_read::<String>(&[r#""""#, r#""a\u0001\"/\\""#, "\"\u{2028}é\""], true);
    is_read::<String>(&["7", "null", "[\"a\"]"], false);
    is_read::<Option<i64>>(&["null", "7"], true);
    is_read::<Option<i64>>(&["\"7\""], false);
    is_read::<Vec<String>>(&["[]", r#"["a","["]"#], true);
    is_read::<Vec<String>>(&["{}", "null", r#"["a",7]"#], false);
    is_read::<(String, i64, i64)>(&[r#"["a",1,2]"#], true);
    is_read::<(String, i64, i64)>(&["[]", r#"["a",1]"#, r#"["a",1,2,3]"#, r#"[1,1,2]"#], false);
    is_read::<[u8; 4]>(&["[1,2,3,4]"], true);
    is_read::<[u8; 4]>(&["[1,2,3]", "[1,2,3,4,5]", "[1,2,3,256]"], false);
    is_read::<MoneyRecord>(&[r#"[-9223372036854775808,"EUR"]"#], true);
    is_read::<MoneyRecord>(&[r#"["EUR",1]"#, "[1]", r#"[1.5,"EUR"]"#], false);
    is_read::<ValueRecord>(&[r#"{"points":1}"#], true);
    is_read::<ValueRecord>(
        &[r#""points""#, r#"{"coins":1}"#, "{}", r#"{"points":1,"a":2}"#],
        false,
    );
    is_read::<ClaimRecord>(&[r#"{"good":[1,"c",1,[1,2,3,4]]}"#, r#""invalid""#], true);
    is_read::<ClaimRecord>(&[r#""good""#, r#"{"good":[1,"c",1]}"#, r#"{"invalid":1}"#], false);
    is_read::<SettledRecord>(&[r#"{"confirmed":[]}"#, r#"{"declined":""}"#], true);
    is_read::<SettledRecord>(&[r#"{"confirmed":{}}"#, r#""declined""#, r#"{"paid":[]}"#], false);
    is_read::<Value>(&["null", r#"{"a":[1,-1,0.5]}"#, "18446744073709551615"], true);
}

#[test]
fn a_fault_within_names_the_field() {
    let fault = |body| fault_of::<StandingRecord>(&body);
    let with = |at_ms: Value| json!({"blocked": true, "decision": {"by": "owner", "at_ms": at_ms}});
    assert_eq!(fault(with(json!(7))), None);
    assert_eq!(fault(with(json!("7"))).as_deref(), Some("at_ms"));
    assert_eq!(fault(json!({"blocked": 1, "decision": 2})).as_deref(), Some("blocked"));
    assert_eq!(fault(json!(7)).as_deref(), Some("it"));
}
