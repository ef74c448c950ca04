//! Scenario tables: what a program does, told day by day in sentences that a
//! shop owner can read, in `tests/scenarios/*.txt`. The language is described
//! in `tests/scenarios/README.md`.
//!
//! One file runs at three levels by one runner:
//!
//! 1. [`levels::rules`]: the rules alone, their sets of facts built by hand.
//! 2. [`levels::shop`] over [`levels::handlers`]: the tracker's own handlers
//!    with a store in memory and a clock that the scenario moves.
//! 3. [`levels::shop`] over [`levels::live`]: HTTP against a running tracker,
//!    for scenarios that need no time travel.
//!
//! Nothing here decides about money: what is expected was computed by hand.

pub mod ledger;
pub mod levels;
pub mod moment;
pub mod parse;
pub mod programs;
pub mod report;
pub mod run;
pub mod scenario;
pub mod suite;
pub mod words;
