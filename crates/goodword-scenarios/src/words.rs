//! A line as words. A text in double quotes is one word, and a comma is a
//! word of its own, so that sentences can be taken apart without regard to
//! spaces.

/// A line's words, and how far they were read.
#[derive(Clone, Debug)]
pub struct Words<'a> {
    words: Vec<&'a str>,
    next: usize,
}

impl<'a> Words<'a> {
    /// Splits a line.
    ///
    /// # Errors
    /// That a quotation does not end.
    pub fn of(line: &'a str) -> Result<Self, String> {
        let mut words = Vec::new();
        let mut rest = line.trim();
        while !rest.is_empty() {
            let length = match rest.strip_prefix('"') {
                Some(quoted) => quoted.find('"').ok_or("a quotation does not end")? + 2,
                None if rest.starts_with(',') => 1,
                None => rest.find([' ', ',']).unwrap_or(rest.len()),
            };
            let (word, after) = rest.split_at(length);
            words.push(word);
            rest = after.trim_start();
        }
        Ok(Words { words, next: 0 })
    }

    /// The next word, which stays.
    #[must_use]
    pub fn peek(&self) -> Option<&'a str> {
        self.words.get(self.next).copied()
    }

    /// The word after the next, which stays.
    #[must_use]
    pub fn peek_second(&self) -> Option<&'a str> {
        self.words.get(self.next + 1).copied()
    }

    /// The next word.
    ///
    /// # Errors
    /// That there is none; `what` says what was expected.
    pub fn word(&mut self, what: &str) -> Result<&'a str, String> {
        let word = self.peek().ok_or_else(|| format!("{what} is missing at the end"))?;
        self.next += 1;
        Ok(word)
    }

    /// Takes a phrase if it comes next.
    pub fn take(&mut self, phrase: &str) -> bool {
        let words: Vec<&str> = phrase.split(' ').collect();
        let ahead = self.words.get(self.next..).unwrap_or_default();
        let is_next = ahead.starts_with(&words);
        if is_next {
            self.next += words.len();
        }
        is_next
    }

    /// Takes a phrase that must come next.
    ///
    /// # Errors
    /// That something else does.
    pub fn expect(&mut self, phrase: &str) -> Result<(), String> {
        if self.take(phrase) {
            return Ok(());
        }
        Err(format!("expected \"{phrase}\", found {}", self.found()))
    }

    /// That the line ends here.
    ///
    /// # Errors
    /// That it goes on.
    pub fn end(&self) -> Result<(), String> {
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(format!("the sentence should end before {}", self.found())),
        }
    }

    /// The next word, quoted, for messages.
    #[must_use]
    pub fn found(&self) -> String {
        self.peek().map_or_else(|| "the end".to_owned(), |word| format!("\"{word}\""))
    }
}

/// The text of a quoted word; `None` where it has no quotes.
#[must_use]
pub fn unquoted(word: &str) -> Option<&str> {
    word.strip_prefix('"')?.strip_suffix('"')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, words: &[&str]) {
        assert_eq!(Words::of(line).unwrap().words, words);
    }

    #[test]
    fn words() {
        check("  a  b ", &["a", "b"]);
        check("buys A-1, typing anna", &["buys", "A-1", ",", "typing", "anna"]);
        check(
            "gets gift \"A tour, free\" pending",
            &["gets", "gift", "\"A tour, free\"", "pending"],
        );
        assert!(Words::of("gets gift \"A tour").is_err());
    }

    #[test]
    fn phrases_are_taken_whole_or_not_at_all() {
        let mut words = Words::of("is an advocate").unwrap();
        assert!(!words.take("is not"));
        assert!(words.take("is an"));
        assert!(words.expect("customer").is_err());
        assert!(words.expect("advocate").is_ok() && words.end().is_ok());
    }
}
