//! How a record stands as JSON: an object with its fields in their order, and
//! what a field is as what it holds. One declaration, `record!`, makes the
//! struct, its reader and its writer.
//!
//! A reader takes what it finds from a parsed [`Value`] and goes on when
//! something is not as it must be: the fault is noted, the field is empty, and
//! whoever reads the whole throws it away. So a reader is one call a field,
//! and what it is called with is small: derived ones were a tenth of the
//! Worker. A writer is a table of the fields, for one function that writes
//! them all.
//!
//! What a record has beside the fields that are asked for is of no interest:
//! a newer version may have written it.

mod holds;

use crate::store::StoreError;
use serde_json::Value;
use std::slice::Iter;

/// What stands in a record.
pub trait Kept {
    /// Reads it from what was found at its place, which may be nothing.
    fn from_json(found: Option<&Value>, faults: &mut Faults) -> Self
    where
        Self: Sized;

    /// Writes it.
    fn write_json(&self, text: &mut String);

    /// Whether it says no more than its absence would.
    fn is_nothing(&self) -> bool {
        false
    }
}

/// What a reader found wrong with a record.
#[derive(Default)]
pub struct Faults {
    /// The field that is being read.
    place: &'static str,
    first: Option<&'static str>,
}

impl Faults {
    /// The first field that is not as it must be; empty for the whole.
    #[must_use]
    pub fn first(&self) -> Option<&'static str> {
        self.first
    }

    /// That there are none.
    ///
    /// # Errors
    /// The first, in the record under this key.
    pub fn none(&self, key: &str) -> Result<(), StoreError> {
        let place = match self.first {
            None => return Ok(()),
            Some("") => "it",
            Some(field) => field,
        };
        Err(StoreError(format!("{key} is unreadable: {place} is missing or of another kind")))
    }

    /// Notes that what is being read is not as it must be.
    pub fn note(&mut self) {
        self.first = self.first.or(Some(self.place));
    }

    /// What was read, or something empty and a fault.
    pub fn or_empty<T: Default>(&mut self, read: Option<T>) -> T {
        if read.is_none() {
            self.note();
        }
        read.unwrap_or_default()
    }

    /// A field of an object; it is what is being read from now on.
    #[inline(never)]
    pub fn field<'a>(&mut self, found: Option<&'a Value>, name: &'static str) -> Option<&'a Value> {
        let fields = found.and_then(Value::as_object);
        if fields.is_none() {
            self.note();
        }
        self.place = name;
        fields.and_then(|fields| fields.get(name))
    }

    /// A field that older records lack.
    pub fn field_or_empty<T: Kept + Default>(
        &mut self,
        found: Option<&Value>,
        name: &'static str,
    ) -> T {
        match self.field(found, name) {
            None => T::default(),
            found => T::from_json(found, self),
        }
    }

    /// The entries of a list that has so many.
    #[inline(never)]
    pub fn entries<'a>(&mut self, found: Option<&'a Value>, count: usize) -> Iter<'a, Value> {
        let entries = found.and_then(Value::as_array).filter(|entries| entries.len() == count);
        if entries.is_none() {
            self.note();
        }
        entries.map(Vec::as_slice).unwrap_or_default().iter()
    }

    /// Which of several things was found: its name, and what it holds, if
    /// there is more to it than a name.
    #[inline(never)]
    pub fn variant<'a>(&mut self, found: Option<&'a Value>) -> (&'a str, Option<&'a Value>) {
        let named = match found {
            Some(Value::String(name)) => Some((name.as_str(), None)),
            Some(Value::Object(fields)) if fields.len() == 1 => {
                fields.iter().next().map(|(name, inside)| (name.as_str(), Some(inside)))
            }
            _ => None,
        };
        self.or_empty(named)
    }
}

/// When a field is written.
pub enum Written {
    /// Always.
    Always,
    /// While there is something in it.
    Something,
    /// Never.
    Never,
}

/// Writes an object.
#[inline(never)]
pub fn write_fields(text: &mut String, fields: &[(&str, Written, &dyn Kept)]) {
    text.push('{');
    let mut before = "\"";
    for (name, written, value) in fields {
        let is_written = match written {
            Written::Always => true,
            Written::Something => !value.is_nothing(),
            Written::Never => false,
        };
        if is_written {
            text.push_str(before);
            text.push_str(name);
            text.push_str("\":");
            value.write_json(text);
            before = ",\"";
        }
    }
    text.push('}');
}

/// Writes one of several things: its name and what it holds.
pub fn write_variant(text: &mut String, name: &str, inside: &dyn Kept) {
    write_fields(text, &[(name, Written::Always, inside)]);
}

/// Writes an entry of a list that was begun.
#[inline(never)]
pub fn write_entry(text: &mut String, entry: &dyn Kept) {
    if !text.ends_with('[') {
        text.push(',');
    }
    entry.write_json(text);
}

/// Declares a record: the struct with its reader and writer. A field may say
/// what is special about it:
///
/// - `= later`: older records lack it, and it is empty then;
/// - `= spared`: the same, and it is not written while there is nothing in it;
/// - `= apart`: it is kept elsewhere, and whoever reads the record fills it in.
///
/// Without a word a field must be there, unless it is an `Option`.
macro_rules! record {
    (
        $(#[$about:meta])*
        $seen:vis struct $record:ident {
            $(
                $(#[$field_about:meta])*
                $field_seen:vis $field:ident: $holds:ty $(= $word:ident)?,
            )*
        }
    ) => {
        $(#[$about])*
        $seen struct $record {
            $($(#[$field_about])* $field_seen $field: $holds,)*
        }

        impl $crate::records::record::Kept for $record {
            fn from_json(
                found: Option<&::serde_json::Value>,
                faults: &mut $crate::records::record::Faults,
            ) -> Self {
                $record {
                    $($field: $crate::records::record::record!(@read found faults $field $($word)?),)*
                }
            }

            fn write_json(&self, text: &mut String) {
                $crate::records::record::write_fields(text, &[
                    $((
                        stringify!($field),
                        $crate::records::record::record!(@written $($word)?),
                        &self.$field,
                    ),)*
                ]);
            }
        }
    };
    (@read $found:ident $faults:ident $field:ident) => {
        $crate::records::record::Kept::from_json($faults.field($found, stringify!($field)), $faults)
    };
    (@read $found:ident $faults:ident $field:ident apart) => { Default::default() };
    (@read $found:ident $faults:ident $field:ident $later:ident) => {
        $faults.field_or_empty($found, stringify!($field))
    };
    (@written) => { $crate::records::record::Written::Always };
    (@written later) => { $crate::records::record::Written::Always };
    (@written spared) => { $crate::records::record::Written::Something };
    (@written apart) => { $crate::records::record::Written::Never };
}

pub(crate) use record;
