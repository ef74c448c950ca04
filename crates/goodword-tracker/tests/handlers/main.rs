//! The handlers, run natively around a store in memory: what needs a clock
//! that the test moves, or a look into the store.

// A test may panic: that is how it fails.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

mod access;
mod budget;
mod checkout;
mod decisions;
mod experiments;
mod export;
mod faulty;
mod fuzz;
mod hooks;
mod leaderboard;
mod limits;
mod lists;
mod mail;
mod metering;
mod offer;
mod openapi;
mod people;
mod privacy;
mod ratings;
mod report;
mod rollup;
mod rotation;
mod second_level;
mod security;
mod session;
mod settlement;
mod shop;
mod standing;
mod summary;
mod warnings;
mod webhooks;
mod what_if;
