//! Every limit of a program's terms, with its reason. Lengths are in
//! bytes of UTF-8, amounts in minor units.

/// Longest program id: it is part of every key, and a key has 512 bytes.
pub const PROGRAM_ID_BYTES_MAX: usize = 40;

/// Longest name, label or unit: shown in one line of a panel.
pub const NAME_BYTES_MAX: usize = 200;

/// Longest text an owner may override: a message fits any channel.
pub const TEXT_BYTES_MAX: usize = 2_000;

/// Longest address of a destination or an origin.
pub const URL_BYTES_MAX: usize = 1_000;

/// Most entries in any list of the terms: a page must be able to show them.
pub const LIST_MAX: usize = 100;

/// Largest amount: a thousand times the largest plausible order, and far
/// from overflow when multiplied by two factors in 128 bits.
pub const AMOUNT_MAX: i64 = 1_000_000_000_000;

/// Longest attribution window and hold, in days: ten years.
pub const DAYS_MAX: u32 = 3_650;

/// Largest factor of a boost or group: a hundredfold.
pub const FACTOR_BP_MAX: u32 = 1_000_000;

/// Largest percent reward: the whole order.
pub const BASIS_POINTS_MAX: u32 = 10_000;

/// How much later than its order a click may seem: the clocks of shop and
/// tracker differ, ten minutes is beyond any honest difference.
pub const CLOCK_DIFFERENCE_MS: i64 = 10 * 60 * 1_000;
