//! Stripe's events. A checkout session and its invoice are one order: it is
//! known by the invoice where there is one, else by the payment, else by the
//! session, and by the others as well. Refunds and disputes name the payment.
//!
//! Newer versions of Stripe's API tell only by `invoice_payment.paid` which
//! payment an invoice was paid with.

use super::fields::{id, loose_text, optional_id, seconds};
use super::{Buyer, Made, Report, Told, code_among, money};
use crate::signing::has_form_of_claim;
use goodword::limits::AMOUNT_MAX;
use goodword::money::{Currency, Money};
use goodword::order::{Line, Refund};
use goodword::time::Instant;
use goodword_api::limits::{ID_BYTES_MAX, LINES_MAX};
use goodword_api::problem::Problem;
use goodword_api::read::{Object, foreign};
use serde_json::Value;

/// Reads an event.
///
/// # Errors
/// A problem naming every field at fault.
pub fn read(body: &Value) -> Result<Report, Problem> {
    foreign(body, |event| {
        let read: fn(&Object<'_>, Instant) -> Option<Report> = match event
            .text("type", ID_BYTES_MAX)?
        {
            "checkout.session.completed" | "checkout.session.async_payment_succeeded" => session,
            "invoice.paid" => invoice,
            "invoice_payment.paid" => invoice_payment,
            "refund.created" | "refund.updated" => refund_event,
            "charge.refunded" => charge,
            "charge.dispute.created" => dispute,
            _ => return Some(Report::Nothing("Events of this type are not used.")),
        };
        let created = seconds(event, "created");
        let object = event.object("data").and_then(|data| data.object("object"));
        read(&object?, created?)
    })
}

/// Why an order is of no use.
const NO_BUYER: &str = "It names neither customer nor e-mail address.";

fn session(session: &Object<'_>, created: Instant) -> Option<Report> {
    let is_paid = ["paid", "no_payment_required"];
    let status = session.text("payment_status", ID_BYTES_MAX)?;
    if !is_paid.contains(&status) {
        return Some(Report::Nothing("The session is not paid yet."));
    }
    if session.optional("amount_total").is_none() {
        return Some(Report::Nothing("The session sells nothing."));
    }
    let value = amount(session, "amount_total", None);
    let is_subscription = loose_text(session, "mode") == Some("subscription");
    if is_subscription && value.is_some_and(|value| value.amount_minor == 0) {
        return Some(Report::Nothing("A trial is no purchase; its first paid invoice is."));
    }
    let own = id(session, "id");
    let payment = optional_id(session, "payment_intent");
    let invoice = optional_id(session, "invoice");
    let metadata = session.optional_object("metadata");
    let claim = metadata.as_ref().and_then(|metadata| loose_text(metadata, "goodword_claim"));
    // Shops put ids of their own there, too.
    let reference =
        loose_text(session, "client_reference_id").filter(|text| has_form_of_claim(text));
    let details = session.optional_object("customer_details");
    let email = details.as_ref().and_then(|details| loose_text(details, "email"));
    let email = email.or_else(|| loose_text(session, "customer_email"));
    let buyer = Buyer::new(optional_id(session, "customer"), email);
    let bought = session.optional_object("line_items");
    let lines = lines(bought.as_ref(), "amount_total");
    let Some(buyer) = buyer else { return Some(Report::Nothing(NO_BUYER)) };

    let names: Vec<String> = [invoice, payment, own].into_iter().flatten().collect();
    let (order_id, names) = names.split_first()?;
    Some(Report::Order(Box::new(Told {
        order_id: order_id.clone(),
        names: names.to_vec(),
        made: Some(Made {
            version_at: created,
            occurred_at: created,
            value: value?,
            buyer,
            claim: claim.or(reference).map(str::to_owned),
            code: metadata.as_ref().and_then(code),
            lines,
        }),
        refunds: Vec::new(),
    })))
}

fn invoice(invoice: &Object<'_>, created: Instant) -> Option<Report> {
    let value = amount(invoice, "amount_paid", None);
    if value.is_some_and(|value| value.amount_minor == 0) {
        return Some(Report::Nothing("The invoice is of nothing, as that of a trial."));
    }
    let own = id(invoice, "id");
    let times = invoice.optional_object("status_transitions");
    let paid_at = times.filter(|times| times.optional("paid_at").is_some());
    let occurred_at = paid_at.map_or(Some(created), |times| seconds(&times, "paid_at"));
    let buyer = Buyer::new(optional_id(invoice, "customer"), loose_text(invoice, "customer_email"));
    // Claim and code are where the shop put them: on the invoice or on the
    // subscription, whose details have moved once.
    let own_metadata = invoice.optional_object("metadata");
    let parent = invoice.optional_object("parent");
    let newer = parent.as_ref().and_then(|parent| parent.optional_object("subscription_details"));
    let older = invoice.optional_object("subscription_details");
    let of_subscription = newer.or(older).and_then(|details| details.optional_object("metadata"));
    let metadata = || own_metadata.iter().chain(&of_subscription);
    let claim = metadata().find_map(|metadata| loose_text(metadata, "goodword_claim"));
    let code = metadata().find_map(code);
    let bought = invoice.optional_object("lines");
    let lines = lines(bought.as_ref(), "amount");
    let payment = optional_id(invoice, "payment_intent").or(optional_id(invoice, "charge"));
    let Some(buyer) = buyer else { return Some(Report::Nothing(NO_BUYER)) };
    Some(Report::Order(Box::new(Told {
        order_id: own?,
        names: payment.into_iter().collect(),
        made: Some(Made {
            version_at: created,
            occurred_at: occurred_at?,
            value: value?,
            buyer,
            claim: claim.map(str::to_owned),
            code,
            lines,
        }),
        refunds: Vec::new(),
    })))
}

fn invoice_payment(paid: &Object<'_>, _: Instant) -> Option<Report> {
    let invoice = id(paid, "invoice");
    let payment = paid.object("payment")?;
    let name = optional_id(&payment, "payment_intent").or(optional_id(&payment, "charge"));
    let Some(name) = name else { return Some(Report::Nothing("It was paid outside Stripe.")) };
    Some(Report::Order(Box::new(Told { order_id: invoice?, names: vec![name], ..Told::default() })))
}

fn refund_event(refund: &Object<'_>, _: Instant) -> Option<Report> {
    if !has_succeeded(refund) {
        return Some(Report::Nothing("The refund has not succeeded."));
    }
    let payment = payment(refund)?;
    given_back(payment.clone(), vec![self::refund(refund, payment)?])
}

/// A charge after something was given back: all of it in `amount_refunded`,
/// and, by older versions of the API, each refund.
fn charge(charge: &Object<'_>, created: Instant) -> Option<Report> {
    let own = id(charge, "id");
    let payment = optional_id(charge, "payment_intent").or(own)?;
    let currency = currency(charge);
    let refunded = amount(charge, "amount_refunded", currency);
    let list = charge.optional_object("refunds");
    let list = list.map(|list| list.objects("data")).unwrap_or_default();
    let each = list.iter().filter(|refund| has_succeeded(refund));
    let mut refunds: Vec<Refund> =
        each.filter_map(|refund| self::refund(refund, payment.clone())).collect();
    refunds.push(Refund {
        payment: Some(payment.clone()),
        is_total: true,
        ..Refund::new(payment.clone(), created, refunded?)
    });
    given_back(payment, refunds)
}

/// The bank takes the disputed amount at once, whoever wins later.
fn dispute(dispute: &Object<'_>, created: Instant) -> Option<Report> {
    let own = id(dispute, "id");
    let payment = payment(dispute)?;
    let value = amount(dispute, "amount", None);
    given_back(payment, vec![Refund::new(own?, created, value?)])
}

fn given_back(payment: String, refunds: Vec<Refund>) -> Option<Report> {
    Some(Report::Order(Box::new(Told { order_id: payment, refunds, ..Told::default() })))
}

fn has_succeeded(refund: &Object<'_>) -> bool {
    loose_text(refund, "status").is_none_or(|status| status == "succeeded")
}

fn refund(refund: &Object<'_>, payment: String) -> Option<Refund> {
    let own = id(refund, "id");
    let created = seconds(refund, "created");
    let value = amount(refund, "amount", None);
    Some(Refund { payment: Some(payment), ..Refund::new(own?, created?, value?) })
}

/// The name of the payment that something is about.
fn payment(object: &Object<'_>) -> Option<String> {
    let payment = optional_id(object, "payment_intent");
    if payment.is_some() { payment } else { id(object, "charge") }
}

fn currency(object: &Object<'_>) -> Option<Currency> {
    let text = object.text("currency", ID_BYTES_MAX)?;
    let currency = Currency::parse(&text.to_ascii_uppercase());
    if currency.is_none() {
        object.fault("currency", "must be an ISO 4217 code such as eur");
    }
    currency
}

/// An amount in the object's own currency, unless that was read already.
fn amount<'a>(object: &Object<'a>, name: &'a str, known: Option<Currency>) -> Option<Money> {
    let currency = known.or_else(|| currency(object));
    let amount = object.integer(name, 0, AMOUNT_MAX);
    let money = money::of_stripe(amount?, currency?);
    if money.is_none() {
        object.fault(name, format!("must be at most {AMOUNT_MAX} minor units"));
    }
    money
}

