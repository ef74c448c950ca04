//! The index of a friend's orders: what decides which of them is the first,
//! and whose the later ones are.

use crate::keys;
use crate::orders::{Attributed, Reports};
use crate::records::{PaidRecord, write};
use crate::store::{StoreError, put_all};
use crate::tracker::Tracker;
use goodword::attribution::Attribution;
use goodword::key::ProgramId;
use goodword::mutant;
use goodword::order::Order;

/// On which occasion an order is told to the index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Occasion {
    /// It is reported, and was not answered yet.
    New,
    /// It is reported once more.
    Again,
    /// Settlement looks at it.
    Due,
}

impl Occasion {
    /// The occasion of a report.
    #[must_use]
    pub fn of(reports: &Reports) -> Self {
        if reports.answer.is_none() { Occasion::New } else { Occasion::Again }
    }
}

/// Puts an order into its friend's index. What is new there may decide whose
/// the friend's later orders are, and what is not known yet whose this one
/// is: first it is written down that these are to be attributed again. An
/// earlier try may have indexed this one, and seen more than this one does.
/// What settlement finds missing was kept by a handler that died, or was told
/// that it was not kept.
///
/// # Errors
/// Whatever the store says.
pub async fn tell(
    tracker: &Tracker<'_>,
    program: &ProgramId,
    order: &Order,
    reports: &Reports,
    attributed: &Attributed,
    occasion: Occasion,
) -> Result<(), StoreError> {
    let is_of_friend = |record: &&PaidRecord| record.customer == order.customer.to_string();
    let missing = reports
        .paid
        .iter()
        .filter(|(_, record)| is_of_friend(record))
        .filter(|(content, _)| {
            !attributed.friend_reports.contains(&(order.key, (*content).clone()))
        })
        .map(|(content, record)| {
            (keys::friend_order(program, order.customer, order.key, content), write(record))
        });
    let mut missing: Vec<(String, String)> = missing.collect();
    // A page's word as well: a later order may inherit from this one.
    for (content, record) in &reports.pages {
        let content = format!("{}{content}", keys::OF_PAGE);
        if !attributed.friend_reports.contains(&(order.key, content.clone())) {
            let place = keys::friend_order(program, order.customer, order.key, &content);
            missing.push((place, write(record)));
        }
    }
    let is_nobodys = matches!(attributed.attribution, Attribution::Nobody(_));
    let own = is_nobodys
        && match occasion {
            Occasion::New => true,
            Occasion::Again => !missing.is_empty(),
            // It is being looked at.
            Occasion::Due => false,
        };
    let own = own.then_some((order.key, order.occurred_at));
    let later = if missing.is_empty() { &[] } else { attributed.later.as_slice() };
    let later = mutant!(LaterOrdersNotDue, later, &[]);
    let again = later.iter().copied().chain(own).map(|(order, occurred_at)| {
        let hold_days = attributed.terms.at(occurred_at).hold_days;
        let due_at = occurred_at.plus_days(hold_days).max(tracker.now);
        (keys::due_again(program, due_at, order), due_at.0.to_string())
    });
    put_all(tracker.store, again.collect()).await?;
    put_all(tracker.store, missing).await
}
