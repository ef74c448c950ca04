//! The routes of the contract, a small file each. A handler gathers, lets
//! somebody decide, and answers.

pub(crate) mod advocate_list;
pub(crate) mod advocates;
pub(crate) mod claims;
pub(crate) mod clicks;
pub(crate) mod conversion_list;
pub(crate) mod conversions;
pub(crate) mod decisions;
pub(crate) mod export;
pub(crate) mod health;
pub(crate) mod hooks;
pub(crate) mod leaderboard;
pub(crate) mod link;
pub(crate) mod me;
pub(crate) mod offer;
pub(crate) mod other_orders;
pub(crate) mod people;
pub(crate) mod program;
pub(crate) mod qr;
pub(crate) mod ratings;
pub(crate) mod refunds;
pub(crate) mod report;
pub(crate) mod rewards;
pub(crate) mod session;
pub(crate) mod settle;
pub(crate) mod shares;
pub(crate) mod warnings;
pub(crate) mod webhooks;
pub(crate) mod what_if;
