//! What the fields of records hold: texts, numbers, lists and pairs.

use super::{Faults, Kept, write_entry};
use serde_json::Value;
use std::fmt::Write;

impl Kept for String {
    fn from_json(found: Option<&Value>, faults: &mut Faults) -> Self {
        faults.or_empty(found.and_then(Value::as_str).map(str::to_owned))
    }

    fn write_json(&self, text: &mut String) {
        Value::from(self.as_str()).write_json(text);
    }
}

impl Kept for bool {
    fn from_json(found: Option<&Value>, faults: &mut Faults) -> Self {
        faults.or_empty(found.and_then(Value::as_bool))
    }

    fn write_json(&self, text: &mut String) {
        text.push_str(if *self { "true" } else { "false" });
    }

    fn is_nothing(&self) -> bool {
        !self
    }
}

impl Kept for i64 {
    fn from_json(found: Option<&Value>, faults: &mut Faults) -> Self {
        faults.or_empty(found.and_then(Value::as_i64))
    }

    fn write_json(&self, text: &mut String) {
        let _ = write!(text, "{self}");
    }
}

macro_rules! smaller {
    ($($number:ty)*) => {
        $(impl Kept for $number {
            fn from_json(found: Option<&Value>, faults: &mut Faults) -> Self {
                let number = i64::from_json(found, faults);
                faults.or_empty(number.try_into().ok())
            }

            fn write_json(&self, text: &mut String) {
                i64::try_from(*self).unwrap_or(i64::MAX).write_json(text);
            }
        })*
    };
}

smaller!(u8 u32 usize);

/// What others wrote and is kept as it is.
impl Kept for Value {
    fn from_json(found: Option<&Value>, faults: &mut Faults) -> Self {
        faults.or_empty(found.cloned())
    }

    fn write_json(&self, text: &mut String) {
        let _ = write!(text, "{self}");
    }
}

impl<T: Kept> Kept for Option<T> {
    fn from_json(found: Option<&Value>, faults: &mut Faults) -> Self {
        match found {
            None | Some(Value::Null) => None,
            found => Some(T::from_json(found, faults)),
        }
    }

    fn write_json(&self, text: &mut String) {
        match self {
            Some(value) => value.write_json(text),
            None => text.push_str("null"),
        }
    }

    fn is_nothing(&self) -> bool {
        self.is_none()
    }
}

impl<T: Kept> Kept for Vec<T> {
    fn from_json(found: Option<&Value>, faults: &mut Faults) -> Self {
        let entries = found.and_then(Value::as_array);
        if entries.is_none() {
            faults.note();
        }
        let mut read = Vec::new();
        for entry in entries.into_iter().flatten() {
            read.push(T::from_json(Some(entry), faults));
        }
        read
    }

    fn write_json(&self, text: &mut String) {
        text.push('[');
        for entry in self {
            write_entry(text, entry);
        }
        text.push(']');
    }

    fn is_nothing(&self) -> bool {
        self.is_empty()
    }
}

/// As many entries as were agreed on.
impl<T: Kept, const COUNT: usize> Kept for [T; COUNT] {
    fn from_json(found: Option<&Value>, faults: &mut Faults) -> Self {
        let mut entries = faults.entries(found, COUNT);
        std::array::from_fn(|_| T::from_json(entries.next(), faults))
    }

    fn write_json(&self, text: &mut String) {
        text.push('[');
        for entry in self {
            write_entry(text, entry);
        }
        text.push(']');
    }
}

macro_rules! tuple {
    ($count:literal: $($part:ident $place:tt),*) => {
        impl<$($part: Kept),*> Kept for ($($part,)*) {
            fn from_json(found: Option<&Value>, faults: &mut Faults) -> Self {
                let mut entries = faults.entries(found, $count);
                ($($part::from_json(entries.next(), faults),)*)
            }

            fn write_json(&self, text: &mut String) {
                text.push('[');
                $(write_entry(text, &self.$place);)*
                text.push(']');
            }
        }
    };
}

tuple!(2: A 0, B 1);
tuple!(3: A 0, B 1, C 2);
tuple!(4: A 0, B 1, C 2, D 3);
