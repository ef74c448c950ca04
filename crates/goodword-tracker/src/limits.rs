//! Every limit of the service, with its reason. Sizes are in bytes.

/// Largest body of a request; the largest real one is a program's terms.
pub const BODY_BYTES_MAX: usize = 64 * 1_024;

/// How much of a body that is too large is read and dropped: whoever is cut off
/// while sending may never read why.
pub const BODY_BYTES_DROPPED_MAX: usize = 1_024 * 1_024;

/// How long after an order a page may report it, in milliseconds: as long as
/// a confirmation page stays open.
pub const PAGE_REPORT_MS_MAX: i64 = 3_600_000;

/// Most reports of one order by pages that are kept: anybody can send them.
pub const PAGE_REPORTS_MAX: usize = 5;

/// Most entries in one page of a list.
pub const PAGE_ENTRIES_MAX: usize = 1_000;

/// Entries in a page of a list when the caller does not say.
pub const PAGE_ENTRIES_DEFAULT: usize = 100;

/// Due orders that one settlement looks at. Each takes at most six KV
/// operations and each advocate three more; an invocation has 1,000.
pub const SETTLED_PER_CALL_MAX: usize = 100;

/// Pages of 1,000 keys that one settlement lists to find what is due.
pub const DUE_PAGES_MAX: usize = 10;

/// How long an advocate's token is good, in days. A page asks for a new one
/// with every visit of a signed-in customer.
pub const ADVOCATE_TOKEN_DAYS: u32 = 30;

/// Longest time between issue and end of an identity token, in seconds.
pub const IDENTITY_LIFE_SECONDS_MAX: i64 = 3 * 3_600;

/// How far the shop's clock may be off, in seconds.
pub const IDENTITY_LEEWAY_SECONDS: i64 = 5;

/// How long clicks and shares are kept, in days.
pub const TRAFFIC_DAYS: u32 = 400;

/// How long an order counts for its address and agent, in days: a rule looks
/// back seven, and a shop may report a day late.
pub const BUCKET_DAYS: u32 = 8;

/// How many derived codes an enrolment tries before it gives up: at a million
/// advocates the second is needed about once in all.
pub const CODE_TRIES_MAX: u8 = 8;

/// Clicks and shares that wait for one write at most, so that a batch stays
/// small enough for a key's metadata.
pub const TRAFFIC_BATCH_MAX: usize = 500;
