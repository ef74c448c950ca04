//! WooCommerce's orders. Each webhook tells the whole order as it is now: it
//! earns while it is paid, what was given back counts whatever its status, and
//! an order that was cancelled or refunded is undone, until a later version is
//! paid again.

use super::fields::{attribute, decimal, id, loose_text, optional_id, utc};
use super::{Buyer, Made, Report, Told, code_among};
use goodword::limits::AMOUNT_MAX;
use goodword::money::Currency;
use goodword::order::{Line, Refund};
use goodword::time::Instant;
use goodword_api::limits::{ID_BYTES_MAX, LINES_MAX};
use goodword_api::problem::Problem;
use goodword_api::read::{Object, foreign};
use serde_json::Value;

/// The statuses in which an order is paid.
const PAID: [&str; 2] = ["processing", "completed"];

/// The statuses that undo an order.
const UNDONE: [&str; 2] = ["cancelled", "refunded"];

/// The id of what is given back by an undone status; refunds have numbers.
const STATUS: &str = "status";

/// Whether a body is the ping that WooCommerce sends unsigned when a webhook
/// is saved: `webhook_id=7`.
#[must_use]
pub fn is_ping(body: &[u8]) -> bool {
    let id = body.strip_prefix(b"webhook_id=");
    id.is_some_and(|id| !id.is_empty() && id.iter().all(u8::is_ascii_digit))
}

/// Reads an order.
///
/// # Errors
/// A problem naming every field at fault.
pub fn read(body: &Value) -> Result<Report, Problem> {
    foreign(body, order)
}

fn order(order: &Object<'_>) -> Option<Report> {
    let own = id(order, "id");
    if order.optional("status").is_none() && order.optional("total").is_none() {
        return Some(Report::Nothing("An order that was deleted tells no more than its id."));
    }
    let status = order.text("status", ID_BYTES_MAX);
    let version_at = utc(order, "date_modified_gmt");
    let currency = order.currency("currency")?;
    let value = decimal(order, "total", currency)?;
    let (status, version_at) = (status?, version_at?);

    let mut refunds = Vec::new();
    for given in order.objects("refunds") {
        let given_id = id(&given, "id");
        let given_back = decimal(&given, "total", currency);
        refunds.push(Refund::new(given_id?, version_at, given_back?));
    }
    if UNDONE.contains(&status) {
        let undone = Refund::new(STATUS.to_owned(), version_at, value);
        refunds.push(Refund { version_at: Some(version_at), ..undone });
    }
    let mut made = None;
    if PAID.contains(&status) {
        let occurred_at = occurred_at(order);
        let (claim, code) = evidence(order);
        let lines = lines(order, currency);
        let Some(buyer) = buyer(order) else {
            return Some(Report::Nothing("The order names neither customer nor e-mail address."));
        };
        let occurred_at = occurred_at?;
        made = Some(Made { version_at, occurred_at, value, buyer, claim, code, lines });
    }
    if made.is_none() && refunds.is_empty() {
        return Some(Report::Nothing("The order is not paid."));
    }
    Some(Report::Order(Box::new(Told { order_id: own?, names: Vec::new(), made, refunds })))
}

/// When it was made; a shop's clock has no zone, the fields with `gmt` are UTC.
fn occurred_at(order: &Object<'_>) -> Option<Instant> {
    utc(order, "date_created_gmt")
}

/// Guests have the customer id 0.
fn buyer(order: &Object<'_>) -> Option<Buyer> {
    let customer_id = optional_id(order, "customer_id").filter(|id| id != "0");
    let billing = order.optional_object("billing");
    let email = billing.as_ref().and_then(|billing| loose_text(billing, "email"));
    Buyer::new(customer_id, email)
}

/// The claim, and the referral code among the coupons.
fn evidence(order: &Object<'_>) -> (Option<String>, Option<String>) {
    let claim = attribute(&order.objects("meta_data"), "_goodword_claim");
    let coupons = order.objects("coupon_lines");
    let code = code_among(coupons.iter().filter_map(|coupon| loose_text(coupon, "code")));
    (claim, code)
}

/// The lines with their taxes, as the order's total has them, too.
fn lines(order: &Object<'_>, currency: Currency) -> Vec<Line> {
    let line = |entry: &Object<'_>| {
        let minor = |name| Some(decimal(entry, name, currency)?.amount_minor);
        let tax_minor = entry.optional("total_tax").and_then(|_| minor("total_tax"));
        Some(Line {
            product_id: optional_id(entry, "product_id")?,
            category: None,
            value_minor: minor("total")?.saturating_add(tax_minor.unwrap_or(0)).min(AMOUNT_MAX),
        })
    };
    order.objects("line_items").iter().take(LINES_MAX).filter_map(line).collect()
}
