//! `PUT` and `DELETE /v1/programs/{program}/orders`: orders that nobody
//! referred, for comparison.

use crate::flows::other_order;
use crate::http::{Answer, Handled, Request};
use crate::tracker::Tracker;
use crate::{access, programs};
use goodword::key::ProgramId;
use goodword_api::object;
use goodword_api::requests::{OrderNamed, OtherOrder};

pub(crate) async fn put(tracker: &Tracker<'_>, request: &Request, id: &ProgramId) -> Handled {
    access::server(tracker, request)?;
    let order = OtherOrder::read(&request.json()?)?;
    let current = programs::load(tracker.store, id).await?;
    other_order::keep(tracker, &current, &order).await?;
    Ok(Answer::json(200, &object!({"order_id": order.order_id, "outcome": "recorded"})))
}

/// Whether it was there or not, it is not there any more.
pub(crate) async fn delete(tracker: &Tracker<'_>, request: &Request, id: &ProgramId) -> Handled {
    access::server(tracker, request)?;
    let OrderNamed { order_id } = OrderNamed::read(&request.json()?)?;
    let current = programs::load(tracker.store, id).await?;
    other_order::forget(tracker, &current, &order_id).await?;
    Ok(Answer::json(200, &object!({"order_id": order_id, "outcome": "removed"})))
}
