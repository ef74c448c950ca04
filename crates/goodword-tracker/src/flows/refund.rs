//! The way of a refund. It may come before its order; then it waits among the
//! order's facts and is found there.

use crate::flows::conversion::apply;
use crate::flows::friend_index::Occasion;
use crate::hashing;
use crate::http::Failure;
use crate::keys::{self, FactKind};
use crate::orders::{self, Reports};
use crate::programs::Current;
use crate::records::{RefundRecord, write};
use crate::store::{Keep, StoreError};
use crate::tracker::Tracker;
use goodword::key::{OrderKey, ProgramId};
use goodword::money::Money;
use goodword::order::Refund;
use goodword_api::object;
use goodword_api::problem::{Code, FieldFault, Problem};
use goodword_api::requests::RefundReport;
use serde_json::Value;

/// A refund reported by the shop's server.
///
/// 1. The same refund with another amount is a conflict.
/// 2. The refund is kept; from here on it is not lost.
/// 3. It is copied into the book of the order's advocate. If the order is not
///    known yet, its report will find the refund, and so will settlement.
///
/// # Errors
/// `conflict`, `invalid_field`, or whatever the store says.
pub async fn report(
    tracker: &Tracker<'_>,
    current: &Current,
    report: &RefundReport,
) -> Result<(u16, Value), Failure> {
    let program = &current.program().id;
    let key = orders::find(tracker, program, &report.order_id).await?;
    let refund = Refund::new(report.refund_id.clone(), report.occurred_at, report.value);
    let record = RefundRecord::new(&refund);
    let mut reports = Reports::load(tracker, program, key).await?;
    if let Some(value) = reports.order(key).and_then(|order| order.value) {
        refuse_other_currency(report.value, value)?;
    }
    let known = reports.refunds.values().find(|refund| refund.refund_id == record.refund_id);
    let status = if known.is_some() { 200 } else { 201 };
    match known {
        Some(known) if known.value != record.value => {
            return Err(conflict(known, &record, &report.order_id).into());
        }
        Some(_) => {}
        None => keep(tracker, program, key, &mut reports, record).await?,
    }
    let applied = apply(tracker, current, key, &reports, Occasion::of(&reports)).await?;
    let rewards = applied.map(|applied| applied.rewards(tracker)).unwrap_or_default();
    let answer = object!({
        "refund_id": report.refund_id,
        "order_id": report.order_id,
        "outcome": "recorded",
        "rewards": rewards,
    });
    Ok((status, answer))
}

/// Keeps a refund among its order's facts.
///
/// # Errors
/// Whatever the store says.
pub async fn keep(
    tracker: &Tracker<'_>,
    program: &ProgramId,
    key: OrderKey,
    reports: &mut Reports,
    record: RefundRecord,
) -> Result<(), StoreError> {
    let body = write(&record);
    let content = hashing::content(&body);
    let fact = keys::fact(program, key, FactKind::Refund, &content);
    tracker.store.put(&fact, &body, Keep::Forever).await?;
    reports.refunds.insert(content, record);
    Ok(())
}

fn refuse_other_currency(refund: Money, order: Money) -> Result<(), Problem> {
    if refund.currency == order.currency {
        return Ok(());
    }
    let detail = format!("must be {}, the currency of the order", order.currency);
    Err(Problem::field("value.currency", &detail))
}

fn conflict(known: &RefundRecord, record: &RefundRecord, order_id: &str) -> Problem {
    let shown = |refund: &RefundRecord| format!("{} {}", refund.value.0, refund.value.1);
    let detail = format!("was {}, is {}", shown(known), shown(record));
    Problem {
        code: Code::Conflict,
        detail: format!(
            "Refund {} of order {order_id} was reported before: value {detail}.",
            record.refund_id
        ),
        faults: vec![FieldFault { field: "value".to_owned(), detail, is_unknown: false }],
    }
}
