//! Every limit of the service, with its reason. Sizes are in bytes.

/// Largest body of a request; the largest real one is a program's terms.
pub const BODY_BYTES_MAX: usize = 64 * 1_024;

/// Largest body of a provider's webhook: an order with hundreds of lines.
pub const WEBHOOK_BODY_BYTES_MAX: usize = 1_024 * 1_024;

/// How much more of a body that is too large is read and dropped: whoever is
/// cut off while sending may never read why.
pub const BODY_BYTES_DROPPED_MAX: usize = 1_024 * 1_024;

/// How far a webhook's own time may lie from ours, in seconds, before or
/// after: Stripe's libraries allow as much.
pub const WEBHOOK_TOLERANCE_SECONDS: i64 = 300;

/// How long after an order a page may report it, in milliseconds: as long as
/// a confirmation page stays open.
pub const PAGE_REPORT_MS_MAX: i64 = 3_600_000;

/// Most reports of one order by pages that are kept: anybody can send them.
pub const PAGE_REPORTS_MAX: usize = 5;

/// Places of a leaderboard that are shown.
pub const LEADERBOARD_SHOWN: usize = 10;

/// Places that are kept, so that there are others when some leave: as many as one
/// read of a hundred keys can tell the names and standings of.
pub const LEADERBOARD_KEPT: usize = 30;

/// How old a leaderboard becomes before the next round through the books, in
/// milliseconds: a write an hour is little of the free plan's thousand a day.
pub const LEADERBOARD_MS: i64 = 3_600_000;

/// Operations of one run of the cron on the leaderboard of a program, one for
/// each member: a thousand are gone through in an hour.
pub const OPERATIONS_TO_LEAD_MAX: usize = 250;

/// The same of a settlement by hand, which may use nearly all others itself.
pub const OPERATIONS_TO_LEAD_BY_HAND: usize = 20;

/// Most entries in one page of a list.
pub const PAGE_ENTRIES_MAX: usize = 1_000;

/// Entries in a page of a list when the caller does not say.
pub const PAGE_ENTRIES_DEFAULT: usize = 100;

/// Orders of one person that an export of their data shows; each takes one KV
/// operation, and each advocate who brought them another.
pub const PERSON_ORDERS_MAX: usize = 200;

/// How long it is kept that somebody asked for their data, in days: Shopify
/// gives a shop as many to answer.
pub const DATA_REQUEST_DAYS: u32 = 30;

/// Operations that a run of the cron spends on erasing everybody, where that
/// was asked for: half of an invocation's, so that what is due is settled
/// beside it.
pub const OPERATIONS_TO_ERASE_MAX: usize = 480;

/// Operations without which nobody is erased in such a run: four reads, three
/// writes, what they said of the shop, their name on the leaderboard, and the
/// identities of somebody who changed their address now and then.
pub const OPERATIONS_PER_PERSON: usize = 14;

/// Operations that such a run spends on finding who is left: 200,000 advocates,
/// whom a month's runs could erase.
pub const OPERATIONS_TO_FIND_PEOPLE_MAX: usize = 200;

/// Advocates whom somebody invited and in whose books a panel looks for what
/// that earns them: one operation each.
pub const PANEL_INVITED_MAX: usize = 200;

/// Orders of their own for which a panel looks what they get as a friend: about
/// seven operations each.
pub const PANEL_ORDERS_MAX: usize = 50;

/// KV operations that a what-if may spend on walking through the facts of
/// orders; who their advocates are takes a few hundred more at most.
pub const WHAT_IF_OPERATIONS_MAX: usize = 400;

/// Orders that a what-if looks at; each may take four keys to read, a hundred
/// to an operation.
pub const WHAT_IF_ORDERS_MAX: usize = 10_000;

/// KV operations that one page of a list may spend on walking through keys;
/// what it reads beside them is a few hundred at most. An invocation has 1,000.
pub const LIST_OPERATIONS_MAX: usize = 400;

