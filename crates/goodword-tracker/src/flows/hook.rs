//! The way of a provider's webhook: what it tells of an order is kept and
//! decided upon like a report of the shop's server, except that it is never a
//! conflict: a changed order is a newer version of it.
//!
//! A provider has several names for one order. They are kept in the order's
//! own facts, so that whoever reads these looks under the names too, and as
//! aliases, so that what comes under a name finds its order. Whichever of the
//! two is written or seen first, a refund that comes before its order, or at
//! the same moment, is found: at the latest by settlement, which reads the
//! facts again.

use crate::disposable_mail;
use crate::flows::friend_index::Occasion;
use crate::flows::{conversion, refund};
use crate::hashing;
use crate::hooks::{Buyer, Made, Told};
use crate::keys::{self, FactKind};
use crate::orders::{self, Reports, SHOP};
use crate::programs::Current;
use crate::records::{PaidRecord, RefundRecord, write};
use crate::store::{Keep, StoreError, get_many, put_all};
use crate::tracker::Tracker;
use goodword::key::{OrderKey, ProgramId};
use goodword::order::Paid;
use goodword::terms::Kind;
use goodword_api::object;
use serde_json::Value;

/// Something a provider tells of an order.
///
/// 1. The order is found by its id, or by the name that a refund knows.
/// 2. What is new is kept: names, the version of the order, refunds. From here
///    on nothing is lost. An order that gets a further name is due again.
/// 3. Aliases are written for the names.
/// 4. What waited under the names is found, the order is attributed and its
///    refunds are copied into the book.
///
/// # Errors
/// Whatever the store says.
pub async fn report(
    tracker: &Tracker<'_>,
    current: &Current,
    told: &Told,
) -> Result<Value, StoreError> {
    let program = &current.program().id;
    let key = match told.made {
        Some(_) => hashing::order(SHOP, &told.order_id),
        None => orders::find(tracker, program, &told.order_id).await?,
    };
    let mut reports = Reports::load(tracker, program, key).await?;
    let is_new = told.names.iter().any(|name| !reports.has_name(hashing::order(SHOP, name)));
    let is_late = is_new && reports.order_id().is_some();
    if is_late {
        // What comes under a new name just now may not be seen yet, and the
        // order may be settled: it is looked at again when everything is.
        let again = keys::due_again(program, tracker.now, key);
        tracker.store.put(&again, &tracker.now.0.to_string(), Keep::Forever).await?;
    }
    match &told.made {
        Some(made) => {
            let record = record(tracker, program, told, made);
            conversion::keep(tracker, program, key, &mut reports, record).await?;
        }
        None => keep_names(tracker, program, key, &told.names, &mut reports).await?,
    }
    for given in &told.refunds {
        let record = RefundRecord::new(given);
        if is_news(&record, &reports) {
            refund::keep(tracker, program, key, &mut reports, record).await?;
        }
    }
    write_aliases(tracker, program, key, &told.names).await?;
    reports.complete(tracker, program, key).await?;
    if told.made.is_some() {
        return conversion::decide(tracker, current, key, reports).await;
    }
    conversion::apply(tracker, current, key, &reports, Occasion::of(&reports)).await?;
    Ok(object!({"outcome": "recorded"}))
}

fn record(tracker: &Tracker<'_>, program: &ProgramId, told: &Told, made: &Made) -> PaidRecord {
    let pepper = &tracker.settings.pepper;
    let email = made.buyer.email();
    let paid = Paid {
        version_at: Some(made.version_at),
        occurred_at: made.occurred_at,
        kind: Kind::Purchase,
        value: Some(made.value),
        customer: match &made.buyer {
            Buyer::Customer { id, .. } => hashing::customer(pepper, program, id),
            Buyer::Guest { email } => hashing::email(pepper, program, email),
        },
        email: email.map(|address| hashing::email(pepper, program, address)),
        existing: false,
        evidence: conversion::evidence(
            tracker,
            program,
            made.claim.as_deref(),
            made.code.as_deref(),
        ),
        lines: made.lines.clone(),
    };
    PaidRecord {
        is_disposable_mail: email.is_some_and(disposable_mail::is_disposable),
        names: told.names.clone(),
        ..PaidRecord::new(&told.order_id, &paid)
    }
}

/// Whether a refund says what is not known yet. One that is told with every
/// version of its order is kept once, and an order that is undone already is
/// not undone again.
fn is_news(record: &RefundRecord, reports: &Reports) -> bool {
    let known = reports.refunds.values().filter(|known| known.refund_id == record.refund_id);
    match record.version_ms {
        None => known.clone().all(|known| known.value != record.value),
        Some(_) => known.clone().max_by_key(|known| known.version_ms).is_none_or(|latest| {
            latest.value != record.value && latest.version_ms < record.version_ms
        }),
    }
}

/// Keeps names that are told without the order.
async fn keep_names(
    tracker: &Tracker<'_>,
    program: &ProgramId,
    key: OrderKey,
    names: &[String],
    reports: &mut Reports,
) -> Result<(), StoreError> {
    for name in names {
        if !reports.names.contains(name) {
            reports.names.push(name.clone());
            let content = hashing::order(SHOP, name).to_string();
            let fact = keys::fact(program, key, FactKind::Name, &content);
            tracker.store.put(&fact, &write(name), Keep::Forever).await?;
        }
    }
    Ok(())
}

async fn write_aliases(
    tracker: &Tracker<'_>,
    program: &ProgramId,
    key: OrderKey,
    names: &[String],
) -> Result<(), StoreError> {
    let aliases = names.iter().map(|name| keys::alias(program, hashing::order(SHOP, name)));
    let aliases: Vec<String> = aliases.collect();
    let known = get_many(tracker.store, &aliases).await?;
    let own = key.to_string();
    let missing = aliases.into_iter().zip(known).filter(|(_, known)| known.as_ref() != Some(&own));
    let missing = missing.map(|(alias, _)| (alias, own.clone()));
    put_all(tracker.store, missing.collect()).await
}
