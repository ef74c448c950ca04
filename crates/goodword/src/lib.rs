//! The rules of a referral program.
//!
//! A program promises rewards to an *advocate* (a customer who recommends)
//! and to a *friend* (the person recommended). This crate decides who earned
//! what, from facts alone:
//!
//! 1. [`terms`]: what a program promises, parsed once; an invalid
//!    [`Program`](terms::Program) cannot exist.
//! 2. [`order`]: the facts of one order, folded into what they say together.
//! 3. [`attribution`]: which advocate earned each order of a friend, or why
//!    nobody did.
//! 4. [`book`]: an advocate's attributed orders, folded into rewards with
//!    their ladder, boosts, caps and milestones.
//! 5. [`reward`]: a reward, its identity, its status and its ledger entries.
//!
//! Every fold is a function of a *set*: neither the order in which facts
//! arrived nor how often they did can change a result.
//!
//! # What this crate does not do
//!
//! It has no clock (the time is an argument), no randomness, no input or
//! output, no serialization, no hashing and no keys. Persons and orders
//! arrive as opaque [`Key`](key::Key)s; who made them is not its business.
//!
//! It depends on nothing but `libm`, and on that only for the probabilities
//! of [`experiment`]: no float is near money.

#![no_std]
// `mutant!` is its right value in every ordinary build.
#![allow(clippy::redundant_locals)]

extern crate alloc;

pub mod attribution;
pub mod book;
pub mod claim;
pub mod code;
pub mod experiment;
pub mod invitations;
pub mod key;
pub mod limits;
pub mod metrics;
pub mod money;
pub mod mutants;
pub mod order;
pub mod rating;
pub mod review;
pub mod reward;
pub mod sorted;
pub mod terms;
pub mod time;
