//! Tells the reader what is being done, and how many seconds it took.
//!
//! A step that takes a while says so first, so that nobody waits in front of silence; one that
//! finds its work done says only that. Steps may run beside each other, so every line names its
//! step.

use std::{
    io::{Write, stderr, stdout},
    time::Instant,
};

use anyhow::Result;

/// Writes a line, as `println!` does.
macro_rules! say {
    ($($text:tt)*) => { $crate::steps::line(&format!($($text)*)) };
}

/// Writes a line to standard output. A reader who has gone away is no reason to stop the work.
pub fn line(text: &str) {
    let _ = writeln!(stdout(), "{text}");
}

/// Writes a line to standard error, likewise.
pub fn complain(text: &str) {
    let _ = writeln!(stderr(), "{text}");
}

/// What a step found: words for the reader beside its value.
pub struct Told<T> {
    pub words: String,
    pub value: T,
}

/// A step's value with words for the reader.
pub fn told<T>(words: impl Into<String>, value: T) -> Told<T> {
    Told { words: words.into(), value }
}

/// A step under way.
pub struct Step(&'static str);

impl Step {
    /// Says what is being done: before work that takes a while, or as a line of the program that
    /// does it.
    pub fn says(&self, text: &str) {
        say!("  {:<10} {text}", self.0);
    }
}

/// Does a step and tells what it found, with its seconds.
pub fn step<T>(name: &'static str, work: impl FnOnce(&Step) -> Result<Told<T>>) -> Result<T> {
    let start = Instant::now();
    let step = Step(name);
    let told = work(&step)?;
    step.says(&format!("{} ({})", told.words, seconds(start)));
    Ok(told.value)
}

/// Seconds since an instant, to a tenth.
pub fn seconds(start: Instant) -> String {
    format!("{:.1} s", start.elapsed().as_secs_f64())
}
