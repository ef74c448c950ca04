//! The whole system by seed.
//!
//! Shops, advocates and friends act over weeks of virtual time; the product's
//! own handlers answer them over a store that fails as Workers KV does; an
//! oracle that shares no code with the product says what must come out. The
//! same seed makes the same history.
//!
//! 1. [`plan`]: who does what when, and what goes wrong, drawn from the seed.
//! 2. [`world`]: virtual time. [`kv`]: the store and its faults.
//! 3. [`simulation`]: people act, handlers run beside each other and die.
//! 4. [`oracle`]: what must come out, from what people were told.
//!
//! # What this crate does not do
//!
//! It makes no network request, reads no clock and knows nothing of how the
//! product keeps its facts, save which keys say when to look next.

// A run is a test: it indexes what it just made, and a mistake must end it.
#![allow(clippy::indexing_slicing)]

pub mod calendar;
pub mod facts;
pub mod history;
pub mod kv;
pub mod oracle;
pub mod plan;
pub mod random;
pub mod requests;
pub mod simulation;
pub mod terms;
pub mod world;
