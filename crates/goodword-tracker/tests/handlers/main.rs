//! The handlers, run natively around a store in memory: what needs a clock
//! that the test moves, or a look into the store.

mod decisions;
mod privacy;
mod settlement;
mod shop;
