//! Adds fields to JSON objects that have some already.

use serde_json::Value;

/// Sets a field of an object.
pub(crate) fn set(object: &mut Value, name: &str, value: impl Into<Value>) {
    if let Value::Object(fields) = object {
        fields.insert(name.into(), value.into());
    }
}
