//! Shopify's webhooks. Money is the shop's, not the customer's, where the two
//! differ.

mod privacy;

use super::fields::{attribute, decimal, id, loose_text, optional_id};
use super::{Buyer, Made, Report, Told, code_among};
use goodword::limits::AMOUNT_MAX;
use goodword::money::{Currency, Money};
use goodword::order::{Line, Refund};
use goodword_api::limits::LINES_MAX;
use goodword_api::problem::Problem;
use goodword_api::read::{Object, foreign};
use serde_json::Value;

/// What a webhook is about. Shopify signs the body only, so that each has a
/// path of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Topic {
    /// An order was paid.
    OrdersPaid,
    /// Something was given back.
    RefundsCreate,
    /// A customer wants to know what is kept about them.
    CustomersDataRequest,
    /// A customer is to be erased.
    CustomersRedact,
    /// The shop gave the app up two days ago: everybody is to be erased.
    ShopRedact,
}

/// Every topic.
const TOPICS: [Topic; 5] = [
    Topic::OrdersPaid,
    Topic::RefundsCreate,
    Topic::CustomersDataRequest,
    Topic::CustomersRedact,
    Topic::ShopRedact,
];

impl Topic {
    /// Reads the last part of a path.
    #[must_use]
    pub fn of_path(part: &str) -> Option<Self> {
        TOPICS.into_iter().find(|topic| topic.path() == part)
    }

    /// The last part of its path.
    #[must_use]
    pub fn path(self) -> &'static str {
        match self {
            Topic::OrdersPaid => "orders-paid",
            Topic::RefundsCreate => "refunds-create",
            Topic::CustomersDataRequest => "customers-data_request",
            Topic::CustomersRedact => "customers-redact",
            Topic::ShopRedact => "shop-redact",
        }
    }

    /// The topic as Shopify names it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Topic::OrdersPaid => "orders/paid",
            Topic::RefundsCreate => "refunds/create",
            Topic::CustomersDataRequest => "customers/data_request",
            Topic::CustomersRedact => "customers/redact",
            Topic::ShopRedact => "shop/redact",
        }
    }
}

/// Reads a webhook.
///
/// # Errors
/// A problem naming every field at fault.
pub fn read(topic: Topic, body: &Value) -> Result<Report, Problem> {
    foreign(body, |body| match topic {
        Topic::OrdersPaid => order(body),
        Topic::RefundsCreate => {
            let order_id = id(body, "order_id");
            let Some(refund) = refund(body)? else {
                return Some(Report::Nothing("No money was given back."));
            };
            let refunds = vec![refund];
            Some(Report::Order(Box::new(Told { order_id: order_id?, refunds, ..Told::default() })))
        }
        Topic::CustomersDataRequest => privacy::data_request(body),
        Topic::CustomersRedact => privacy::customer_redact(body),
        Topic::ShopRedact => privacy::shop_redact(body),
    })
}

fn order(order: &Object<'_>) -> Option<Report> {
    let own = id(order, "id");
    let currency = order.currency("currency");
    let value = decimal(order, "total_price", currency?);
    let created_at = order.instant("created_at");
    let updated_at = order.instant("updated_at");
    let customer = order.optional_object("customer");
    let email = [loose_text(order, "email"), loose_text(order, "contact_email")];
    let of_customer = customer.as_ref().and_then(|customer| loose_text(customer, "email"));
    let email = email.into_iter().flatten().chain(of_customer).next();
    let customer_id = customer.as_ref().and_then(|customer| optional_id(customer, "id"));
    let claim = attribute(&order.objects("note_attributes"), "goodword_claim");
    let coupons = order.objects("discount_codes");
    let code = code_among(coupons.iter().filter_map(|coupon| loose_text(coupon, "code")));
    let bought = order.objects("line_items");
    let lines = bought.iter().take(LINES_MAX).filter_map(|entry| line(entry, currency?)).collect();
    let refunds = order.objects("refunds");
    let refunds = refunds.iter().filter_map(|given| refund(given).flatten()).collect();
    let Some(buyer) = Buyer::new(customer_id, email) else {
        return Some(Report::Nothing("The order names neither customer nor e-mail address."));
    };
    Some(Report::Order(Box::new(Told {
        order_id: own?,
        names: Vec::new(),
        made: Some(Made {
            version_at: updated_at?,
            occurred_at: created_at?,
            value: value?,
            buyer,
            claim,
            code,
            lines,
        }),
        refunds,
    })))
}

