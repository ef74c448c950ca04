//! `GET` and `DELETE /v1/programs/{program}/people`: a person's data, shown
//! or erased.

use crate::flows::people;
use crate::http::{Answer, Handled, Request};
use crate::routes::advocates::link_base;
use crate::tracker::Tracker;
use crate::{access, programs};
use goodword::key::ProgramId;
use goodword_api::object;
use goodword_api::requests::Named;

pub(crate) async fn get(tracker: &Tracker<'_>, request: &Request, id: &ProgramId) -> Handled {
    access::owner_or_server(tracker, request)?;
    let asked = object!({
        "customer_id": request.parameter("customer_id"),
        "email": request.parameter("email"),
    });
    let named = Named::read(&asked)?;
    let current = programs::load(tracker.store, id).await?;
    let base = link_base(tracker, request);
    Ok(Answer::json(200, &people::export(tracker, &current, &named, base).await?))
}

/// The answer is the same whether the person was known or not.
pub(crate) async fn delete(tracker: &Tracker<'_>, request: &Request, id: &ProgramId) -> Handled {
    access::owner_or_server(tracker, request)?;
    let named = Named::read(&request.json()?)?;
    programs::load(tracker.store, id).await?;
    people::erase(tracker, id, &named).await?;
    Ok(Answer::json(200, &object!({"erased": true})))
}
