//! The tracker: HTTP, Workers KV and cron around the rules.
//!
//! Handlers take plain values ([`http::Request`], a [`store::Store`], the
//! present, randomness) and return plain values, so that the very same code
//! runs on the edge and in native tests. The `worker` crate appears only in
//! `edge`, `binding`, `store::kv`, `limiter::binding`, `sender::fetch`, `mail::binding`,
//! `access::platform`, where `log` writes and where `hashing` lowers letters.
//! Nothing here decides about money.

// `mutant!` is its right value in every ordinary build.
#![allow(clippy::redundant_locals)]

pub mod access;
pub mod address;
#[cfg(target_arch = "wasm32")]
mod binding;
pub mod books;
pub mod directory;
pub mod disposable_mail;
#[cfg(target_arch = "wasm32")]
mod edge;
pub mod events;
pub mod export;
pub mod flows;
pub mod hashing;
pub mod hooks;
pub mod html;
pub mod http;
pub mod identity;
mod jwt;
pub mod keys;
pub mod limiter;
pub mod limits;
pub mod lists;
mod log;
pub mod mail;
pub mod orders;
pub mod outbox;
pub mod programs;
pub mod random;
pub mod records;
pub mod report;
pub mod robots;
pub mod router;
mod routes;
pub mod sealing;
pub mod security;
pub mod sender;
pub mod settings;
pub mod signing;
pub mod store;
pub mod tracker;
pub mod traffic;
pub mod walk;
pub mod warnings;
