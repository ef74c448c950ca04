//! Reads what the script knows: named texts, each `name=text`, separated by [`END`].
//!
//! The script flattens the tracker's JSON into names with dots (`me.rewards.0.status`) and
//! takes control characters out of every text, so that no text can pose as another entry.
//! Money, percentages and dates arrive as the reader would write them, counts as digits.

use crate::bytes::{cut, pieces, read_count};

/// Ends an entry: the unit separator, which no text contains.
pub const END: u8 = 0x1f;

/// What the script knows, by name. Where a name comes twice, the first one counts.
#[derive(Clone, Copy, Debug)]
pub struct Record<'a> {
    entries: &'a [u8],
}

impl<'a> Record<'a> {
    /// Takes the record as it came across the border; nothing in it can be malformed.
    pub fn new(entries: &'a [u8]) -> Self {
        Self { entries }
    }

    /// The text named by `path` and `key` written together, unless it is absent. A path says
    /// where (`me.rewards.0`), a key what of it (`.status`).
    pub fn get(self, path: &[u8], key: &[u8]) -> Option<&'a [u8]> {
        pieces(self.entries, END).find_map(|entry| {
            let (name, text) = cut(entry, b'=')?;
            let is_it = name.len() == path.len() + key.len();
            (is_it && name.starts_with(path) && name.ends_with(key)).then_some(text)
        })
    }

    /// The same, with nothing in place of what is absent.
    pub fn text(self, path: &[u8], key: &[u8]) -> &'a [u8] {
        self.get(path, key).unwrap_or_default()
    }

    /// The count of that name; what is absent or is not a count is none.
    pub fn count(self, name: &[u8]) -> u32 {
        read_count(self.text(b"", name))
    }

    /// Whether the script says so.
    pub fn is(self, name: &[u8]) -> bool {
        self.get(b"", name).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_found_by_their_whole_name() {
        let known = Record::new(b"me.code=ANNA\x1fme.code=EVE\x1fn=12\x1fnote=a=b\nc");
        let check = |path: &str, key: &str, text: Option<&str>| {
            let found = known.get(path.as_bytes(), key.as_bytes());
            assert_eq!(found, text.map(str::as_bytes));
        };
        check("me", ".code", Some("ANNA"));
        check("", "me.code", Some("ANNA"));
        check("me", ".cod", None);
        check("", "code", None);
        check("", "note", Some("a=b\nc"));
        check("", "", None);
        assert_eq!(known.text(b"", b"absent"), b"");
        assert_eq!(known.count(b"n"), 12);
        assert_eq!(known.count(b"absent"), 0);
        assert!(known.is(b"note"));
        assert!(!known.is(b"not"));
    }
}
