//! The bodies of requests, apart from a program's terms.

mod advocate;
mod owner;

pub use advocate::{Joining, Rated};
pub use owner::{Named, OrderNamed, OtherOrder};

use crate::limits::{
    CLAIM_BYTES_MAX, CODE_BYTES_MAX, DISPLAY_NAME_BYTES_MAX, EMAIL_BYTES_MAX, ID_BYTES_MAX,
    IDENTITY_BYTES_MAX, LINES_MAX, NOTE_BYTES_MAX,
};
use crate::problem::Problem;
use crate::read::{Object, request};
use alloc::string::String;
use alloc::vec::Vec;
use goodword::key::ProgramId;
use goodword::limits::AMOUNT_MAX;
use goodword::money::Money;
use goodword::order::Line;
use goodword::terms::Kind;
use goodword::time::Instant;
use serde_json::Value;

/// Reads the name of the program a request is about.
fn program(body: &Object<'_>) -> Option<ProgramId> {
    let text = body.text("program", ID_BYTES_MAX)?;
    let id = ProgramId::parse(text);
    if id.is_none() {
        body.fault("program", "must be the id of a program: a-z, 0-9 and hyphens");
    }
    id
}

/// `POST /v1/advocates`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enrolment {
    /// Which program.
    pub program: ProgramId,
    /// Who asks.
    pub who: Who,
    /// The name to show to friends.
    pub display_name: Option<String>,
    /// The language of the page.
    pub locale: Option<String>,
    /// The claim the new advocate came with, if they are somebody's friend.
    pub claim: Option<String>,
}

/// How an advocate identifies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// With a token that the shop's server signed.
    Identity(String),
    /// With an e-mail address that nobody vouched for.
    Email(String),
}

impl Enrolment {
    /// Reads the body.
    ///
    /// # Errors
    /// A problem naming every field at fault.
    pub fn read(body: &Value) -> Result<Self, Problem> {
        request(body, |body| {
            let program = program(body);
            let identity = body.optional_text("identity", IDENTITY_BYTES_MAX);
            let email = email(body, "email");
            let who = match (identity, email) {
                (Some(identity), None) => Some(Who::Identity(identity.into())),
                (None, Some(email)) => Some(Who::Email(email)),
                (Some(_), Some(_)) => {
                    body.fault("email", "must not be there beside identity");
                    None
                }
                (None, None) => {
                    if !body.has_fault_near("identity") && !body.has_fault_near("email") {
                        body.fault("identity", "is required, or email");
                    }
                    None
                }
            };
            let display_name = body.optional_text("display_name", DISPLAY_NAME_BYTES_MAX);
            let locale = body.optional_text("locale", 35);
            let claim = body.optional_text("claim", CLAIM_BYTES_MAX);
            Some(Enrolment {
                program: program?,
                who: who?,
                display_name: display_name.map(|name| name.trim().into()),
                locale: locale.map(Into::into),
                claim: claim.map(Into::into),
            })
        })
    }
}

fn email<'a>(body: &Object<'a>, name: &'a str) -> Option<String> {
    let text = body.optional_text(name, EMAIL_BYTES_MAX)?.trim();
    let is_address = text.rsplit_once('@').is_some_and(|(local, domain)| {
        !local.is_empty()
            && domain.contains('.')
            && !domain.starts_with('.')
            && !domain.ends_with('.')
    });
    if !is_address || text.chars().any(|letter| letter.is_whitespace() || letter.is_control()) {
        body.fault(name, "must be an e-mail address");
        return None;
    }
    Some(text.into())
}

/// `POST /v1/shares`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShareReport {
    /// Which program.
    pub program: ProgramId,
    /// Whose link.
    pub code: String,
    /// Through which channel.
    pub channel: String,
}

impl ShareReport {
    /// Reads the body.
    ///
    /// # Errors
    /// A problem naming every field at fault.
    pub fn read(body: &Value) -> Result<Self, Problem> {
        request(body, |body| {
            let program = program(body);
            let code = body.text("code", CODE_BYTES_MAX);
            let channel = body.text("channel", 20);
            let known = channel.filter(|channel| crate::channel::number_of(channel) > 0);
            if channel.is_some() && known.is_none() {
                body.fault("channel", "is not a known channel");
            }
            Some(ShareReport { program: program?, code: code?.into(), channel: known?.into() })
        })
    }
}

