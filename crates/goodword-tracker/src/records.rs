//! What is kept under the keys, as JSON, and how it becomes the rules' types.
//! A record that cannot be read is an error of the store, never a fact that
//! is silently missing.

mod leaderboard;
pub mod milestone;
pub mod outbox;
mod people;
mod rating;
pub mod record;
mod settlement;
#[cfg(test)]
mod tests;

pub use leaderboard::{LeaderboardRecord, StandingsRecord};
pub use people::{DataRequestRecord, ErasedRecord, OtherOrderRecord, StandingRecord};
pub use rating::RatingRecord;
pub use settlement::{FinalRecord, SettledRecord, SlotRecord, ValueRecord};

use self::record::{Faults, Kept, record, write_variant};
use crate::store::StoreError;
use goodword::book::BookLine;
use goodword::code::ReferralCode;
use goodword::key::{Key, OrderKey, PersonKey, ProgramId};
use goodword::money::{Currency, Money};
use goodword::order::{ClaimRead, CodeRead, Evidence, Line, Paid, Refund};
use goodword::terms::Kind;
use goodword::time::Instant;
use serde_json::Value;
use std::cmp::Reverse;

/// Reads a record.
///
/// # Errors
/// That it cannot be read, with its key and the first field at fault.
pub fn read<T: Kept>(key: &str, body: &str) -> Result<T, StoreError> {
    let found = parse(key, body)?;
    let mut faults = Faults::default();
    let record = T::from_json(Some(&found), &mut faults);
    faults.none(key).map(|()| record)
}

/// The reader of JSON is the one of requests, so that it is compiled once.
fn parse(key: &str, body: &str) -> Result<Value, StoreError> {
    goodword_api::read::parse(body.as_bytes())
        .map_err(|problem| StoreError(format!("{key} is unreadable: {}", problem.detail)))
}

/// Writes a record.
#[must_use]
pub fn write(record: &dyn Kept) -> String {
    let mut text = String::new();
    record.write_json(&mut text);
    text
}

record! {
    /// `program/{p}` and `terms/{p}/{from}`.
    pub struct TermsRecord {
        /// From when they apply, in milliseconds since 1970.
        pub from_ms: i64,
        /// Whether there are no earlier ones.
        pub is_first: bool,
        /// The terms, as the owner wrote them.
        pub document: Value,
    }
}

record! {
    /// `code/{code}`: whom a code names.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct CodeRecord {
        /// In which program.
        pub program: String,
        /// The advocate, by the identity they were enrolled with.
        pub person: String,
        /// The code as it is shown to people, with a name before it or without.
        pub shown: String,
        /// The group the shop puts them in.
        pub group: Option<String>,
        /// Whether the owner blocked them. It stands under a key of its own, so
        /// that an enrolment which saw an old record cannot lift a block; whoever
        /// finds the advocate fills it in.
        pub blocked: bool = apart,
        /// When they had themselves erased, in milliseconds since 1970.
        pub erased_ms: Option<i64> = spared,
        /// Since when, in milliseconds since 1970.
        pub since_ms: i64,
        /// Whose friend they were themselves.
        pub invited_by: Option<String>,
    }
}

impl CodeRecord {
    /// The program, read.
    #[must_use]
    pub fn program_id(&self) -> Option<ProgramId> {
        ProgramId::parse(&self.program)
    }

    /// Whether their link and code may earn anything now.
    #[must_use]
    pub fn is_active(&self) -> bool {
        !self.blocked && self.erased_ms.is_none()
    }

    /// From when on orders earn them nothing: a block holds for everything
    /// that is not final yet, erasing only for what comes after it.
    #[must_use]
    pub fn blocked_from(&self) -> Option<Instant> {
        if self.blocked { Some(Instant(i64::MIN)) } else { self.erased_ms.map(Instant) }
    }

    /// The word for it.
    #[must_use]
    pub fn status(&self) -> &'static str {
        match (self.erased_ms, self.blocked) {
            (Some(_), _) => "erased",
            (None, true) => "blocked",
            (None, false) => "active",
        }
    }
}

record! {
    /// `identity/{p}/{person}`: the code of an identity.
    pub struct IdentityRecord {
        /// That code.
        pub code: String,
    }
}

/// An amount of money.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MoneyRecord(pub i64, pub String);

impl Kept for MoneyRecord {
    fn from_json(found: Option<&Value>, faults: &mut Faults) -> Self {
        let (amount_minor, currency) = Kept::from_json(found, faults);
        MoneyRecord(amount_minor, currency)
    }

    fn write_json(&self, text: &mut String) {
        (self.0, self.1.clone()).write_json(text);
    }
}

impl From<Money> for MoneyRecord {
    fn from(money: Money) -> Self {
        MoneyRecord(money.amount_minor, money.currency.to_string())
    }
}

impl MoneyRecord {
    /// The amount, read.
    #[must_use]
    pub fn money(&self) -> Option<Money> {
        Some(Money { amount_minor: self.0, currency: Currency::parse(&self.1)? })
    }
}

