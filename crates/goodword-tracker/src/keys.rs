//! Every key under which something is kept, in one place. `{p}` is the
//! program, `{order}`, `{friend}` and `{person}` are 32 hexadecimal digits,
//! `{code}` is nine symbols without a name before them, `{hour}` counts hours
//! from 1970 in seven digits.

mod leaderboard;
pub mod outbox;
mod people;
mod ratings;
pub mod traffic;

pub use leaderboard::{leaderboard, member, members};
pub use people::{
    ERASURES, data_request, data_requests, decoy, erasure, erasures, other_order, other_orders,
    persons, read_erasure, standing, standing_fact,
};
pub use ratings::{rating, ratings};

use goodword::code::ReferralCode;
use goodword::key::{OrderKey, PersonKey, ProgramId};
use goodword::mutant;
use goodword::reward::{RewardId, Slot};
use goodword::time::{DAY_MS, Instant};

/// `program/{p}`: the newest terms.
#[must_use]
pub fn program(program: &ProgramId) -> String {
    format!("program/{program}")
}

/// `program/`: all programs.
pub const PROGRAMS: &str = "program/";

/// `terms/{p}/`: all versions of the terms.
#[must_use]
pub fn all_terms(program: &ProgramId) -> String {
    format!("terms/{program}/")
}

/// `terms/{p}/{from}`: the terms from an instant on.
#[must_use]
pub fn terms(program: &ProgramId, from: Instant) -> String {
    format!("terms/{program}/{:015}", from.0)
}

/// `code/{code}`: whom a code names. Codes are unique in a deployment.
#[must_use]
pub fn code(code: ReferralCode) -> String {
    format!("code/{code}")
}

/// `identity/{p}/{person}`: the code of a customer id or e-mail address.
#[must_use]
pub fn identity(program: &ProgramId, person: PersonKey) -> String {
    format!("identity/{program}/{person}")
}

/// `person/{p}/{code}`: who an advocate is, sealed; once erased, that they
/// were.
#[must_use]
pub fn person(program: &ProgramId, code: ReferralCode) -> String {
    format!("person/{program}/{code}")
}

/// `invited/{p}/{code}/`: the advocates whom an advocate invited.
#[must_use]
pub fn all_invited(program: &ProgramId, inviter: ReferralCode) -> String {
    format!("invited/{program}/{inviter}/")
}

/// `invited/{p}/{code}/{code}`: one of them.
#[must_use]
pub fn invited(program: &ProgramId, inviter: ReferralCode, code: ReferralCode) -> String {
    format!("invited/{program}/{inviter}/{code}")
}

/// `fact/{p}/`: everything that was reported about orders.
#[must_use]
pub fn all_facts(program: &ProgramId) -> String {
    format!("fact/{program}/")
}

/// `fact/{p}/{order}/`: everything that was reported about an order.
#[must_use]
pub fn facts(program: &ProgramId, order: OrderKey) -> String {
    format!("fact/{program}/{order}/")
}

/// `fact/{p}/{order}/{kind}/{content}`: one report.
#[must_use]
pub fn fact(program: &ProgramId, order: OrderKey, kind: FactKind, content: &str) -> String {
    format!("fact/{program}/{order}/{}/{content}", kind.as_str())
}

/// The kind of a report about an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FactKind {
    /// The shop's server, or its provider, says it was made.
    Paid,
    /// A page says so.
    Page,
    /// Some of it was given back.
    Refund,
    /// Its provider has another name for it.
    Name,
    /// What we answered to the first report: a replay is answered alike.
    Answer,
}

impl FactKind {
    fn as_str(self) -> &'static str {
        match self {
            FactKind::Paid => "paid",
            FactKind::Page => "page",
            FactKind::Refund => "refund",
            FactKind::Name => "name",
            FactKind::Answer => "answer",
        }
    }

    /// The kind of the fact under a key.
    #[must_use]
    pub fn of(key: &str) -> Option<Self> {
        let kind = key.split('/').nth(3)?;
        [FactKind::Paid, FactKind::Page, FactKind::Refund, FactKind::Name, FactKind::Answer]
            .into_iter()
            .find(|candidate| candidate.as_str() == kind)
    }
}

