//! `POST …/rewards/{id}/fulfil` and `/void`, `…/reviews/{id}/accept` and
//! `/refuse`, `GET …/reviews`: what the owner or the shop's server decides.

use crate::books::{ACCEPT, REFUSE};
use crate::flows::{review, reward};
use crate::http::{Answer, Failure, Handled, Request};
use crate::keys;
use crate::records::{DecisionRecord, HeldRecord, read};
use crate::store::scan;
use crate::tracker::Tracker;
use crate::{access, lists, programs};
use goodword::key::{OrderKey, ProgramId};
use goodword::reward::RewardId;
use goodword::sorted::Map;
use goodword_api::object;
use goodword_api::problem::{Code, Problem};
use goodword_api::requests::DecisionNote;
use serde_json::Value;

pub(crate) async fn on_reward(
    tracker: &Tracker<'_>,
    request: &Request,
    program: &ProgramId,
    id: &str,
    verdict: &str,
) -> Handled {
    let decision = decision(tracker, request)?;
    let current = programs::load(tracker.store, program).await?;
    let unknown = || Problem::new(Code::NotFound, "There is no such reward.");
    let id = RewardId::parse(id).ok_or_else(unknown)?;
    let answer = reward::decide(tracker, &current, id, verdict, &decision).await?;
    Ok(Answer::json(200, &answer))
}

pub(crate) async fn on_review(
    tracker: &Tracker<'_>,
    request: &Request,
    program: &ProgramId,
    id: &str,
    verdict: &str,
) -> Handled {
    let decision = decision(tracker, request)?;
    let current = programs::load(tracker.store, program).await?;
    let unknown = || Problem::new(Code::NotFound, "There is no such order to review.");
    let order = id.strip_prefix("cv_").and_then(OrderKey::parse).ok_or_else(unknown)?;
    let answer = review::decide(tracker, &current, order, verdict, &decision).await?;
    Ok(Answer::json(200, &answer))
}

/// Who decides, and why.
pub(crate) fn decision(
    tracker: &Tracker<'_>,
    request: &Request,
) -> Result<DecisionRecord, Failure> {
    let by = access::owner_or_server(tracker, request)?;
    let is_empty = request.body.as_ref().is_some_and(Vec::is_empty);
    let body = if is_empty { object!({}) } else { request.json()? };
    let DecisionNote { coupon, note } = DecisionNote::read(&body)?;
    Ok(DecisionRecord { by: by.to_owned(), note, coupon, at_ms: tracker.now.0 })
}

pub(crate) async fn reviews(
    tracker: &Tracker<'_>,
    request: &Request,
    program: &ProgramId,
) -> Handled {
    access::owner(tracker, request)?;
    let wanted = lists::word(request, "status", &["open", "accepted", "refused"])?;
    programs::load(tracker.store, program).await?;
    let mut held: Map<OrderKey, HeldRecord> = Map::new();
    let mut verdicts: Map<OrderKey, (i64, &str)> = Map::new();
    for (key, body) in scan(tracker.store, &keys::reviews(program)).await? {
        let mut parts = key.split('/').skip(2);
        let Some(order) = parts.next().and_then(OrderKey::parse) else { continue };
        let status = match parts.next() {
            Some("held") => {
                held.insert(order, read(&key, &body)?);
                continue;
            }
            Some(ACCEPT) => "accepted",
            Some(REFUSE) => "refused",
            _ => continue,
        };
        let decided: DecisionRecord = read(&key, &body)?;
        let latest = verdicts.or_insert(order, (decided.at_ms, status));
        *latest = (*latest).max((decided.at_ms, status));
    }
    let data = held.iter().filter_map(|(order, held)| {
        let status = verdicts.get(order).map_or("open", |(_, status)| status);
        let is_wanted = wanted.as_deref().is_none_or(|wanted| wanted == status);
        is_wanted.then(|| review::entry(*order, held, status))
    });
    let answer = object!({"data": data.collect::<Value>(), "next_cursor": Value::Null});
    Ok(Answer::json(200, &answer))
}
