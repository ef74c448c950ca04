//! Values by schema: good ones, ones that are wrong in one place, and ones
//! that are nothing at all.

use super::document::Document;
use super::random::Random;
use proptest::strategy::{Strategy, ValueTree};
use proptest::string::string_regex;
use proptest::test_runner::TestRunner;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// What answers said, by the name of the field it stood in, and what the test
/// put there: a code is only worth trying if there is such a code.
#[derive(Default)]
pub struct Known(pub BTreeMap<String, Vec<Value>>);

/// As many values of one name as are remembered.
const REMEMBERED_MAX: usize = 50;

impl Known {
    pub fn add(&mut self, name: &str, value: Value) {
        let values = self.0.entry(name.to_owned()).or_default();
        if values.len() < REMEMBERED_MAX && !values.contains(&value) {
            values.push(value);
        }
    }

    /// Remembers every text in an answer.
    pub fn learn(&mut self, answer: &Value) {
        match answer {
            Value::Object(fields) => {
                for (name, value) in fields {
                    match value {
                        Value::String(text) if text.len() < 500 => self.add(name, value.clone()),
                        _ => self.learn(value),
                    }
                }
            }
            Value::Array(entries) => entries.iter().for_each(|entry| self.learn(entry)),
            _ => {}
        }
    }

    /// A value that was seen under a name, or under one that ends like it:
    /// `id` is whatever ends in `_id`, `cursor` is `next_cursor`.
    pub fn one(&self, name: &str, random: &mut Random) -> Option<Value> {
        let ending = format!("_{name}");
        let fits = |(known, _): &(&String, _)| **known == name || known.ends_with(&ending);
        let all: Vec<&Value> = self.0.iter().filter(fits).flat_map(|(_, values)| values).collect();
        (!all.is_empty()).then(|| (*random.of(&all)).clone())
    }
}

/// A value that a schema allows; most of the time one that was seen before
/// under its name.
pub fn good(
    document: &Document,
    schema: &Value,
    name: &str,
    known: &Known,
    random: &mut Random,
) -> Value {
    let schema = document.resolved(schema);
    if let Some(allowed) = schema["enum"].as_array() {
        return random.of(allowed).clone();
    }
    if let Some(value) = schema.get("const") {
        return value.clone();
    }
    let is_text = schema["type"] == "string";
    if is_text
        && random.percent(80)
        && let Some(value) = known.one(name, random)
    {
        return value;
    }
    if let Some(parts) = schema["allOf"].as_array() {
        return all_of(document, schema, parts, known, random);
    }
    for choice in ["anyOf", "oneOf"] {
        if let Some(schemas) = schema[choice].as_array() {
            let schema = random.of(schemas).clone();
            return good(document, &schema, name, known, random);
        }
    }
    let kind = match &schema["type"] {
        Value::Array(kinds) => random.of(kinds).clone(),
        kind => kind.clone(),
    };
    match kind.as_str() {
        Some("object") => object(document, schema, known, random),
        Some("array") => {
            let least = schema["minItems"].as_u64().unwrap_or(0) as usize;
            let length = least + random.below(3);
            let entry = |random: &mut Random| good(document, &schema["items"], name, known, random);
            (0..length).map(|_| entry(random)).collect()
        }
        Some("string") => text(schema, random).into(),
        Some("integer" | "number") => number(schema, random).into(),
        Some("boolean") => random.percent(50).into(),
        Some("null") => Value::Null,
        // Nothing is said, or only what must be there: anything goes.
        _ => object(document, schema, known, random),
    }
}

/// The fields of all parts; of those that exclude each other one.
fn all_of(
    document: &Document,
    schema: &Value,
    parts: &[Value],
    known: &Known,
    random: &mut Random,
) -> Value {
    let alternatives = schema["oneOf"].as_array().cloned().unwrap_or_default();
    let chosen = (!alternatives.is_empty()).then(|| random.below(alternatives.len()));
    let names = |index: usize| alternatives[index]["required"].as_array().cloned();
    let mut whole = Map::new();
    for part in parts {
        let part = document.resolved(part);
        whole
            .extend(object(document, part, known, random).as_object().cloned().unwrap_or_default());
        for name in chosen.and_then(names).unwrap_or_default() {
            let name = name.as_str().unwrap();
            if let Some(schema) = part["properties"].get(name) {
                whole.insert(name.to_owned(), good(document, schema, name, known, random));
            }
        }
    }
    for other in (0..alternatives.len()).filter(|index| Some(*index) != chosen) {
        for name in names(other).unwrap_or_default() {
            whole.remove(name.as_str().unwrap());
        }
    }
    Value::Object(whole)
}

