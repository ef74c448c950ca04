//! The OpenAPI document, as the fuzzer reads it: operations, and whether a
//! value is what a schema says.

use jsonschema::Validator;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The document, with the schemas that were needed so far made ready.
pub struct Document {
    root: Value,
    validators: BTreeMap<String, Validator>,
}

/// One method of one path.
#[derive(Clone, Debug)]
pub struct Operation {
    pub method: String,
    pub path: String,
    pub parameters: Vec<Value>,
    pub content: Value,
    pub responses: Value,
    /// Who may call it: names of security schemes; empty: anybody.
    pub callers: Vec<String>,
}

impl Document {
    pub fn read() -> Self {
        let text = include_str!("../../../../../www/openapi.json");
        Document { root: serde_json::from_str(text).unwrap(), validators: BTreeMap::new() }
    }

    pub fn operations(&self) -> Vec<Operation> {
        let mut operations = Vec::new();
        for (path, item) in self.root["paths"].as_object().unwrap() {
            for method in ["get", "put", "post", "delete"] {
                let Some(operation) = item.get(method) else { continue };
                let of = |part: &Value| part["parameters"].as_array().cloned().unwrap_or_default();
                let security = operation["security"].as_array().cloned().unwrap_or_default();
                let names =
                    |one: &Value| one.as_object().and_then(|one| one.keys().next().cloned());
                operations.push(Operation {
                    method: method.to_uppercase(),
                    path: path.clone(),
                    parameters: [of(item), of(operation)].concat(),
                    content: operation["requestBody"]["content"].clone(),
                    responses: operation["responses"].clone(),
                    callers: security.iter().filter_map(names).collect(),
                });
            }
        }
        operations
    }

    /// A schema, whatever it refers to put in its place.
    pub fn resolved<'a>(&'a self, schema: &'a Value) -> &'a Value {
        match schema["$ref"].as_str() {
            Some(place) => self.resolved(self.root.pointer(&place[1..]).unwrap()),
            None => schema,
        }
    }

    /// What is wrong with a value; `None` if it is what a schema says.
    pub fn fault(&mut self, schema: &Value, value: &Value) -> Option<String> {
        self.faults(schema, value, |error| Some(error.to_owned()))
    }

    /// Whether a field of this name is missing in a value.
    pub fn misses(&mut self, schema: &Value, value: &Value, name: &str) -> bool {
        let missing = format!("\"{name}\" is a required property");
        self.faults(schema, value, |error| error.starts_with(&missing).then_some(())).is_some()
    }

    /// The first fault that a function makes something of.
    fn faults<T>(
        &mut self,
        schema: &Value,
        value: &Value,
        of: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let components = &self.root["components"];
        let validator = self.validators.entry(schema.to_string()).or_insert_with(|| {
            let whole = json!({"components": components, "allOf": [schema]});
            jsonschema::draft202012::new(&whole).unwrap()
        });
        let mut errors = validator.iter_errors(value);
        errors.find_map(|error| of(&format!("{error} at {}", error.instance_path())))
    }
}
