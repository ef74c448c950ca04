//! The contract: the JSON bodies of `/v1`, converted into and out of the
//! rules' types.
//!
//! A request is read with [`read::Object`], which collects every fault with
//! its place instead of stopping at the first. An answer is written by
//! functions that take the rules' values. Nothing is decided here.

#![no_std]

extern crate alloc;

pub mod channel;
pub mod event;
pub mod instant;
pub mod json;
pub mod limits;
pub mod offer;
pub mod problem;
pub mod program;
pub mod read;
pub mod requests;
pub mod reward;
pub mod sign;
pub mod webhooks;
