//! What happened, as lines that a person can read, and as one number: equal
//! seeds have equal numbers.

use crate::calendar::written;
use std::cell::{Cell, RefCell};
use std::hash::{DefaultHasher, Hash, Hasher};

/// What happened in one run.
#[derive(Debug)]
pub struct History {
    digest: Cell<u64>,
    lines: Option<RefCell<Vec<String>>>,
}

impl History {
    /// An empty history. Lines cost time, so most runs keep the number only.
    #[must_use]
    pub fn new(keeps_lines: bool) -> Self {
        let lines = keeps_lines.then(RefCell::default);
        History { digest: Cell::default(), lines }
    }

    /// Something that only the number tells: an operation of the store.
    pub fn mix(&self, at_ms: i64, what: &str) {
        let mut hasher = DefaultHasher::new();
        (self.digest.get(), at_ms, what).hash(&mut hasher);
        self.digest.set(hasher.finish());
    }

    /// Something that people did or saw.
    pub fn tell(&self, at_ms: i64, line: impl FnOnce() -> String) {
        if let Some(lines) = &self.lines {
            lines.borrow_mut().push(format!("{}  {}", written(at_ms), line()));
        }
    }

    /// The number.
    #[must_use]
    pub fn digest(&self) -> u64 {
        self.digest.get()
    }

    /// The lines, where they were kept.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        self.lines.as_ref().map(|lines| lines.borrow().clone()).unwrap_or_default()
    }
}