/// `POST /v1/clicks`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClickReport {
    /// Which program.
    pub program: ProgramId,
    /// Whose link was followed.
    pub code: String,
    /// Through which channel; an unknown one is no reason to lose a click.
    pub channel: Option<String>,
    /// The claim of a link that was followed already: its click was counted,
    /// that it was a person's first is told now.
    pub claim: Option<String>,
    /// Whether the page saw no earlier click of this person in the program.
    pub first: bool,
}

impl ClickReport {
    /// Reads the body.
    ///
    /// # Errors
    /// A problem naming every field at fault.
    pub fn read(body: &Value) -> Result<Self, Problem> {
        request(body, |body| {
            let program = program(body);
            let claim = body.optional_text("claim", CLAIM_BYTES_MAX);
            let code = match claim {
                Some(_) => Some(body.optional_text("code", CODE_BYTES_MAX).unwrap_or_default()),
                None => body.text("code", CODE_BYTES_MAX),
            };
            let channel = body.optional_text("channel", 100);
            let first = body.optional("first").and_then(|_| body.flag("first"));
            body.optional_text("landing", goodword::limits::TEXT_BYTES_MAX);
            Some(ClickReport {
                program: program?,
                code: code?.into(),
                channel: channel.map(Into::into),
                claim: claim.map(Into::into),
                first: first.unwrap_or_default(),
            })
        })
    }
}

/// `POST /v1/conversions`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConversionReport {
    /// Which program.
    pub program: ProgramId,
    /// The shop's own id of the order.
    pub order_id: String,
    /// What kind of act it is.
    pub kind: Kind,
    /// When it occurred.
    pub occurred_at: Instant,
    /// What was paid; required for purchases.
    pub value: Option<Money>,
    /// The shop's own id of the customer.
    pub customer_id: String,
    /// The customer's e-mail address.
    pub customer_email: Option<String>,
    /// Whether the customer is from before.
    pub customer_existing: bool,
    /// The claim that came with the order.
    pub claim: Option<String>,
    /// The code that was typed.
    pub code: Option<String>,
    /// What was bought.
    pub lines: Vec<Line>,
}

impl ConversionReport {
    /// Reads the body.
    ///
    /// # Errors
    /// A problem naming every field at fault.
    pub fn read(body: &Value) -> Result<Self, Problem> {
        request(body, |body| {
            let program = program(body);
            let order_id = body.text("order_id", ID_BYTES_MAX);
            let kind = body.word("kind", &[("purchase", Kind::Purchase), ("signup", Kind::Signup)]);
            let occurred_at = body.instant("occurred_at");
            let value = match kind {
                Some(Kind::Purchase) => body.money("value"),
                _ => body.optional_money("value"),
            };
            let customer = body.object("customer");
            let customer = customer.map(|customer| {
                let id = customer.text("id", ID_BYTES_MAX);
                // Shops send an empty address for guests.
                let has_email = customer.optional("email").and_then(Value::as_str) != Some("");
                let email = has_email.then(|| email(&customer, "email")).flatten();
                let existing =
                    customer.optional("existing").and_then(|_| customer.flag("existing"));
                customer.refuse_unknown();
                (id, email, existing.unwrap_or(false))
            });
            let claim = evidence(body, "claim");
            let code = evidence(body, "code");
            let lines = lines(body, value);
            let (id, email, existing) = customer?;
            Some(ConversionReport {
                program: program?,
                order_id: order_id?.into(),
                kind: kind?,
                occurred_at: occurred_at?,
                value,
                customer_id: id?.into(),
                customer_email: email,
                customer_existing: existing,
                claim,
                code,
                lines,
            })
        })
    }
}

/// A claim or a typed code. An empty one is none, and whatever else it says
/// is no fault: an order must not be lost over a broken cookie.
fn evidence<'a>(body: &Object<'a>, name: &'a str) -> Option<String> {
    let is_empty = |value: &&Value| value.as_str().is_some_and(|text| text.trim().is_empty());
    let value = body.optional(name).filter(|value| !is_empty(value))?;
    body.as_text(name, value, usize::MAX).map(Into::into)
}

