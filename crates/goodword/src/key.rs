//! Opaque identities. A [`Key`] names a person or an order without telling
//! anything about them: whoever runs the rules derives it (the tracker by
//! keyed hash), the rules only compare.

use alloc::string::String;
use core::fmt;

/// 128 bits that name a person or an order. Shown as 32 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(pub [u8; 16]);

impl Key {
    /// Reads 32 lower-case hexadecimal digits, and nothing else: a key has
    /// exactly one spelling.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.as_bytes();
        if digits.len() != 32 {
            return None;
        }
        let mut bytes = [0; 16];
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            let [high, low] = pair else { return None };
            *byte = hex_value(*high)? << 4 | hex_value(*low)?;
        }
        Some(Key(bytes))
    }
}

fn hex_value(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A person: advocate or friend.
pub type PersonKey = Key;

/// An order, whatever platform took it.
pub type OrderKey = Key;

/// The id of a program: 1 to 40 of `a-z 0-9 -`, beginning with a letter
/// or digit, so that it is safe in keys, paths and attributes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ProgramId(String);

impl ProgramId {
    /// Reads an id, or says it is none.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let safe = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-');
        let fits = !text.is_empty() && text.len() <= crate::limits::PROGRAM_ID_BYTES_MAX;
        (fits && !text.starts_with('-') && text.bytes().all(safe)).then(|| ProgramId(text.into()))
    }

    /// An id that stands in for one that could not be read, while the other
    /// faults of a program are collected.
    #[must_use]
    pub fn stand_in() -> Self {
        ProgramId("-".into())
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ProgramId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn a_key_has_one_spelling() {
        let text = "00ff10a0b0c0d0e0f00102030405060a";
        assert_eq!(Key::parse(text).map(|key| key.to_string()).as_deref(), Some(text));
        for bad in [
            "",
            "00ff",
            &text.to_uppercase(),
            &text.replace('a', "g"),
            &text.replace("00ff", "é0f"),
        ] {
            assert_eq!(Key::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn program_ids() {
        for good in ["a", "demo", "0-9", &"x".repeat(40)] {
            assert!(ProgramId::parse(good).is_some(), "{good}");
        }
        for bad in ["", "-a", "Demo", "a b", "a/b", "ä", &"x".repeat(41)] {
            assert!(ProgramId::parse(bad).is_none(), "{bad}");
        }
    }
}
