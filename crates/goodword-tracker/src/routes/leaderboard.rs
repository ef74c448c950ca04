//! `GET /v1/programs/{program}/leaderboard`: who brought the most friends;
//! `GET`, `PUT` and `DELETE /v1/advocates/me/leaderboard`: whether an advocate is
//! seen there, and under which name.

use crate::flows::leaderboard::{load, name};
use crate::http::{Answer, Handled, Request};
use crate::limits::LEADERBOARD_SHOWN;
use crate::programs::{self, Current};
use crate::records::CodeRecord;
use crate::routes::me::{Caller, caller};
use crate::store::{self, Keep, StoreError, get_many};
use crate::tracker::Tracker;
use crate::{access, directory, keys, sealing};
use goodword::code::ReferralCode;
use goodword::key::ProgramId;
use goodword::time::Instant;
use goodword_api::problem::{Code, Problem};
use goodword_api::requests::Joining;
use goodword_api::{instant, object};
use http::Method;
use serde_json::Value;

/// 1. The standings are read: codes and how many friends.
/// 2. Who still wants to be seen, and may, is read by these codes.
/// 3. Who has as many friends has the same place. Who has as many as the last and
///    is not shown is counted.
pub(crate) async fn get(tracker: &Tracker<'_>, request: &Request, id: &ProgramId) -> Handled {
    let current = programs::load(tracker.store, id).await?;
    let origin = access::page(request, current.program())?;
    must_be_on(&current)?;
    let board = load(tracker, id).await?;
    let first = board.standings.first.iter();
    let standings: Vec<(ReferralCode, _)> =
        first.filter_map(|(code, friends)| Some((ReferralCode::parse(code)?, *friends))).collect();
    let codes: Vec<ReferralCode> = standings.iter().map(|(code, _)| *code).collect();
    let members: Vec<String> = codes.iter().map(|code| keys::member(id, *code)).collect();
    let names = get_many(tracker.store, &members).await?;
    let records = directory::find_many(tracker, &codes).await?;
    let (mut rows, mut further) = (Vec::new(), 0);
    let (mut place, mut last) = (0, 0);
    for (((code, friends), key), body) in standings.iter().zip(&members).zip(&names) {
        let is_active = records.get(code).is_some_and(CodeRecord::is_active);
        let shown = name(tracker, key, body.as_ref()).filter(|_| is_active);
        let Some(shown) = shown else { continue };
        if rows.len() < LEADERBOARD_SHOWN {
            if *friends != last {
                (place, last) = (rows.len() + 1, *friends);
            }
            rows.push(object!({"place": place, "name": shown, "friends": friends}));
        } else if *friends == last {
            further += 1;
        }
    }
    let (of_beyond, beyond) = board.standings.beyond;
    if of_beyond == last {
        further += beyond;
    }
    let as_of = (board.as_of_ms > 0).then(|| instant::write(Instant(board.as_of_ms)));
    let body = object!({
        "as_of": as_of, "data": rows, "further": further, "next_cursor": Value::Null,
    });
    // A minute, as long as the store itself may answer from its cache.
    let answer = Answer::json(200, &body).with("cache-control", "public, max-age=60");
    Ok(match origin {
        Some(_) => answer.for_origin(origin),
        None => answer.with("vary", "origin"),
    })
}

fn must_be_on(current: &Current) -> Result<(), Problem> {
    let detail = "This program has no leaderboard.";
    let is_on = current.document.has_leaderboard();
    if is_on { Ok(()) } else { Err(Problem::new(Code::NotFound, detail)) }
}

/// Looks, joins or leaves. Leaving is always possible.
pub(crate) async fn mine(tracker: &Tracker<'_>, request: &Request) -> Handled {
    let Caller { code, record, current, origin } = caller(tracker, request).await?;
    let program = &current.program().id;
    let place = keys::member(program, code);
    let name = match request.method {
        Method::DELETE => {
            tracker.store.delete(&place).await?;
            None
        }
        Method::PUT => {
            must_be_on(&current)?;
            if record.blocked {
                let detail = "This advocate is blocked.";
                return Err(Problem::new(Code::Conflict, detail).into());
            }
            let Joining { name } = Joining::read(&request.json()?)?;
            let keys = &tracker.settings.seal_keys;
            let sealed = sealing::seal_text(keys, tracker.random, &place, &name);
            let sealed =
                sealed.ok_or_else(|| StoreError("a name could not be sealed".to_owned()))?;
            tracker.store.put(&place, &sealed, Keep::Forever).await?;
            Some(name)
        }
        _ => {
            must_be_on(&current)?;
            name(tracker, &place, store::get(tracker.store, &place).await?.as_ref())
        }
    };
    Ok(Answer::json(200, &object!({"name": name})).for_origin(origin))
}
