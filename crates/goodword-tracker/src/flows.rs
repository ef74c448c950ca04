//! The flows that money takes: an order is reported, refunded, settled; an
//! advocate is enrolled. Each gathers what it needs, lets the rules decide,
//! and writes facts before indexes.

pub mod conversion;
pub mod cron;
pub mod data_request;
pub mod delivery;
pub mod enrolment;
pub mod erasure;
pub mod friend_index;
pub mod hook;
pub mod kept_answer;
pub mod leaderboard;
pub mod other_order;
pub mod people;
pub mod refund;
pub mod resending;
pub mod review;
pub mod reward;
pub mod rollup;
pub mod settlement;
pub mod standing;
pub mod what_if;
