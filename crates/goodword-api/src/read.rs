//! Reads JSON and collects every fault with its place. A reader never stops
//! at the first: whoever wrote the request can mend it in one go.

use crate::instant;
use crate::problem::{Code, FieldFault, Problem};
use alloc::format;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::cell::RefCell;
use goodword::money::{Currency, Money};
use goodword::time::Instant;
use serde_json::{Map, Value};

type Faults = Rc<RefCell<Vec<FieldFault>>>;

/// An object of a request, and the faults found so far in the whole request.
pub struct Object<'a> {
    place: String,
    fields: &'a Map<String, Value>,
    known: RefCell<Vec<&'a str>>,
    faults: Faults,
}

/// Parses a body as JSON.
///
/// # Errors
/// `malformed_json`, saying where.
pub fn parse(body: &[u8]) -> Result<Value, Problem> {
    serde_json::from_slice(body).map_err(|error| {
        let place = format!("line {}, column {}", error.line(), error.column());
        Problem::new(Code::MalformedJson, format!("The body is not valid JSON at {place}."))
    })
}

/// Reads a whole request with `read`; succeeds when it found no fault and
/// every field was asked for.
///
/// # Errors
/// `invalid_field` or `unknown_field`, with all faults.
pub fn request<'a, T>(
    body: &'a Value,
    read: impl FnOnce(&Object<'a>) -> Option<T>,
) -> Result<T, Problem> {
    foreign(body, |root| {
        let value = read(root);
        root.refuse_unknown();
        value
    })
}

/// The same for a body that somebody else defined, who may add fields at any
/// time: what is not asked for is no fault.
///
/// # Errors
/// `invalid_field`, with all faults.
pub fn foreign<'a, T>(
    body: &'a Value,
    read: impl FnOnce(&Object<'a>) -> Option<T>,
) -> Result<T, Problem> {
    let root = Object::root(body)?;
    let value = read(&root).filter(|_| root.faults.borrow().is_empty());
    value.ok_or_else(|| root.problem())
}

impl<'a> Object<'a> {
    fn root(body: &'a Value) -> Result<Self, Problem> {
        let Value::Object(fields) = body else {
            return Err(Problem::field("(body)", "must be a JSON object"));
        };
        let place = String::new();
        Ok(Object { place, fields, known: RefCell::default(), faults: Faults::default() })
    }

    fn problem(&self) -> Problem {
        Problem::fields(self.faults.take())
    }

    /// The path of a field of this object.
    #[must_use]
    pub fn path(&self, name: &str) -> String {
        if self.place.is_empty() { name.into() } else { format!("{}.{name}", self.place) }
    }

    /// Notes that something is wrong with a field.
    pub fn fault(&self, name: &str, detail: impl Into<String>) {
        self.fault_at(self.path(name), detail.into(), false);
    }

    fn fault_at(&self, field: String, detail: String, is_unknown: bool) {
        self.faults.borrow_mut().push(FieldFault { field, detail, is_unknown });
    }

    /// Whether a fault was noted at this path or below it.
    #[must_use]
    pub fn has_fault_near(&self, field: &str) -> bool {
        let faults = self.faults.borrow();
        faults.iter().any(|fault| field.starts_with(&fault.field) || fault.field.starts_with(field))
    }