fn lines(body: &Object<'_>, value: Option<Money>) -> Vec<Line> {
    let entries = body.optional_list("lines");
    if entries.len() > LINES_MAX {
        body.fault("lines", alloc::format!("has more than {LINES_MAX} entries"));
    }
    let mut lines = Vec::new();
    for (place, entry) in entries {
        let Some(line) = body.as_object(&place, entry) else { continue };
        let product_id = line.text("product_id", ID_BYTES_MAX);
        let category = line.optional_text("category", ID_BYTES_MAX);
        line.integer("quantity", 0, AMOUNT_MAX);
        let line_value = line.money("value");
        line.refuse_unknown();
        let currency = value.map(|value| value.currency);
        if line_value.is_some_and(|money| Some(money.currency) != currency) {
            line.fault("value.currency", "must be the currency of the order");
        }
        if let (Some(product_id), Some(money)) = (product_id, line_value) {
            lines.push(Line {
                product_id: product_id.into(),
                category: category.map(Into::into),
                value_minor: money.amount_minor,
            });
        }
    }
    lines
}

/// `POST /v1/conversions/unverified`: what a page knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnverifiedConversion {
    /// Which program.
    pub program: ProgramId,
    /// The shop's own id of the order.
    pub order_id: String,
    /// The claim the page holds.
    pub claim: Option<String>,
    /// The code that was typed.
    pub code: Option<String>,
}

impl UnverifiedConversion {
    /// Reads the body. The other fields of a conversion may be there and
    /// must be good, but a page's word on them counts for nothing.
    ///
    /// # Errors
    /// A problem naming every field at fault.
    pub fn read(body: &Value) -> Result<Self, Problem> {
        request(body, |body| {
            let program = program(body);
            let order_id = body.text("order_id", ID_BYTES_MAX);
            if body.optional("kind").is_some() {
                body.word("kind", &[("purchase", ()), ("signup", ())]);
            }
            if body.optional("occurred_at").is_some() {
                body.instant("occurred_at");
            }
            body.optional_money("value");
            body.optional_object("customer");
            body.optional_list("lines");
            let claim = evidence(body, "claim");
            let code = evidence(body, "code");
            Some(UnverifiedConversion {
                program: program?,
                order_id: order_id?.into(),
                claim,
                code,
            })
        })
    }
}

/// `POST …/fulfil`, `/void`, `/accept`, `/refuse`, `/block` and `/unblock`: why, and the coupon that
/// was handed over.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DecisionNote {
    /// The coupon.
    pub coupon: Option<String>,
    /// Why, in somebody's words.
    pub note: Option<String>,
}

impl DecisionNote {
    /// Reads the body.
    ///
    /// # Errors
    /// A problem naming every field at fault.
    pub fn read(body: &Value) -> Result<Self, Problem> {
        request(body, |body| {
            let text = |name| body.optional_text(name, NOTE_BYTES_MAX).map(Into::into);
            Some(DecisionNote { coupon: text("coupon"), note: text("note") })
        })
    }
}

/// `POST /v1/refunds`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefundReport {
    /// Which program.
    pub program: ProgramId,
    /// The shop's own id of the order.
    pub order_id: String,
    /// The shop's own id of the refund.
    pub refund_id: String,
    /// When it was given back.
    pub occurred_at: Instant,
    /// How much.
    pub value: Money,
}

impl RefundReport {
    /// Reads the body.
    ///
    /// # Errors
    /// A problem naming every field at fault.
    pub fn read(body: &Value) -> Result<Self, Problem> {
        request(body, |body| {
            let program = program(body);
            let order_id = body.text("order_id", ID_BYTES_MAX);
            let refund_id = body.text("refund_id", ID_BYTES_MAX);
            let occurred_at = body.instant("occurred_at");
            let value = body.money("value");
            Some(RefundReport {
                program: program?,
                order_id: order_id?.into(),
                refund_id: refund_id?.into(),
                occurred_at: occurred_at?,
                value: value?,
            })
        })
    }
}
