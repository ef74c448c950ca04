//! Writes the panel's tree as DOM operations, from markup in a notation of five characters:
//!
//! | markup | operation | means |
//! |---|---|---|
//! | `<p` | U+0001 | open an element inside the current one |
//! | `@part=note` | U+0002 | set an attribute |
//! | `'Hello` | U+0003 | append text |
//! | `>` | U+0005 | close the current element |
//!
//! U+0004 stands around a count, which the script writes in the reader's digits. Within an
//! attribute U+0006 stands around what the script has to encode for an address.
//!
//! Markup and texts have gaps. What fills them goes in as it is, and holds no control
//! characters (the script took them out of the record): no text can pose as an operation, and
//! a person who is called `{reward}` stays so.
//!
//! | gap | filled with |
//! |---|---|
//! | `{t.copy}` | the text of that name, its own gaps filled |
//! | `{n.visits}` | the same in its form for the current count |
//! | `{n}` | the current count |
//! | `{reward}` | the reward at the current path, in words |
//! | `{me.code}`, `{.status}` | the record's entry; with a dot before it, that of the current path |

use crate::bytes::{Buffer, cut, same};
use crate::record::Record;
use crate::{rewards, texts};

/// Stands before and behind what an attribute holds encoded for an address. The script does the
/// encoding, as the browser knows how: `%20` for a space, never `+`, which mail programs and
/// messengers would show as a plus sign.
pub const ENCODED: u8 = 6;

/// Stands before and behind a count, wherever it is: the browser knows the reader's digits and
/// separators.
const COUNT: u8 = 4;

/// The operations written so far, and what the gaps speak of.
pub struct Page<'a> {
    /// What the script knows.
    pub known: Record<'a>,
    /// Where in the record the current thing is.
    pub path: Buffer<'a>,
    /// The current count.
    pub count: u32,
    /// The operations.
    pub out: Buffer<'a>,
}

impl<'a> Page<'a> {
    /// A page with nothing on it, and where its path and its operations go.
    pub fn new(known: Record<'a>, path: &'a mut [u8], out: &'a mut [u8]) -> Self {
        Self { known, path: Buffer::new(path), count: 0, out: Buffer::new(out) }
    }

    /// Writes markup, its gaps filled.
    pub fn put(&mut self, markup: &[u8]) {
        self.fill(markup, true);
    }

    /// Writes a text, its gaps filled.
    pub fn say(&mut self, text: &[u8]) {
        self.fill(text, false);
    }

    /// Writes the text named by `path` and `key` together apart from the page.
    pub fn say_into(&mut self, apart: &mut Buffer<'a>, path: &[u8], key: &[u8]) {
        core::mem::swap(&mut self.out, apart);
        self.say(self.known.text(path, key));
        core::mem::swap(&mut self.out, apart);
    }

    /// Turns to a thing in the record.
    pub fn turn_to(&mut self, path: &[u8]) {
        self.path.clear();
        self.path.push(path);
    }

    /// Turns to a reward, and tells whether there is one.
    pub fn turn_to_reward(&mut self, path: &[u8]) -> bool {
        self.turn_to(path);
        !self.of_this(b".gives").is_empty()
    }

    /// Turns to a list's item, if the list has that many: its items have a `key`.
    pub fn turn_to_item(&mut self, list: &[u8], position: u32, key: &[u8]) -> bool {
        self.turn_to(list);
        self.path.push(b".");
        self.path.push_count(position);
        self.known.get(self.path.text(), key).is_some()
    }

    /// What the record tells of the current thing.
    pub fn of_this(&self, key: &[u8]) -> &'a [u8] {
        self.known.text(self.path.text(), key)
    }

    fn fill(&mut self, template: &[u8], is_markup: bool) {
        let mut rest = template;
        while !rest.is_empty() {
            let (literal, behind) = cut(rest, b'{').unwrap_or((rest, b""));
            for letter in literal {
                let operation = if is_markup { operation(*letter) } else { *letter };
                self.out.push(&[operation]);
            }
            let (gap, behind) = cut(behind, b'}').unwrap_or_default();
            self.gap(gap);
            rest = behind;
        }
    }

    fn gap(&mut self, name: &[u8]) {
        let known = self.known;
        let (place, key) = cut(name, b'.').unwrap_or((name, name));
        if same(name, b"n") {
            self.out.push(&[COUNT]);
            self.out.push_count(self.count);
            self.out.push(&[COUNT]);
        } else if same(name, b"reward") {
            rewards::words(self);
        } else if same(place, b"t") {
            self.say(known.text(b"", name));
        } else if same(place, b"n") {
            self.say(texts::form(known, known.text(b"t.", key), self.count));
        } else {
            // With nothing before the dot it is said of the current thing.
            let path = if place.is_empty() { self.path.text() } else { b"" };
            self.out.push(known.text(path, name));
        }
    }
}

fn operation(letter: u8) -> u8 {
    match letter {
        b'<' => 1,
        b'@' => 2,
        b'\'' => 3,
        b'>' => 5,
        plain => plain,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: &[u8] = b"t.copy=Copy <b> {name}\x1ft.visits={n} visit|{n} visits\x1f\
        forms=1011\x1fname=@#'>{n}\x1fa.0.at=5\x1fa.1.at=7";

    #[test]
    fn markup_becomes_operations_and_values_stay_values() {
        let check = |markup: &str, operations: &str| {
            let (mut path, mut out) = ([0; 16], [0; 99]);
            let mut page = Page::new(Record::new(KNOWN), &mut path, &mut out);
            page.turn_to(b"a.0");
            page.count = 3;
            page.put(markup.as_bytes());
            assert_eq!(page.out.text(), operations.as_bytes());
        };
        check("", "");
        check("<p@part=note'Hello>", "\u{1}p\u{2}part=note\u{3}Hello\u{5}");
        check("<b'{n}>", "\u{1}b\u{3}\u{4}3\u{4}\u{5}");
        check("'{t.copy}!", "\u{3}Copy <b> @#'>{n}!");
        check("'{n.visits}", "\u{3}\u{4}3\u{4} visits");
        check("'{name}{.at}", "\u{3}@#'>{n}5");
        check("'{unknown}{t.unknown}{open", "\u{3}");
    }

    #[test]
    fn a_list_ends_where_its_items_do() {
        let (mut path, mut out) = ([0; 16], []);
        let mut page = Page::new(Record::new(KNOWN), &mut path, &mut out);
        assert!(page.turn_to_item(b"a", 1, b".at"));
        assert_eq!(page.of_this(b".at"), b"7");
        assert!(!page.turn_to_item(b"a", 2, b".at"));
        assert!(!page.turn_to_item(b"b", 0, b".at"));
    }
}
