//! Orders that nobody referred, for comparison. They are facts of their own
//! and never touch what is paid; a further report of an order takes the place
//! of the one before.

use crate::hashing;
use crate::keys;
use crate::orders::SHOP;
use crate::programs::Current;
use crate::records::{OtherOrderRecord, write};
use crate::store::{Keep, StoreError};
use crate::tracker::Tracker;
use goodword_api::requests::OtherOrder;

/// Keeps an order.
///
/// # Errors
/// Whatever the store says.
pub async fn keep(
    tracker: &Tracker<'_>,
    current: &Current,
    order: &OtherOrder,
) -> Result<(), StoreError> {
    let program = &current.program().id;
    let pepper = &tracker.settings.pepper;
    let record = OtherOrderRecord {
        at_ms: order.occurred_at.0,
        value: order.value.into(),
        customer: hashing::customer(pepper, program, &order.customer_id).to_string(),
    };
    let key = keys::other_order(program, hashing::order(SHOP, &order.order_id));
    tracker.store.put(&key, &write(&record), Keep::Forever).await
}

/// Forgets an order.
///
/// # Errors
/// Whatever the store says.
pub async fn forget(
    tracker: &Tracker<'_>,
    current: &Current,
    order_id: &str,
) -> Result<(), StoreError> {
    let key = keys::other_order(&current.program().id, hashing::order(SHOP, order_id));
    tracker.store.delete(&key).await
}
