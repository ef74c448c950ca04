//! What happened, as lines that a person can read, and as one number: equal
//! seeds have equal numbers.

use crate::calendar::written;
use std::cell::{Cell, RefCell};

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
        History { digest: Cell::new(0xcbf2_9ce4_8422_2325), lines }
    }

    /// Something that only the number tells: an operation of the store.
    pub fn mix(&self, at_ms: i64, what: &str) {
        // FNV-1a, which is enough to tell two histories apart.
        let time = at_ms.to_be_bytes();
        let bytes = time.iter().chain(what.as_bytes());
        let digest = bytes.fold(self.digest.get(), |digest, byte| {
            (digest ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
        });
        self.digest.set(digest);
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