record! {
    /// `fact/…/paid/…` and `friend/…`: a report that an order was made.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct PaidRecord {
        /// The shop's own id of the order.
        pub order_id: String,
        /// `purchase` or `signup`.
        pub kind: String,
        /// When, in milliseconds since 1970.
        pub at_ms: i64,
        /// What was paid.
        pub value: Option<MoneyRecord>,
        /// By whom.
        pub customer: String,
        /// The customer's e-mail address.
        pub email: Option<String>,
        /// Whether the shop says this is a customer from before.
        pub existing: bool,
        /// What points to an advocate.
        pub evidence: EvidenceRecord,
        /// What was bought: product, category, value in minor units.
        pub lines: Vec<(String, Option<String>, i64)>,
        /// Whether the address is of a disposable mail service.
        pub is_disposable_mail: bool = later,
        /// The provider's time of this version, in milliseconds since 1970.
        pub version_ms: Option<i64>,
        /// The other names that its provider has for the order.
        pub names: Vec<String> = spared,
    }
}

record! {
    /// What points from an order to an advocate; also `fact/…/page/…`.
    #[derive(Clone, Debug, Default, PartialEq, Eq)]
    pub struct EvidenceRecord {
        /// A claim.
        pub claim: Option<ClaimRecord>,
        /// A typed code; empty when it could not be one.
        pub code: Option<String>,
    }
}

/// A claim, as it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClaimRecord {
    /// Ours, for this program: click in milliseconds since 1970, code,
    /// channel, bucket.
    Good(i64, String, u8, [u8; 4]),
    /// Ours, for another program.
    OtherProgram,
    /// Not ours.
    Invalid,
}

impl Kept for ClaimRecord {
    fn from_json(found: Option<&Value>, faults: &mut Faults) -> Self {
        match faults.variant(found) {
            ("good", claim) => {
                let (clicked_ms, code, channel, bucket) = Kept::from_json(claim, faults);
                ClaimRecord::Good(clicked_ms, code, channel, bucket)
            }
            ("other_program", None) => ClaimRecord::OtherProgram,
            ("invalid", None) => ClaimRecord::Invalid,
            _ => {
                faults.note();
                ClaimRecord::Invalid
            }
        }
    }

    fn write_json(&self, text: &mut String) {
        match self {
            ClaimRecord::Good(clicked_ms, code, channel, bucket) => {
                write_variant(text, "good", &(*clicked_ms, code.clone(), *channel, *bucket));
            }
            ClaimRecord::OtherProgram => text.push_str("\"other_program\""),
            ClaimRecord::Invalid => text.push_str("\"invalid\""),
        }
    }
}

impl PaidRecord {
    /// A report as the rules have it, as a record.
    #[must_use]
    pub fn new(order_id: &str, paid: &Paid) -> Self {
        let line = |line: &Line| (line.product_id.clone(), line.category.clone(), line.value_minor);
        PaidRecord {
            order_id: order_id.to_owned(),
            kind: kind_text(paid.kind).to_owned(),
            at_ms: paid.occurred_at.0,
            value: paid.value.map(Into::into),
            customer: paid.customer.to_string(),
            email: paid.email.map(|email| email.to_string()),
            existing: paid.existing,
            evidence: EvidenceRecord::new(&paid.evidence),
            lines: paid.lines.iter().map(line).collect(),
            is_disposable_mail: false,
            version_ms: paid.version_at.map(|at| at.0),
            names: Vec::new(),
        }
    }

    /// The report as the rules have it.
    #[must_use]
    pub fn paid(&self) -> Option<Paid> {
        let line = |(product_id, category, value_minor): &(String, Option<String>, i64)| Line {
            product_id: product_id.clone(),
            category: category.clone(),
            value_minor: *value_minor,
        };
        Some(Paid {
            version_at: self.version_ms.map(Instant),
            occurred_at: Instant(self.at_ms),
            kind: if self.kind == kind_text(Kind::Signup) { Kind::Signup } else { Kind::Purchase },
            value: self.value.as_ref().and_then(MoneyRecord::money),
            customer: Key::parse(&self.customer)?,
            email: self.email.as_deref().and_then(Key::parse),
            existing: self.existing,
            evidence: self.evidence.evidence(),
            lines: self.lines.iter().map(line).collect(),
        })
    }
}

/// The word for a kind of act.
#[must_use]
pub fn kind_text(kind: Kind) -> &'static str {
    match kind {
        Kind::Purchase => "purchase",
        Kind::Signup => "signup",
    }
}

impl EvidenceRecord {
    /// Evidence as a record.
    #[must_use]
    pub fn new(evidence: &Evidence) -> Self {
        let claim = evidence.claim.map(|claim| match claim {
            ClaimRead::Good { clicked_at, code, channel, bucket } => {
                ClaimRecord::Good(clicked_at.0, code.to_string(), channel, bucket)
            }
            ClaimRead::OtherProgram => ClaimRecord::OtherProgram,
            ClaimRead::Invalid => ClaimRecord::Invalid,
        });
        let code = evidence.code.map(|code| match code {
            CodeRead::Code(code) => code.to_string(),
            CodeRead::Invalid => String::new(),
        });
        EvidenceRecord { claim, code }
    }

