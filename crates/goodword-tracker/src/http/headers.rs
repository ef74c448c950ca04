//! The headers of a request or an answer: a dozen at most, so a list. The `http` crate's map of
//! them is a sixtieth of the Worker.

/// Names in lower case, each once, with their values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Headers(Vec<(String, String)>);

impl Headers {
    /// A header's value.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.iter().find(|(each, _)| *each == name).map(|(_, value)| value)
    }

    /// Puts a header in place of one of that name.
    pub fn set(&mut self, name: &str, value: &str) {
        self.0.retain(|(each, _)| each != name);
        self.0.push((name.to_owned(), value.to_owned()));
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

/// Whether a value can be sent as it is: printable ASCII.
#[must_use]
pub fn is_plain(value: &str) -> bool {
    value.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\t'))
}
