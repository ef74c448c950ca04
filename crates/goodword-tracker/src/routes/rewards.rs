//! `GET /v1/programs/{program}/rewards`: all rewards, by advocate and then by
//! the time of their orders, with filters and pages.

use crate::books::KeptBook;
use crate::http::{Answer, Failure, Handled, Request};
use crate::programs::{self, Current};
use crate::records::{CodeRecord, read};
use crate::store::{get_many, scan};
use crate::tracker::Tracker;
use crate::{access, keys, lists};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use goodword::code::ReferralCode;
use goodword::key::ProgramId;
use goodword_api::problem::Problem;
use serde_json::{Value, json};
use std::collections::BTreeMap;

pub(crate) async fn get(tracker: &Tracker<'_>, request: &Request, id: &ProgramId) -> Handled {
    access::owner(tracker, request)?;
    let wish = Wish::read(request)?;
    let current = programs::load(tracker.store, id).await?;
    let mut data = Vec::new();
    let mut next_cursor = None;
    let books = books(tracker, id, wish.code).await?;
    let keys: Vec<String> = books.keys().map(|code| keys::code(*code)).collect();
    let records = get_many(tracker.store, &keys).await?;
    'pages: for ((code, book), (key, record)) in books.into_iter().zip(keys.iter().zip(records)) {
        let Some(record) = record else { continue };
        let record: CodeRecord = read(key, &record)?;
        if wish.after.is_some_and(|(after, _)| code < after) {
            continue;
        }
        let seen = wish.after.filter(|(after, _)| *after == code).map_or(0, |(_, seen)| seen);
        let rewards = shown(tracker, &current, code, &record, &book).await?;
        for (index, reward) in rewards.into_iter().enumerate().skip(seen) {
            if data.len() == wish.limit {
                next_cursor = Some(cursor(code, index));
                break 'pages;
            }
            if wish.fits(&reward) {
                data.push(reward);
            }
        }
    }
    Ok(Answer::json(200, &json!({"data": data, "next_cursor": next_cursor})))
}

/// What the caller wants to see.
struct Wish {
    code: Option<ReferralCode>,
    fields: Vec<(&'static str, String)>,
    limit: usize,
    after: Option<(ReferralCode, usize)>,
}

impl Wish {
    fn read(request: &Request) -> Result<Self, Problem> {
        let code = lists::code(request)?;
        let words: [(&'static str, &[&str]); 2] = [
            ("status", &["pending", "confirmed", "fulfilled", "voided", "clawed_back"]),
            ("side", &["advocate", "friend"]),
        ];
        let mut fields = Vec::new();
        for (name, allowed) in words {
            fields.extend(lists::word(request, name, allowed)?.map(|value| (name, value)));
        }
        fields.extend(request.parameter("order_id").map(|order_id| ("order_id", order_id)));
        let limit = lists::limit(request)?;
        let after = request.parameter("cursor").map(|text| {
            read_cursor(&text).ok_or_else(|| Problem::field("cursor", "is not one of ours"))
        });
        Ok(Wish { code, fields, limit, after: after.transpose()? })
    }

    fn fits(&self, reward: &Value) -> bool {
        let has = |(name, wanted): &(&str, String)| {
            reward.get(*name).and_then(Value::as_str) == Some(wanted)
        };
        self.fields.iter().all(has)
    }
}

fn cursor(code: ReferralCode, index: usize) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(format!("{code} {index}").as_bytes())
}

fn read_cursor(text: &str) -> Option<(ReferralCode, usize)> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(text.as_bytes()).ok()?;
    let (code, index) = core::str::from_utf8(&bytes).ok()?.split_once(' ')?;
    Some((ReferralCode::parse(code)?, index.parse().ok()?))
}

/// All books of a program, or one advocate's.
async fn books(
    tracker: &Tracker<'_>,
    program: &ProgramId,
    code: Option<ReferralCode>,
) -> Result<BTreeMap<ReferralCode, KeptBook>, Failure> {
    let prefix = code.map_or_else(|| keys::books(program), |code| keys::book(program, code));
    let mut books: BTreeMap<ReferralCode, KeptBook> = BTreeMap::new();
    for (key, body) in scan(tracker.store, &prefix).await? {
        let code = key.split('/').nth(2).and_then(ReferralCode::parse);
        if let Some(code) = code {
            books.entry(code).or_default().add(&key, &body)?;
        }
    }
    Ok(books)
}

async fn shown(
    tracker: &Tracker<'_>,
    current: &Current,
    code: ReferralCode,
    record: &CodeRecord,
    kept: &KeptBook,
) -> Result<Vec<Value>, Failure> {
    let earliest = kept.earliest().unwrap_or(tracker.now);
    let terms = programs::history(tracker.store, current, earliest).await?;
    let rewards = kept.book(tracker, code, record, &terms).rewards(&terms);
    Ok(rewards.iter().map(|reward| kept.shown(reward, record)).collect())
}
