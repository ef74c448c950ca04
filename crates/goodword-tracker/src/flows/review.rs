//! The way of an order that a person must look at: flagged when it is
//! reported, held until somebody decides.

use crate::books::{ACCEPT, Kept, KeptBook, REFUSE};
use crate::directory;
use crate::events;
use crate::http::Failure;
use crate::keys;
use crate::limits::BUCKET_DAYS;
use crate::orders::Reports;
use crate::outbox;
use crate::programs::{self, Current};
use crate::records::{BucketRecord, DecisionRecord, HeldRecord, read, write};
use crate::store::{Keep, StoreError, get, scan};
use crate::tracker::Tracker;
use goodword::attribution::Credit;
use goodword::code::ReferralCode;
use goodword::key::{OrderKey, ProgramId};
use goodword::order::Order;
use goodword::review::{Neighbor, Surroundings, flags};
use goodword::reward::Reward;
use goodword::terms::Program;
use goodword::time::Instant;
use goodword_api::object;
use goodword_api::problem::{Code, Problem};
use serde_json::Value;

/// Flags an attributed order: it is to be held if there is anything to look
/// at. What was flagged stays so: its evidence may be gone later.
///
/// # Errors
/// Whatever the store says.
pub async fn flag(
    tracker: &Tracker<'_>,
    program: &Program,
    order: &Order,
    credit: Credit,
    reports: &Reports,
    book: &KeptBook,
) -> Result<Option<HeldRecord>, StoreError> {
    let rules = &program.fraud.review;
    let kept = book.orders.get(&order.key);
    if let Some(held) = kept.and_then(|kept| kept.held.clone()) {
        return Ok(Some(held));
    }
    if rules.is_off() || kept.is_some_and(Kept::is_settled) {
        return Ok(None);
    }
    let around = Surroundings {
        click: credit.click,
        same_bucket: same_bucket(tracker, &program.id, order, credit).await?,
        same_code: book.orders.iter().filter_map(|(order, kept)| neighbor(*order, kept)).collect(),
        is_disposable_mail: reports.paid.values().any(|paid| paid.is_disposable_mail),
    };
    let flags = flags(order, rules, &around);
    let Some(order_id) = reports.order_id().filter(|_| !flags.is_empty()) else {
        return Ok(None);
    };
    let flag =
        |flag: &goodword::review::Flag| (flag.rule.as_str().to_owned(), flag.found, flag.allowed);
    let held = HeldRecord {
        order_id: order_id.to_owned(),
        code: credit.code.to_string(),
        at_ms: tracker.now.0,
        flags: flags.iter().map(flag).collect(),
    };
    Ok(Some(held))
}

/// Holds an order that was flagged.
///
/// # Errors
/// Whatever the store says.
pub async fn hold(
    tracker: &Tracker<'_>,
    program: &ProgramId,
    order: OrderKey,
    credit: Credit,
    held: &HeldRecord,
) -> Result<(), StoreError> {
    let body = write(held);
    let place = keys::book_held(program, credit.code, order);
    tracker.store.put(&place, &body, Keep::Forever).await?;
    tracker.store.put(&keys::review(program, order, "held"), &body, Keep::Forever).await
}

/// Orders from the address and agent that clicked. This one is added.
async fn same_bucket(
    tracker: &Tracker<'_>,
    program: &ProgramId,
    order: &Order,
    credit: Credit,
) -> Result<Vec<Neighbor>, StoreError> {
    let Some(click) = credit.click else { return Ok(Vec::new()) };
    let place = keys::bucket_order(program, click.bucket, order.key);
    let body = write(&BucketRecord { at_ms: order.occurred_at.0 });
    tracker.store.put(&place, &body, Keep::Days(BUCKET_DAYS)).await?;
    let mut neighbors = Vec::new();
    for (key, body) in scan(tracker.store, &keys::bucket(program, click.bucket)).await? {
        let record: BucketRecord = read(&key, &body)?;
        let order = key.rsplit('/').next().and_then(OrderKey::parse);
        neighbors.extend(order.map(|order| Neighbor {
            order,
            occurred_at: Instant(record.at_ms),
            value_minor: 0,
        }));
    }
    Ok(neighbors)
}

