//! Fields as providers write them: ids as numbers or texts, times without a
//! zone, amounts as decimals, attributes as lists of names and values.

use crate::hooks::money;
use goodword::money::{Currency, Money};
use goodword::time::Instant;
use goodword_api::instant;
use goodword_api::limits::ID_BYTES_MAX;
use goodword_api::read::Object;
use serde_json::Value;

/// An id, which may be absent: a text, a whole number of any size, or an
/// object that has one.
pub fn optional_id<'a>(object: &Object<'a>, name: &'a str) -> Option<String> {
    let value = object.optional(name)?;
    let inner = value.as_object().and_then(|fields| fields.get("id"));
    match inner.unwrap_or(value) {
        Value::Number(number) if number.is_u64() => Some(number.to_string()),
        Value::String(text) if !text.is_empty() && text.len() <= ID_BYTES_MAX => Some(text.clone()),
        _ => {
            object.fault(name, "must be an id: a text or a whole number");
            None
        }
    }
}

/// The same, but it must be there.
pub fn id<'a>(object: &Object<'a>, name: &'a str) -> Option<String> {
    object.required(name)?;
    optional_id(object, name)
}

/// A text that may be absent, empty or something else altogether, where none
/// of that is a reason to lose an order.
pub fn loose_text<'a>(object: &Object<'a>, name: &'a str) -> Option<&'a str> {
    let text = object.optional(name)?.as_str()?;
    (!text.trim().is_empty()).then_some(text)
}

/// A whole number of seconds since 1970.
pub fn seconds<'a>(object: &Object<'a>, name: &'a str) -> Option<Instant> {
    // Beyond the year 9999 there are no orders.
    let seconds = object.integer(name, 0, 253_402_300_799)?;
    Some(Instant(seconds * 1_000))
}

/// An instant whose zone is UTC where it says none.
pub fn utc<'a>(object: &Object<'a>, name: &'a str) -> Option<Instant> {
    let text = object.text(name, ID_BYTES_MAX)?;
    let found = instant::read(text).or_else(|| instant::read(&format!("{text}Z")));
    if found.is_none() {
        object.fault(name, "must be an instant such as 2026-11-21T09:30:00");
    }
    found
}

/// A decimal amount of money.
pub fn decimal<'a>(object: &Object<'a>, name: &'a str, currency: Currency) -> Option<Money> {
    let text = object.text(name, ID_BYTES_MAX)?;
    let money = money::of_decimal(text, currency);
    if money.is_none() {
        object.fault(name, "must be an amount such as \"49.90\"");
    }
    money
}

/// The value of a named attribute: `[{"name": …, "value": …}]`, where the name
/// may be a `key`.
pub fn attribute(attributes: &[Object<'_>], name: &str) -> Option<String> {
    let named = |object: &&Object<'_>| {
        [loose_text(object, "name"), loose_text(object, "key")].contains(&Some(name))
    };
    let value = loose_text(attributes.iter().find(named)?, "value")?;
    Some(value.to_owned())
}