    /// The evidence as the rules have it.
    #[must_use]
    pub fn evidence(&self) -> Evidence {
        let claim = self.claim.as_ref().map(|claim| match claim {
            ClaimRecord::Good(clicked_ms, code, channel, bucket) => ReferralCode::parse(code)
                .map_or(ClaimRead::Invalid, |code| ClaimRead::Good {
                    clicked_at: Instant(*clicked_ms),
                    code,
                    channel: *channel,
                    bucket: *bucket,
                }),
            ClaimRecord::OtherProgram => ClaimRead::OtherProgram,
            ClaimRecord::Invalid => ClaimRead::Invalid,
        });
        let code = self
            .code
            .as_ref()
            .map(|code| ReferralCode::parse(code).map_or(CodeRead::Invalid, CodeRead::Code));
        Evidence { claim, code }
    }
}

record! {
    /// `fact/…/refund/…` and `book/…/refund/…`.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct RefundRecord {
        /// The shop's own id of the refund.
        pub refund_id: String,
        /// When, in milliseconds since 1970.
        pub at_ms: i64,
        /// How much.
        pub value: MoneyRecord,
        /// The provider's time of this report, in milliseconds since 1970.
        pub version_ms: Option<i64> = spared,
        /// The payment it was given back on.
        pub payment: Option<String> = spared,
        /// Whether it is all that was given back on that payment so far.
        pub is_total: bool = spared,
    }
}

impl RefundRecord {
    /// A refund as the rules have it, as a record.
    #[must_use]
    pub fn new(refund: &Refund) -> Self {
        RefundRecord {
            refund_id: refund.id.clone(),
            at_ms: refund.occurred_at.0,
            value: refund.value.into(),
            version_ms: refund.version_at.map(|at| at.0),
            payment: refund.payment.clone(),
            is_total: refund.is_total,
        }
    }

    /// The refund as the rules have it.
    #[must_use]
    pub fn refund(&self) -> Option<Refund> {
        Some(Refund {
            id: self.refund_id.clone(),
            occurred_at: Instant(self.at_ms),
            value: self.value.money()?,
            version_at: self.version_ms.map(Instant),
            payment: self.payment.clone(),
            is_total: self.is_total,
        })
    }
}

record! {
    /// `book/…/line/…`: an attributed order, as the reports that were seen say.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct LineRecord {
        /// The provider's own time of this version of the order, in milliseconds
        /// since 1970.
        pub version_ms: Option<i64>,
        /// The shop's own id of the order.
        pub order_id: String,
        /// The friend.
        pub friend: String,
        /// When it was made, in milliseconds since 1970.
        pub at_ms: i64,
        /// What was paid.
        pub value: Option<MoneyRecord>,
        /// How much of it counts, in minor units.
        pub qualifying_minor: i64,
    }
}

impl LineRecord {
    /// Two lines of one order, written by whoever saw different reports of
    /// it, as [`Order::fold`](goodword::order::Order::fold) would have it of
    /// all of them: the latest version, and the earliest time.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        let rank = |line: &Self| {
            let minor = line.value.as_ref().map(|value| value.0);
            (Reverse(line.version_ms), line.at_ms, minor, line.friend.clone())
        };
        let (first, second) =
            if rank(&other) < rank(&self) { (other, self) } else { (self, other) };
        if second.friend == first.friend && second.at_ms < first.at_ms {
            return LineRecord { at_ms: second.at_ms, ..first };
        }
        first
    }

    /// The line as the rules have it, with nothing that happened since.
    #[must_use]
    pub fn line(&self, order: OrderKey) -> Option<BookLine> {
        Some(BookLine {
            order,
            friend: PersonKey::parse(&self.friend)?,
            occurred_at: Instant(self.at_ms),
            value: self.value.as_ref().and_then(MoneyRecord::money),
            qualifying_minor: self.qualifying_minor,
            refunds: Vec::new(),
            is_refused: false,
            settlement: None,
        })
    }
}

record! {
    /// `review/…/held`: why a person must look at an order.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct HeldRecord {
        /// The shop's own id of the order.
        pub order_id: String,
        /// Whose friend made it.
        pub code: String,
        /// Since when, in milliseconds since 1970.
        pub at_ms: i64,
        /// Rule, what was found, what is allowed.
        pub flags: Vec<(String, i64, i64)>,
    }
}

record! {
    /// What somebody decided, and why: about a held order, or about a reward.
    #[derive(Clone, Debug, Default, PartialEq, Eq)]
    pub struct DecisionRecord {
        /// `owner` or `server`.
        pub by: String,
        /// Why, in their words.
        pub note: Option<String>,
        /// The coupon that was handed over.
        pub coupon: Option<String>,
        /// When, in milliseconds since 1970.
        pub at_ms: i64,
    }
}

record! {
    /// `bucket/…`: an order from an address and agent.
    pub struct BucketRecord {
        /// When it was made, in milliseconds since 1970.
        pub at_ms: i64,
    }
}
