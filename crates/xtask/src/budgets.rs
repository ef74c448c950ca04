//! What the parts may weigh at most, and why. `size` fails beyond.

/// The loader, brotli: what dub's analytics script weighs, which is all that a shop's page gains
/// where nobody opens the panel.
pub const LOADER_BROTLI_BYTES_MAX: u64 = 1_500;

/// The share panel, scripts with their Wasm and signs together, brotli: 12 KiB, which it nearly is,
/// and 8 what it is to become. A small hand-written panel weighs 5, a usual
/// widget ninety, and on a slow line this is one round trip's worth of patience.
pub const PANEL_BROTLI_BYTES_MAX: u64 = 12_288;

/// The question, brotli, in place of the panel's script, whose panel it leads to: what is reached,
/// rounded up.
pub const QUESTION_BROTLI_BYTES_MAX: u64 = 12_150;

/// The leaderboard, brotli, likewise; it has no panel.
pub const LEADERBOARD_BROTLI_BYTES_MAX: u64 = 3_400;

/// The Worker's Wasm, gzip, as Cloudflare counts it: what is reached and half a percent, beneath
/// the 400,000 that it may have. The free plan takes 3 MB; what is small starts fast.
pub const WORKER_GZIP_BYTES_MAX: u64 = 390_000;