/// `alias/{p}/{name}`: the order that has this name as well. What was reported
/// under a name before it was known whose it is waits at `fact/{p}/{name}/…`.
#[must_use]
pub fn alias(program: &ProgramId, name: OrderKey) -> String {
    format!("alias/{program}/{name}")
}

/// `friend/{p}/{friend}/`: all reports of a friend's orders.
#[must_use]
pub fn friend(program: &ProgramId, friend: PersonKey) -> String {
    format!("friend/{program}/{friend}/")
}

/// `friend/{p}/{friend}/{order}/{content}`: one of them.
#[must_use]
pub fn friend_order(
    program: &ProgramId,
    friend: PersonKey,
    order: OrderKey,
    content: &str,
) -> String {
    format!("friend/{program}/{friend}/{order}/{content}")
}

/// What `{content}` begins with in a friend's index where a page said it.
pub const OF_PAGE: &str = "page-";

/// `book/{p}/`: the books of all advocates.
#[must_use]
pub fn books(program: &ProgramId) -> String {
    format!("book/{program}/")
}

/// `book/{p}/{code}/`: an advocate's book.
#[must_use]
pub fn book(program: &ProgramId, code: ReferralCode) -> String {
    format!("book/{program}/{code}/")
}

/// `book/{p}/{code}/{order}/`: what an advocate's book holds of an order.
#[must_use]
pub fn book_order(program: &ProgramId, code: ReferralCode, order: OrderKey) -> String {
    format!("book/{program}/{code}/{order}/")
}

/// `book/{p}/{code}/{order}/line/{content}`: an order, as the reports say that
/// were seen when this was written. Whoever saw others writes another line.
#[must_use]
pub fn book_line(
    program: &ProgramId,
    code: ReferralCode,
    order: OrderKey,
    content: &str,
) -> String {
    format!("book/{program}/{code}/{order}/line/{content}")
}

/// `book/{p}/{code}/milestone/{at}`: a settled milestone.
#[must_use]
pub fn book_milestone(program: &ProgramId, code: ReferralCode, at: u32) -> String {
    format!("book/{program}/{code}/milestone/{at}")
}

/// `book/{p}/{code}/{order}/refund/{content}`: a refund of it.
#[must_use]
pub fn book_refund(
    program: &ProgramId,
    code: ReferralCode,
    order: OrderKey,
    content: &str,
) -> String {
    format!("book/{program}/{code}/{order}/refund/{content}")
}

/// `book/{p}/{code}/{order}/held`: why a person must look at it.
#[must_use]
pub fn book_held(program: &ProgramId, code: ReferralCode, order: OrderKey) -> String {
    format!("book/{program}/{code}/{order}/held")
}

/// `book/{p}/{code}/{order}/settled`: what became of it when it was due.
#[must_use]
pub fn book_settled(program: &ProgramId, code: ReferralCode, order: OrderKey) -> String {
    format!("book/{program}/{code}/{order}/settled")
}

/// `book/{p}/{code}/{order}/review/{verdict}`: what a person decided about it.
#[must_use]
pub fn book_review(
    program: &ProgramId,
    code: ReferralCode,
    order: OrderKey,
    verdict: &str,
) -> String {
    format!("book/{program}/{code}/{order}/review/{verdict}")
}

/// `book/{p}/{code}/decision/{reward}/{verdict}`: what was decided about a
/// reward.
#[must_use]
pub fn book_decision(
    program: &ProgramId,
    code: ReferralCode,
    reward: RewardId,
    verdict: &str,
) -> String {
    format!("book/{program}/{code}/decision/{reward}/{verdict}")
}

/// `review/{p}/`: all orders that are or were held for a person.
#[must_use]
pub fn reviews(program: &ProgramId) -> String {
    format!("review/{program}/")
}