fn code(metadata: &Object<'_>) -> Option<String> {
    let texts = [loose_text(metadata, "goodword_code"), loose_text(metadata, "promotion_code")];
    code_among(texts.into_iter().flatten())
}

/// The lines of a list, discounts taken off. A line without a product is of no
/// use to anybody, and none is a reason to lose the order.
fn lines(list: Option<&Object<'_>>, amount_name: &'static str) -> Vec<Line> {
    let entries = list.map(|list| list.objects("data")).unwrap_or_default();
    let line = |entry: &Object<'_>| {
        let currency = currency(entry)?;
        let discounts = entry.objects("discount_amounts");
        let discounts = discounts.iter().filter_map(|discount| minor(discount, "amount"));
        let minor = discounts.fold(minor(entry, amount_name)?, i64::saturating_sub);
        Some(Line {
            product_id: product(entry)?,
            category: None,
            value_minor: money::of_stripe(minor, currency)?.amount_minor,
        })
    };
    entries.iter().take(LINES_MAX).filter_map(line).collect()
}

fn minor<'a>(object: &Object<'a>, name: &'a str) -> Option<i64> {
    object.optional(name)?.as_i64()
}

fn product(line: &Object<'_>) -> Option<String> {
    let pricing = line.optional_object("pricing");
    let details = pricing.and_then(|pricing| pricing.optional_object("price_details"));
    let newer = details.and_then(|details| optional_id(&details, "product"));
    newer.or_else(|| optional_id(&line.optional_object("price")?, "product"))
}
