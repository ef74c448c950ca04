//! Shopify's privacy topics. The signature covers the body only and never
//! grows old, so a body must be what its path takes: an order or a request
//! for data, sent on to the path that erases, erases nobody.

use crate::hooks::Report;
use crate::hooks::fields::{id, loose_text, optional_id};
use goodword_api::limits::EMAIL_BYTES_MAX;
use goodword_api::read::Object;
use goodword_api::requests::Named;

/// `customers/data_request`.
pub(super) fn data_request(body: &Object<'_>) -> Option<Report> {
    id(body, "shop_id")?;
    Some(customer(body)?.map_or(NOBODY, Report::Show))
}

/// `customers/redact`.
pub(super) fn customer_redact(body: &Object<'_>) -> Option<Report> {
    id(body, "shop_id")?;
    refuse_other(body, "customers/redact", &["data_request", "orders_requested"])?;
    Some(customer(body)?.map_or(NOBODY, Report::Erase))
}

/// `shop/redact`.
pub(super) fn shop_redact(body: &Object<'_>) -> Option<Report> {
    id(body, "shop_id")?;
    let others = ["customer", "data_request", "orders_requested", "orders_to_redact"];
    refuse_other(body, "shop/redact", &others)?;
    Some(Report::EraseAll)
}

const NOBODY: Report = Report::Nothing("It names neither customer nor e-mail address.");

/// Whom it is about, if anybody: some have an address only.
#[allow(clippy::option_option)]
fn customer(body: &Object<'_>) -> Option<Option<Named>> {
    let customer = body.object("customer")?;
    let customer_id = optional_id(&customer, "id");
    let email = loose_text(&customer, "email").filter(|email| email.len() <= EMAIL_BYTES_MAX);
    let named = Named { customer_id, email: email.map(str::to_owned) };
    Some((named != Named::default()).then_some(named))
}

/// Refuses a body that has what only another topic's has.
fn refuse_other<'a>(body: &Object<'a>, topic: &str, others: &[&'a str]) -> Option<()> {
    let Some(found) = others.iter().find(|name| body.optional(name).is_some()) else {
        return Some(());
    };
    body.fault(found, format!("is nothing that {topic} has"));
    None
}
