//! JSON objects, written field by field. `serde_json::json!` does the same by way of
//! serialisation, compiled anew for every place and type; these are a few small functions.

use alloc::string::String;
use alloc::vec::Vec;
use serde_json::{Map, Value};

/// What can be a field of an answer or of a record.
pub trait Json {
    /// As a JSON value.
    fn json(&self) -> Value;
}

/// Writes an object as `serde_json::json!` does: `object!({"name": value, ...})`.
#[macro_export]
macro_rules! object {
    ({ $($name:literal : $value:expr),* $(,)? }) => {{
        #[allow(unused_mut, reason = "an object may be empty")]
        let mut fields = ::serde_json::Map::new();
        $($crate::json::put(&mut fields, $name, &$value);)*
        ::serde_json::Value::Object(fields)
    }};
}

/// Adds a field.
#[inline(never)]
pub fn put<T: Json + ?Sized>(fields: &mut Map<String, Value>, name: &str, value: &T) {
    fields.insert(name.into(), value.json());
}

/// An object of fields with names of their own. Collecting them would sort
/// them first, with a sort compiled anew for every place.
pub fn named(fields: impl IntoIterator<Item = (String, Value)>) -> Map<String, Value> {
    let mut named = Map::new();
    named.extend(fields);
    named
}

/// Adds a field to what is an object already.
pub fn set<T: Json>(object: &mut Value, name: &str, value: T) {
    if let Value::Object(fields) = object {
        put(fields, name, &value);
    }
}

macro_rules! as_value {
    ($($kind:ty),*) => {$(
        impl Json for $kind {
            fn json(&self) -> Value {
                (*self).into()
            }
        }
    )*};
}

as_value!(bool, u8, u16, u32, u64, usize, i32, i64);

impl Json for str {
    fn json(&self) -> Value {
        self.into()
    }
}

impl Json for String {
    fn json(&self) -> Value {
        self.as_str().json()
    }
}

impl Json for Value {
    fn json(&self) -> Value {
        self.clone()
    }
}

impl Json for Map<String, Value> {
    fn json(&self) -> Value {
        Value::Object(self.clone())
    }
}

impl<T: Json + ?Sized> Json for &T {
    fn json(&self) -> Value {
        (**self).json()
    }
}

impl<T: Json> Json for Option<T> {
    fn json(&self) -> Value {
        self.as_ref().map_or(Value::Null, Json::json)
    }
}

impl<T: Json> Json for [T] {
    fn json(&self) -> Value {
        self.iter().map(Json::json).collect()
    }
}

impl<T: Json> Json for Vec<T> {
    fn json(&self) -> Value {
        self.as_slice().json()
    }
}