    /// A field that may be absent or null.
    pub fn optional(&self, name: &'a str) -> Option<&'a Value> {
        self.known.borrow_mut().push(name);
        self.fields.get(name).filter(|value| !value.is_null())
    }

    /// A field that must be there.
    pub fn required(&self, name: &'a str) -> Option<&'a Value> {
        let value = self.optional(name);
        if value.is_none() {
            self.fault(name, "is required");
        }
        value
    }

    /// A field that must be there and may be null.
    pub fn nullable(&self, name: &'a str) -> Option<&'a Value> {
        if !self.fields.contains_key(name) {
            self.fault(name, "is required (it may be null)");
        }
        self.optional(name)
    }

    /// A text that must be there, not empty, at most so many bytes.
    pub fn text(&self, name: &'a str, bytes_max: usize) -> Option<&'a str> {
        self.required(name).and_then(|value| self.as_text(name, value, bytes_max))
    }

    /// The same, but it may be absent.
    pub fn optional_text(&self, name: &'a str, bytes_max: usize) -> Option<&'a str> {
        self.optional(name).and_then(|value| self.as_text(name, value, bytes_max))
    }

    /// A field's value as text.
    pub fn as_text(&self, name: &str, value: &'a Value, bytes_max: usize) -> Option<&'a str> {
        let Some(text) = value.as_str() else {
            self.fault(name, format!("must be a text, found {}", kind_of(value)));
            return None;
        };
        if text.trim().is_empty() {
            self.fault(name, "must not be empty");
        } else if text.len() > bytes_max {
            let detail = format!("has {} bytes, at most {bytes_max} are allowed", text.len());
            self.fault(name, detail);
        } else {
            return Some(text);
        }
        None
    }

    /// One of a few words.
    pub fn word<T: Copy>(&self, name: &'a str, words: &[(&str, T)]) -> Option<T> {
        let value = self.required(name)?;
        let found = words.iter().find(|(word, _)| value.as_str() == Some(word));
        if found.is_none() {
            let allowed: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            let detail = format!("must be one of {}, found {}", allowed.join(", "), shown(value));
            self.fault(name, detail);
        }
        found.map(|(_, meaning)| *meaning)
    }

    /// True or false.
    pub fn flag(&self, name: &'a str) -> Option<bool> {
        let value = self.required(name)?;
        if value.as_bool().is_none() {
            self.fault(name, format!("must be true or false, found {}", shown(value)));
        }
        value.as_bool()
    }

    /// A whole number between `least` and `most`.
    pub fn integer(&self, name: &'a str, least: i64, most: i64) -> Option<i64> {
        self.required(name).and_then(|value| self.as_integer(name, value, least, most))
    }

    /// The same, but it may be absent.
    pub fn optional_integer(&self, name: &'a str, least: i64, most: i64) -> Option<i64> {
        self.optional(name).and_then(|value| self.as_integer(name, value, least, most))
    }

    fn as_integer(&self, name: &str, value: &Value, least: i64, most: i64) -> Option<i64> {
        match value.as_i64() {
            Some(number) if (least..=most).contains(&number) => Some(number),
            Some(number) => {
                self.fault(name, format!("is {number}, must be between {least} and {most}"));
                None
            }
            None => {
                self.fault(name, format!("must be a whole number, found {}", shown(value)));
                None
            }
        }
    }

    /// An instant that must be there.
    pub fn instant(&self, name: &'a str) -> Option<Instant> {
        self.required(name).and_then(|value| self.as_instant(name, value))
    }

    /// An instant that may be null, but must be there.
    pub fn nullable_instant(&self, name: &'a str) -> Option<Instant> {
        self.nullable(name).and_then(|value| self.as_instant(name, value))
    }

    fn as_instant(&self, name: &str, value: &Value) -> Option<Instant> {
        let instant = value.as_str().and_then(instant::read);
        if instant.is_none() {
            let detail = "must be an instant such as 2026-11-21T09:30:00Z, found";
            self.fault(name, format!("{detail} {}", shown(value)));
        }
        instant
    }

    /// An amount of money that must be there.
    pub fn money(&self, name: &'a str) -> Option<Money> {
        self.required(name)?;
        self.optional_money(name)
    }

    /// An amount of money that may be absent.
    pub fn optional_money(&self, name: &'a str) -> Option<Money> {
        let money = self.optional_object(name)?;
        let amount_minor = money.integer("amount_minor", 0, goodword::limits::AMOUNT_MAX);
        let currency = money.currency("currency");
        money.refuse_unknown();
        Some(Money { amount_minor: amount_minor?, currency: currency? })
    }

    /// A currency code.
    pub fn currency(&self, name: &'a str) -> Option<Currency> {
        let value = self.required(name)?;
        let currency = value.as_str().and_then(Currency::parse);
        if currency.is_none() {
            let detail = "must be an ISO 4217 code such as EUR, found";
            self.fault(name, format!("{detail} {}", shown(value)));
        }
        currency
    }

    /// An object that must be there.
    pub fn object(&self, name: &'a str) -> Option<Object<'a>> {
        self.required(name)?;
        self.optional_object(name)
    }

    /// An object that may be absent.
    pub fn optional_object(&self, name: &'a str) -> Option<Object<'a>> {
        self.optional(name).and_then(|value| self.as_object(name, value))
    }

    /// A field's value as an object.
    pub fn as_object(&self, name: &str, value: &'a Value) -> Option<Object<'a>> {
        let Value::Object(fields) = value else {
            self.fault(name, format!("must be an object, found {}", kind_of(value)));
            return None;
        };
        let faults = Rc::clone(&self.faults);
        Some(Object { place: self.path(name), fields, known: RefCell::default(), faults })
    }

    /// A list that may be absent, each entry with its place.
    pub fn optional_list(&self, name: &'a str) -> Vec<(String, &'a Value)> {
        self.optional(name).map(|value| self.as_list(name, value)).unwrap_or_default()
    }

    fn as_list(&self, name: &str, value: &'a Value) -> Vec<(String, &'a Value)> {
        let Value::Array(entries) = value else {
            self.fault(name, format!("must be a list, found {}", kind_of(value)));
            return Vec::new();
        };
        let place = |(index, entry)| (format!("{name}[{index}]"), entry);
        entries.iter().enumerate().map(place).collect()
    }

    /// A list of objects that may be absent.
    pub fn objects(&self, name: &'a str) -> Vec<Object<'a>> {
        self.optional_list(name)
            .into_iter()
            .filter_map(|(place, entry)| self.as_object(&place, entry))
            .collect()
    }

    /// A list of texts that may be absent.
    pub fn texts(&self, name: &'a str, bytes_max: usize) -> Vec<&'a str> {
        let entries = self.optional_list(name).into_iter();
        entries.filter_map(|(place, entry)| self.as_text(&place, entry, bytes_max)).collect()
    }

    /// The fields whose names the request chooses.
    pub fn entries(&self) -> impl Iterator<Item = (&'a str, &'a Value)> {
        self.fields.iter().map(|(name, value)| {
            self.known.borrow_mut().push(name);
            (name.as_str(), value)
        })
    }

    /// Notes a fault for every field that was not asked for.
    pub fn refuse_unknown(&self) {
        let known = self.known.borrow();
        for name in self.fields.keys().filter(|name| !known.contains(&name.as_str())) {
            let shown: String = name.chars().take(60).collect();
            self.fault_at(self.path(&shown), "is not a known field".into(), true);
        }
    }
}

fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// What was found, short enough for a sentence.
fn shown(value: &Value) -> String {
    match value {
        Value::Array(_) | Value::Object(_) => kind_of(value).into(),
        _ => value.to_string().chars().take(60).collect(),
    }
}