/// `review/{p}/{order}/{what}`: why an order is held (`held`), or what was
/// decided (`accept`, `refuse`).
#[must_use]
pub fn review(program: &ProgramId, order: OrderKey, what: &str) -> String {
    format!("review/{program}/{order}/{what}")
}

/// `bucket/{p}/{bucket}/`: orders from one address and agent.
#[must_use]
pub fn bucket(program: &ProgramId, bucket: [u8; 4]) -> String {
    format!("bucket/{program}/{:08x}/", u32::from_be_bytes(bucket))
}

/// `bucket/{p}/{bucket}/{order}`: one of them.
#[must_use]
pub fn bucket_order(program: &ProgramId, bucket: [u8; 4], order: OrderKey) -> String {
    format!("{}{order}", self::bucket(program, bucket))
}

/// `due/{p}/`: what to look at when.
#[must_use]
pub fn all_due(program: &ProgramId) -> String {
    format!("due/{program}/")
}

/// `due/{p}/{hour}/{code}/{order}/{ms}`: an order to look at from an instant
/// on. The instant is part of the key, so that a run which forgets what it saw
/// cannot forget what was written since.
#[must_use]
pub fn due(program: &ProgramId, at: Instant, code: ReferralCode, order: OrderKey) -> String {
    format!("due/{program}/{}/{code}/{order}/{}", hour(at), at.0)
}

/// `due/{p}/{hour}/-/{order}/{ms}`: an order to attribute again from an hour on,
/// because it was nobody's, or may have become somebody else's.
#[must_use]
pub fn due_again(program: &ProgramId, at: Instant, order: OrderKey) -> String {
    format!("due/{program}/{}/-/{order}/{}", hour(at), at.0)
}

/// Whether a due key's hour has come.
#[must_use]
pub fn is_due_hour(key: &str, now: Instant) -> bool {
    let has_come = key.split('/').nth(2).is_some_and(|at| *at <= *hour(now));
    mutant!(HoldIgnored, has_come, true)
}

/// The hour an instant lies in, counted from 1970, in digits that sort.
fn hour(at: Instant) -> String {
    format!("{:07}", at.0 / (DAY_MS / 24))
}

/// `due/{p}/{hour}/{code}/milestones/{ms}`: an advocate whose milestones are to
/// be looked at.
#[must_use]
pub fn due_milestones(program: &ProgramId, at: Instant, code: ReferralCode) -> String {
    format!("due/{program}/{}/{code}/{MILESTONES}/{}", hour(at), at.0)
}

/// What stands in a due key in place of an order.
const MILESTONES: &str = "milestones";

/// What a due key is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DueKey {
    /// An order in an advocate's book.
    Order(ReferralCode, OrderKey),
    /// An order to attribute again.
    Again(OrderKey),
    /// An advocate's milestones.
    Milestones(ReferralCode),
}

/// Reads a due key.
#[must_use]
pub fn read_due(key: &str) -> Option<DueKey> {
    let mut parts = key.split('/').skip(3);
    let (whose, what) = (parts.next()?, parts.next()?);
    Some(match (whose, what) {
        ("-", order) => DueKey::Again(OrderKey::parse(order)?),
        (code, MILESTONES) => DueKey::Milestones(ReferralCode::parse(code)?),
        (code, order) => DueKey::Order(ReferralCode::parse(code)?, OrderKey::parse(order)?),
    })
}

/// `settled/{p}/{slot}`: the one outcome of what can be rewarded once.
#[must_use]
pub fn settled(program: &ProgramId, slot: Slot) -> String {
    format!("settled/{program}/{slot}")
}

/// `warning/`: when the store did not answer, by time.
pub const WARNINGS: &str = "warning/";

/// `warning/{hour}/{name}`: that it did not, as one isolate saw it.
#[must_use]
pub fn warning(at: Instant, name: &str) -> String {
    format!("{WARNINGS}{}/{name}", hour(at))
}

/// `probe/{name}`: written to see whether the store takes writes.
#[must_use]
pub fn probe(name: &str) -> String {
    format!("probe/{name}")
}