/// Orders or advocates that one page of a list looks at, however few of them
/// fit: each may take six keys to read, a hundred to an operation.
pub const LIST_GROUPS_MAX: usize = 5_000;

/// Orders of a page whose other names (a provider's) are looked under for
/// refunds that came before anybody knew the name; two or three lists each.
pub const LIST_NAMED_MAX: usize = 100;

/// Orders or advocates that are looked up together.
pub const BATCH_GROUPS: usize = 100;

/// Advocates in whose books a list looks for an order. More than one has an
/// order that came with several claims.
pub const ORDER_CODES_MAX: usize = 3;

/// Due orders that one settlement looks at: nine operations each where every
/// one is another advocate's and nothing is out of the ordinary.
pub const SETTLED_PER_CALL_MAX: usize = 100;

/// Operations that one invocation asks of the store. Workers KV allows 1,000;
/// the rest is for what is found out only on the way.
pub const OPERATIONS_PER_CALL_MAX: usize = 960;

/// Operations without which a run of the cron does not begin with a program:
/// reading it, listing what is due, and settling one order.
pub const OPERATIONS_PER_PROGRAM_MIN: usize = 30;

/// Operations that a due order takes where it is the only one of its advocate:
/// the book, the order, its friend, the advocates it points to, its slot, and
/// what settling it takes.
pub const OPERATIONS_PER_ORDER: usize = 9;

/// Operations that a settlement keeps for each order it has looked at: the
/// slot, the outcome, a milestone, and forgetting that it was due.
pub const OPERATIONS_TO_SETTLE: usize = 4;

/// Operations that a settlement spends at most on finding out whose orders
/// are that were nobody's: five each, which leaves enough to settle them.
pub const OPERATIONS_TO_FIND_MAX: usize = 300;

/// How long an order waits whose advocate has no record, in milliseconds,
/// before it is attributed again: far longer than any staleness.
pub const NAMELESS_MS: i64 = 86_400_000;

/// Pages of 1,000 keys that one settlement lists to find what is due.
pub const DUE_PAGES_MAX: usize = 10;

/// Orders that blocking or unblocking an advocate has looked at in one call:
/// each takes two KV operations; an invocation has 1,000.
pub const STANDING_ORDERS_MAX: usize = 400;

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

/// Clicks and shares that wait for one write at most. Those of about forty
/// advocates fit into a key's metadata; larger batches are read a hundred at
/// a time.
pub const TRAFFIC_BATCH_MAX: usize = 500;

/// Clicks of one address in a minute. A school or a mobile network is one
/// address, and a launch may send a class at once; beyond it friends still get
/// to the shop with their claim, only the statistics stop. As all limits of
/// this kind it stands in `wrangler.toml` too, where a test compares it.
pub const CLICKS_PER_MINUTE_MAX: u32 = 300;

/// Enrolments of one address in a minute: each costs up to five writes. A till
/// that enrols its queue is far below.
pub const ENROLMENTS_PER_MINUTE_MAX: u32 = 120;

/// Shares that one address tells of in a minute. Nobody presses that fast, an
/// office might.
pub const SHARES_PER_MINUTE_MAX: u32 = 120;

/// Looks at offers, claims, QR codes and panels from one address in a minute.
/// Every page view of an office is one, and each could be a guessed code: with
/// a million advocates one address finds about one a day, and learns the name
/// that advocate chose to show.
pub const LOOKUPS_PER_MINUTE_MAX: u32 = 600;

/// Orders told by pages of one address in a minute: each costs up to eight
/// writes and earns nothing.
pub const PAGE_REPORTS_PER_MINUTE_MAX: u32 = 60;

/// Refusals of one address in a minute for a wrong key, token or signature:
/// enough for somebody who tries things out, not for somebody who guesses.
pub const REFUSALS_PER_MINUTE_MAX: u32 = 60;

/// How long it is kept that the store did not answer, in days: a month's look
/// back.
pub const WARNING_DAYS: u32 = 30;
/// How long after its end an hour is added up, in milliseconds: by then every
/// isolate has written what it held, and every listing shows it.
pub const TALLY_GRACE_MS: i64 = 15 * 60_000;