/// A line after its discounts. Lines that were typed in by hand have no
/// product and are left out.
fn line(entry: &Object<'_>, currency: Currency) -> Option<Line> {
    let product_id = optional_id(entry, "product_id")?;
    let price_minor = decimal(entry, "price", currency)?.amount_minor;
    let quantity = entry.integer("quantity", 0, AMOUNT_MAX)?;
    let discounts = entry.objects("discount_allocations");
    let discounts = discounts.iter().filter_map(|off| decimal(off, "amount", currency));
    let off_minor = discounts.fold(0_i64, |sum, off| sum.saturating_add(off.amount_minor));
    let value_minor = price_minor.saturating_mul(quantity).saturating_sub(off_minor);
    let value_minor = value_minor.clamp(0, AMOUNT_MAX);
    Some(Line {
        product_id,
        category: loose_text(entry, "product_type").map(Into::into),
        value_minor,
    })
}

/// A refund: the money that went back, if any did. `None` where a field is at
/// fault.
#[allow(clippy::option_option)]
fn refund(refund: &Object<'_>) -> Option<Option<Refund>> {
    let own = id(refund, "id");
    let created_at = refund.instant("created_at");
    let transactions = refund.objects("transactions");
    let went_back = transactions.iter().filter(|transaction| {
        loose_text(transaction, "kind") == Some("refund")
            && loose_text(transaction, "status") == Some("success")
    });
    let paid: Vec<Money> = went_back
        .map(|transaction| {
            let currency = transaction.currency("currency")?;
            decimal(transaction, "amount", currency)
        })
        .collect::<Option<_>>()?;
    let Some(first) = paid.first() else { return Some(None) };
    let in_currency = paid.iter().filter(|part| part.currency == first.currency);
    let sum_minor = in_currency.fold(0_i64, |sum, part| sum.saturating_add(part.amount_minor));
    let sum = Money { amount_minor: sum_minor.min(AMOUNT_MAX), currency: first.currency };
    let value = in_the_shops_money(refund, first.currency).unwrap_or(sum);
    Some(Some(Refund::new(own?, created_at?, value)))
}

/// Where the customer paid in another currency than the shop's, what went back
/// as the shop counts it: its lines with their taxes, less its adjustments,
/// which are negative where more went back.
fn in_the_shops_money(refund: &Object<'_>, paid_in: Currency) -> Option<Money> {
    let mut currency = None;
    let mut sum_minor = 0_i64;
    for (list, sets, is_taken_off) in [
        ("refund_line_items", ["subtotal_set", "total_tax_set"], false),
        ("order_adjustments", ["amount_set", "tax_amount_set"], true),
    ] {
        let parts = refund.objects(list);
        for (part, set) in parts.iter().flat_map(|part| sets.map(|set| (part, set))) {
            let Some((money, is_negative)) = shop_money(part, set) else { continue };
            currency.get_or_insert(money.currency);
            let sign = if is_taken_off == is_negative { 1 } else { -1 };
            sum_minor = sum_minor.saturating_add(sign * money.amount_minor);
        }
    }
    let currency = currency.filter(|currency| *currency != paid_in)?;
    Some(Money { amount_minor: sum_minor.clamp(0, AMOUNT_MAX), currency })
}

/// An amount in the shop's own currency, and whether it is negative.
fn shop_money<'a>(object: &Object<'a>, set: &'a str) -> Option<(Money, bool)> {
    let money = object.optional_object(set)?.optional_object("shop_money")?;
    let is_negative = loose_text(&money, "amount").is_some_and(|text| text.starts_with('-'));
    Some((decimal(&money, "amount", money.currency("currency_code")?)?, is_negative))
}
