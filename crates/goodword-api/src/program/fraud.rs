//! Fraud rules, as an owner writes them. An absent rule is off.

use crate::read::Object;
use alloc::format;
use goodword::terms::{Block, Fraud, Review};

pub(super) fn read(part: &Object<'_>) -> Fraud {
    let block = part.optional_list("block").into_iter().filter_map(|(place, value)| {
        let rule = match value.as_str() {
            Some("self") => Some(Block::SelfReferral),
            Some("same_email") => Some(Block::SameEmail),
            Some("existing_customer") => Some(Block::ExistingCustomer),
            Some("already_referred") => Some(Block::AlreadyReferred),
            _ => None,
        };
        if rule.is_none() {
            let rules = "self, same_email, existing_customer, already_referred";
            part.fault(&place, format!("must be one of {rules}"));
        }
        rule
    });
    let fraud = Fraud {
        block: block.collect(),
        review: part.optional_object("review").map(|part| review(&part)).unwrap_or_default(),
    };
    part.refuse_unknown();
    fraud
}

fn review(part: &Object<'_>) -> Review {
    let threshold = |name| part.optional_integer(name, 1, 1_000_000).map(|number| number as u32);
    let review = Review {
        bucket_orders_7d: threshold("bucket_orders_7d"),
        code_orders_1d: threshold("code_orders_1d"),
        value_over_median: threshold("value_over_median"),
        seconds_after_click: threshold("seconds_after_click"),
        disposable_mail: part
            .optional("disposable_mail")
            .and_then(|_| part.flag("disposable_mail"))
            .unwrap_or(false),
    };
    part.refuse_unknown();
    review
}