/// Operations that one roll-up of a program asks of the store at most, so
/// that settlement has most of the 1,000 of an invocation.
pub const OPERATIONS_TO_ROLL_UP_MAX: usize = 300;

/// Operations without which no roll-up begins.
pub const OPERATIONS_TO_ROLL_UP_MIN: usize = 40;

/// Operations that adding up one hour takes: a listing, a read, a mark, a
/// tally, and as many again where it has thousands of batches.
pub const OPERATIONS_PER_HOUR: usize = 8;

/// Pages of 1,000 batches that an hour may have: 55 writes a second.
pub const HOUR_PAGES_MAX: usize = 200;

/// Pages of an hour that is not added up yet that a panel or a report reads:
/// what is beyond is seen once it is added up.
pub const OPEN_PAGES_MAX: usize = 10;

/// Hours that are not added up yet which a panel or a report reads: a cron
/// that stood still for a day is noticed before.
pub const OPEN_HOURS_MAX: i64 = 26;

/// Days that are not added up for good which a panel or a report reads.
pub const OPEN_DAYS_MAX: usize = 31;

/// Days of one report: a year, and some to look back at.
pub const REPORT_DAYS_MAX: i64 = 400;

/// Days of a report when the caller does not say.
pub const REPORT_DAYS_DEFAULT: i64 = 30;
/// Events that share one entry of the outbox: an entry is tried as a whole, and
/// this many go to every endpoint within one invocation.
pub const EVENTS_PER_ENTRY_MAX: usize = 10;

/// Requests to endpoints that one run of the cron makes: an invocation may
/// make 50 on the free plan.
pub const POSTS_PER_RUN_MAX: usize = 40;

/// The same right after an answer, when an invocation has 30 seconds left.
pub const POSTS_AFTER_ANSWER_MAX: usize = 12;

/// Requests to endpoints at a time: the runtime keeps six connections open.
pub const POSTS_AT_ONCE_MAX: usize = 6;

/// Entries of the outbox that one run reads to find what is due: two reads of
/// many at once.
pub const OUTBOX_ENTRIES_MAX: usize = 200;

/// Pages of 1,000 keys that one run lists to find what is to be told.
pub const OUTBOX_PAGES_MAX: usize = 2;

/// How long an endpoint may take to answer, in milliseconds.
pub const POST_MS_MAX: u32 = 10_000;

/// How long an entry of the outbox is left to the request that wrote it, in
/// milliseconds, before the cron takes it up.
pub const OUTBOX_PATIENCE_MS: i64 = 60_000;

/// Minutes between the tries to tell something, three days in all.
pub const WAIT_MINUTES: [i64; 8] = [5, 30, 120, 300, 600, 840, 1_200, 1_440];

/// How often in a row an endpoint must say that it is gone for good.
pub const GONE_ANSWERS: usize = 3;

/// How long it is kept what was told, in days: so long it can be told again.
pub const DELIVERED_DAYS: u32 = 30;

/// Entries of the outbox that one call tells again.
pub const RESENT_PER_CALL_MAX: usize = 100;

/// How long the owner stays signed in, in hours: a working day that began
/// early and ends late.
pub const SESSION_HOURS: i64 = 12;

/// Longest owner key that somebody may try to sign in with.
pub const OWNER_KEY_BYTES_MAX: usize = 1_000;

/// How long an isolate trusts the keys that Cloudflare Access signs with, in
/// milliseconds: new ones are announced a week before the old ones end.
pub const ACCESS_KEYS_MS_MAX: i64 = 3_600_000;

/// Milliseconds between two looks for a key that is not among them, so that
/// tokens with invented keys make no requests of ours.
pub const ACCESS_KEYS_PAUSE_MS: i64 = 10_000;

/// Longest token of Cloudflare Access; one with a hundred groups has six
/// thousand bytes.
pub const ACCESS_TOKEN_BYTES_MAX: usize = 16 * 1_024;