fn neighbor(order: OrderKey, kept: &Kept) -> Option<Neighbor> {
    let line = kept.line.as_ref()?;
    let value_minor = line.value.as_ref().map_or(0, |value| value.0);
    Some(Neighbor { order, occurred_at: Instant(line.at_ms), value_minor })
}

/// Flags as answers show them.
#[must_use]
pub fn shown(held: &HeldRecord) -> Value {
    let flag = |(rule, found, allowed): &(String, i64, i64)| object!({"rule": rule, "evidence": object!({"found": found, "allowed": allowed})});
    held.flags.iter().map(flag).collect()
}

/// A person decides about a held order. An accepted one is due again.
///
/// # Errors
/// `not_found`, `conflict` once it is settled, or whatever the store says.
pub async fn decide(
    tracker: &Tracker<'_>,
    current: &Current,
    order: OrderKey,
    verdict: &str,
    decision: &DecisionRecord,
) -> Result<Value, Failure> {
    let program = current.program();
    let place = keys::review(&program.id, order, "held");
    let Some(body) = get(tracker.store, &place).await? else {
        let detail = "There is no such order to review.";
        return Err(Problem::new(Code::NotFound, detail).into());
    };
    let held: HeldRecord = read(&place, &body)?;
    let Some(code) = ReferralCode::parse(&held.code) else {
        return Err(StoreError(format!("{place} names no code")).into());
    };
    let book = KeptBook::load(tracker, &program.id, code).await?;
    let kept = book.orders.get(&order).cloned().unwrap_or_default();
    if kept.is_settled() {
        let detail = "This order is settled; void its rewards instead.";
        return Err(Problem::new(Code::Conflict, detail).into());
    }
    tell_verdict(tracker, current, code, book, order, verdict, decision).await?;
    let body = write(decision);
    let in_book = keys::book_review(&program.id, code, order, verdict);
    tracker.store.put(&in_book, &body, Keep::Forever).await?;
    let in_list = keys::review(&program.id, order, verdict);
    tracker.store.put(&in_list, &body, Keep::Forever).await?;
    if let Some(line) = kept.line.filter(|_| verdict == ACCEPT) {
        let made_at = Instant(line.at_ms);
        let terms = programs::history(tracker.store, current, made_at).await?;
        let due_at = made_at.plus_days(terms.at(made_at).hold_days);
        // Not before the verdict is seen everywhere.
        let due_at = due_at.max(tracker.now);
        let due = keys::due(&program.id, due_at, code, order);
        tracker.store.put(&due, &due_at.0.to_string(), Keep::Forever).await?;
    }
    let status = if verdict == REFUSE { "refused" } else { "accepted" };
    Ok(entry(order, &held, status))
}

/// Tells what a verdict changes for the book's rewards.
async fn tell_verdict(
    tracker: &Tracker<'_>,
    current: &Current,
    code: ReferralCode,
    mut book: KeptBook,
    order: OrderKey,
    verdict: &str,
    decision: &DecisionRecord,
) -> Result<(), StoreError> {
    if !outbox::is_heard(tracker, current) {
        return Ok(());
    }
    let Some(record) = directory::find(tracker, code).await? else { return Ok(()) };
    let earliest = book.earliest().unwrap_or(tracker.now);
    let terms = programs::history(tracker.store, current, earliest).await?;
    let rewards = |book: &KeptBook| book.book(tracker, code, &record, &terms).rewards(&terms);
    let before = rewards(&book);
    book.orders.or_default(order).decide(decision.at_ms, verdict);
    let shown = |reward: &Reward| book.shown(reward, &record);
    let news = events::of_rewards(&current.program().id, &before, &rewards(&book), shown);
    outbox::tell(tracker, current, news).await
}

/// An entry of the list to review.
#[must_use]
pub fn entry(order: OrderKey, held: &HeldRecord, status: &str) -> Value {
    object!({
        "review_id": format!("cv_{order}"),
        "order_id": held.order_id,
        "code": held.code,
        "status": status,
        "held_at": goodword_api::instant::write(Instant(held.at_ms)),
        "review": shown(held),
    })
}
