//! Texts as bytes: reading, cutting and writing them.
//!
//! The widget never looks inside a character, so UTF-8 passes through as it came, and cuts
//! happen at ASCII marks, which are no part of any other character. The standard library's
//! searches and its growing buffers would be a fifth of the download.

/// Whether two texts are the same. Compared in place, each constant would bring code of its own.
#[inline(never)]
pub fn same(one: &[u8], other: &[u8]) -> bool {
    one == other
}

/// What stands before and behind the first `mark`.
pub fn cut(text: &[u8], mark: u8) -> Option<(&[u8], &[u8])> {
    let at = text.iter().position(|byte| *byte == mark)?;
    Some((text.get(..at)?, text.get(at + 1..)?))
}

/// The pieces between marks; one more than there are marks.
pub fn pieces(text: &[u8], mark: u8) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(text);
    core::iter::from_fn(move || {
        let text = rest?;
        let (piece, behind) = match cut(text, mark) {
            Some((piece, behind)) => (piece, Some(behind)),
            None => (text, None),
        };
        rest = behind;
        Some(piece)
    })
}

/// A text being written into a place of fixed size: what goes beyond is left out. A buffer that
/// could grow would carry the code for it.
pub struct Buffer<'a> {
    place: &'a mut [u8],
    used: usize,
}

impl<'a> Buffer<'a> {
    /// Nothing yet.
    pub fn new(place: &'a mut [u8]) -> Self {
        Self { place, used: 0 }
    }

    /// Appends a text, unless there is no room for it.
    pub fn push(&mut self, text: &[u8]) {
        let room = self.place.get_mut(self.used..).unwrap_or_default();
        if let Some(room) = room.get_mut(..text.len()) {
            for (place, byte) in room.iter_mut().zip(text) {
                *place = *byte;
            }
            self.used += text.len();
        }
    }

    /// Appends a count in digits.
    pub fn push_count(&mut self, count: u32) {
        if count > 9 {
            self.push_count(count / 10);
        }
        self.push(&[b'0' + (count % 10) as u8]);
    }

    /// What is written.
    pub fn text(&self) -> &[u8] {
        self.place.get(..self.used).unwrap_or_default()
    }

    /// Forgets what is written.
    pub fn clear(&mut self) {
        self.used = 0;
    }
}

/// Reads digits. What is too large is the largest there is; other letters do not count.
pub fn read_count(digits: &[u8]) -> u32 {
    digits.iter().filter(|letter| letter.is_ascii_digit()).fold(0, |count: u32, digit| {
        count.saturating_mul(10).saturating_add(u32::from(digit - b'0'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_at_the_first_mark() {
        let check = |text: &str, pair: Option<(&str, &str)>| {
            let pair = pair.map(|(before, behind)| (before.as_bytes(), behind.as_bytes()));
            assert_eq!(cut(text.as_bytes(), b'|'), pair);
        };
        check("a|b|c", Some(("a", "b|c")));
        check("|", Some(("", "")));
        check("茶|🍵", Some(("茶", "🍵")));
        check("ab", None);
        check("", None);
    }

    #[test]
    fn pieces_are_as_the_standard_library_splits() {
        for text in ["", "|", "a", "a|b", "|a||茶|", "🍵"] {
            let ours: Vec<&[u8]> = pieces(text.as_bytes(), b'|').collect();
            let theirs: Vec<&[u8]> = text.split('|').map(str::as_bytes).collect();
            assert_eq!(ours, theirs, "{text:?}");
        }
    }

    #[test]
    fn counts_are_read_and_written() {
        let check = |text: &str, count| assert_eq!(read_count(text.as_bytes()), count);
        check("0", 0);
        check("7", 7);
        check("1200", 1200);
        check("", 0);
        check("many", 0);
        check("99999999999999", u32::MAX);

        for (count, text) in [(0, "0"), (9, "9"), (10, "10"), (u32::MAX, "4294967295")] {
            let mut place = [0; 10];
            let mut out = Buffer::new(&mut place);
            out.push_count(count);
            assert_eq!(out.text(), text.as_bytes());
        }
    }

    #[test]
    fn a_full_buffer_stays_as_it_is() {
        let mut place = [0; 3];
        let mut out = Buffer::new(&mut place);
        out.push(b"abc");
        out.push(b"d");
        assert_eq!(out.text(), b"abc");
        out.clear();
        out.push(b"de");
        assert_eq!(out.text(), b"de");
    }
}
