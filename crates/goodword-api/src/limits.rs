//! Limits of request fields, in bytes of UTF-8, each with its reason.

/// Longest id of an order, a refund or a customer: generous for any
/// platform, short enough for a KV key's metadata.
pub const ID_BYTES_MAX: usize = 200;

/// Longest e-mail address (RFC 5321, section 4.5.3.1).
pub const EMAIL_BYTES_MAX: usize = 254;

/// Longest display name: one line of a panel.
pub const DISPLAY_NAME_BYTES_MAX: usize = 100;

/// Longest claim as text; ours have 65 bytes, the contract promises 120.
pub const CLAIM_BYTES_MAX: usize = 120;

/// Longest code as text: what is longer was not typed by anybody.
pub const CODE_BYTES_MAX: usize = 100;

/// Longest identity token: a JWT with a name and an address.
pub const IDENTITY_BYTES_MAX: usize = 4_096;

/// Longest note or coupon of a decision: it stays small enough to come with a
/// listing.
pub const NOTE_BYTES_MAX: usize = 300;

/// Longest name on a leaderboard, in letters: one line on a phone.
pub const BOARD_NAME_LETTERS_MAX: usize = 40;

/// Longest comment on a rating: two hundred letters of any alphabet, which sealed
/// still come with a listing.
pub const COMMENT_BYTES_MAX: usize = 600;

/// Most lines of an order.
pub const LINES_MAX: usize = 200;

/// Most endpoints of a program: an event goes to each, and an invocation has a
/// bounded number of requests.
pub const ENDPOINTS_MAX: usize = 3;

/// Longest address of an endpoint.
pub const ENDPOINT_URL_BYTES_MAX: usize = 500;

/// Longest id of an event; ours have 36 bytes.
pub const EVENT_ID_BYTES_MAX: usize = 64;
