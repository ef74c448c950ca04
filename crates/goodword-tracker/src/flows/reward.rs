//! The owner's decisions about rewards: handed over, or not given. Each is a
//! fact with who and why; the fold says what follows.

use crate::books::{FULFIL, KeptBook, VOID};
use crate::directory;
use crate::events;
use crate::http::Failure;
use crate::keys;
use crate::orders::{Reports, attribute_order};
use crate::outbox;
use crate::programs::{self, Current};
use crate::records::{DecisionRecord, SlotRecord, read, write};
use crate::store::{Keep, get, scan};
use crate::tracker::Tracker;
use goodword::attribution::Attribution;
use goodword::code::ReferralCode;
use goodword::key::OrderKey;
use goodword::reward::{Reward, RewardId, RewardStatus, Slot};
use goodword::sorted::Set;
use goodword_api::problem::{Code, Problem};
use serde_json::Value;

/// Decides about a reward. The same decision twice is one.
///
/// # Errors
/// `not_found`; `conflict` when the reward is not in a state for it; or
/// whatever the store says.
pub async fn decide(
    tracker: &Tracker<'_>,
    current: &Current,
    id: RewardId,
    verdict: &str,
    decision: &DecisionRecord,
) -> Result<Value, Failure> {
    let program = &current.program().id;
    let unknown = || Problem::new(Code::NotFound, format!("There is no reward {id}."));
    let code = advocate_of(tracker, current, id).await?.ok_or_else(unknown)?;
    let record = directory::find(tracker, code).await?.ok_or_else(unknown)?;
    let mut book = KeptBook::load(tracker, program, code).await?;
    let terms =
        programs::history(tracker.store, current, book.earliest().unwrap_or(tracker.now)).await?;
    let find = |book: &KeptBook| {
        let rewards = book.book(tracker, code, &record, &terms).rewards(&terms);
        rewards.into_iter().find(|reward| reward.id == id)
    };
    let reward = find(&book).ok_or_else(unknown)?;
    if !has_verdict(&book, id, verdict) {
        refuse_unfit(&reward, verdict)?;
        let all = |book: &KeptBook| book.book(tracker, code, &record, &terms).rewards(&terms);
        let before = outbox::is_heard(tracker, current).then(|| all(&book));
        book.decisions.or_default(id).insert(verdict.to_owned(), decision.clone());
        if let Some(before) = before {
            let shown = |reward: &Reward| book.shown(reward, &record);
            let news = events::of_rewards(program, &before, &all(&book), shown);
            outbox::tell(tracker, current, news).await?;
        }
        let place = keys::book_decision(program, code, id, verdict);
        tracker.store.put(&place, &write(decision), Keep::Forever).await?;
    }
    let reward = find(&book).ok_or_else(unknown)?;
    Ok(book.shown(&reward, &record))
}

fn has_verdict(book: &KeptBook, id: RewardId, verdict: &str) -> bool {
    book.decisions.get(&id).is_some_and(|verdicts| verdicts.contains_key(verdict))
}

/// Only what is final is handed over, and what was handed over or undone is
/// not voided.
fn refuse_unfit(reward: &Reward, verdict: &str) -> Result<(), Problem> {
    let fits = match reward.status {
        RewardStatus::Confirmed => true,
        RewardStatus::Pending => verdict == VOID,
        RewardStatus::Fulfilled | RewardStatus::Voided | RewardStatus::ClawedBack => false,
    };
    if fits {
        return Ok(());
    }
    let done = if verdict == FULFIL { "fulfilled" } else { "voided" };
    let detail = format!("The reward is {} and cannot be {done}.", reward.status.as_str());
    Err(Problem::new(Code::Conflict, detail))
}

/// In whose book a reward is: its slot says, or, before it is settled, the
/// attribution of the orders it can be for.
async fn advocate_of(
    tracker: &Tracker<'_>,
    current: &Current,
    id: RewardId,
) -> Result<Option<ReferralCode>, Failure> {
    let program = &current.program().id;
    let slot = match id {
        RewardId::Milestone(code, _) => return Ok(Some(code)),
        RewardId::Act(_, slot) => slot,
    };
    let place = keys::settled(program, slot);
    if let Some(body) = get(tracker.store, &place).await? {
        let settled: SlotRecord = read(&place, &body)?;
        return Ok(ReferralCode::parse(&settled.code));
    }
    let orders: Set<OrderKey> = match slot {
        Slot::Order(order) => Set::from_iter([order]),
        Slot::Friend(friend) => scan(tracker.store, &keys::friend(program, friend))
            .await?
            .iter()
            .filter_map(|(key, _)| key.split('/').nth(3).and_then(OrderKey::parse))
            .collect(),
    };
    for order in orders.into_keys() {
        let reports = Reports::load(tracker, program, order).await?;
        let Some(order) = reports.order(order) else { continue };
        let attributed = attribute_order(tracker, current, &order).await?;
        if let Attribution::To(credit) = attributed.attribution {
            return Ok(Some(credit.code));
        }
    }
    Ok(None)
}