fn object(document: &Document, schema: &Value, known: &Known, random: &mut Random) -> Value {
    let required = schema["required"].as_array().cloned().unwrap_or_default();
    let mut made = Map::new();
    for (name, schema) in schema["properties"].as_object().into_iter().flatten() {
        if required.contains(&json!(name)) || random.percent(50) {
            made.insert(name.clone(), good(document, schema, name, known, random));
        }
    }
    if schema["additionalProperties"].is_object() && random.percent(50) {
        let value = good(document, &schema["additionalProperties"], "", known, random);
        made.insert(random.of(&["en", "staff", "pl"]).to_string(), value);
    }
    Value::Object(made)
}

fn number(schema: &Value, random: &mut Random) -> i64 {
    let least = schema["minimum"].as_i64().unwrap_or(0);
    let most = schema["maximum"].as_i64().unwrap_or(1_000_000);
    match random.below(4) {
        0 => least,
        1 => most,
        _ => least + (random.next() % (most - least + 1).unsigned_abs()) as i64,
    }
}

fn text(schema: &Value, random: &mut Random) -> String {
    if let Some(pattern) = schema["pattern"].as_str() {
        let pattern = pattern.trim_start_matches('^').trim_end_matches('$');
        let strategy = string_regex(pattern).unwrap();
        return strategy.new_tree(&mut runner(random)).unwrap().current();
    }
    match schema["format"].as_str() {
        Some("date-time") => format!("2024-10-0{}T12:00:00Z", 1 + random.below(4)),
        Some("date") => format!("2024-10-0{}", 1 + random.below(4)),
        Some("uri") => "https://shop.example/tea".to_owned(),
        Some("email") => format!("guest-{}@mail.example", random.below(50)),
        _ => {
            let most = schema["maxLength"].as_u64().unwrap_or(30).min(30) as usize;
            let least = schema["minLength"].as_u64().unwrap_or(0).min(30) as usize;
            let length = least + random.below(most - least + 1);
            (0..length).map(|_| *random.of(&['a', 'Z', '7', '-', '_', 'ż', '茶', ' '])).collect()
        }
    }
}

fn runner(random: &mut Random) -> TestRunner {
    use proptest::test_runner::{Config, RngAlgorithm, TestRng};
    let seed: Vec<u8> = (0..4).flat_map(|_| random.next().to_le_bytes()).collect();
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &seed);
    TestRunner::new_with_rng(Config::default(), rng)
}

/// The same value with something wrong in one place.
pub fn broken(value: &Value, random: &mut Random) -> Value {
    let mut places = Vec::new();
    super::super::fuzz::places(value, "", &mut places);
    let mut value = value.clone();
    let place = random.of(&places).clone();
    let Some(found) = value.pointer_mut(&place) else { return value };
    match (random.below(3), found) {
        (0, Value::Object(fields)) if !fields.is_empty() => {
            let names: Vec<String> = fields.keys().cloned().collect();
            fields.remove(random.of(&names));
        }
        (1, Value::Object(fields)) => {
            fields.insert("colour".to_owned(), nonsense(random));
        }
        (_, found) => *found = nonsense(random),
    }
    value
}

/// Something that nobody expects.
pub fn nonsense(random: &mut Random) -> Value {
    match random.below(14) {
        0 => Value::Null,
        1 => json!(-1),
        2 => json!(i64::MAX),
        3 => json!(u64::MAX),
        4 => json!(1.5e300),
        5 => json!(""),
        6 => json!("x".repeat(5_000)),
        7 => json!("\u{202e}\u{0}\r\n<script>=cmd|' /C calc'!A0"),
        8 => json!([]),
        9 => json!({}),
        10 => json!([null, [[[]]], {"a": {}}]),
        11 => json!("9999-12-31T23:59:60Z"),
        12 => json!("../../%2e%2e/%00"),
        _ => json!(true),
    }
}
