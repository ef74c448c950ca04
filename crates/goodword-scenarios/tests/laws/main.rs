//! Laws of the rules, each over as many random cases as its time allows, at
//! most 100,000. `GOODWORD_LAW_SECONDS` sets the time of one law, and a failure
//! names the `GOODWORD_LAW_SEED` that repeats it.

// A test may panic: that is how it fails.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod attribution;
mod book;
mod facts;
mod made;
mod money;
mod trial;
