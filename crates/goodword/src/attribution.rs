//! Which advocate earned each order of a friend, or why nobody did.
//!
//! The decision about one order needs the friend's other orders, because a
//! program may reward only the first and a friend stays with their advocate.
//! So [`attribute`] takes all of them at once, in any sequence, and goes
//! through them by the time at which they occurred.

use crate::code::ReferralCode;
use crate::key::{OrderKey, PersonKey};
use crate::limits::CLOCK_DIFFERENCE_MS;
use crate::mutant;
use crate::order::{ClaimRead, CodeRead, Order};
use crate::sorted;
use crate::terms::{Block, Kind, Model, Program, TermsHistory, TypedCode, Which};
use crate::time::{DAY_MS, Instant};
use alloc::vec::Vec;

/// What is known about an advocate when orders are attributed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advocate {
    /// Their code.
    pub code: ReferralCode,
    /// Who they are, by every identity known: customer and e-mail addresses.
    pub identities: Vec<PersonKey>,
    /// Their orders from then on earn nothing: the owner blocked them, or they
    /// had themselves erased.
    pub blocked_from: Option<Instant>,
}

impl Advocate {
    /// Whether orders of an instant earn them nothing.
    #[must_use]
    pub fn is_blocked_at(&self, instant: Instant) -> bool {
        self.blocked_from.is_some_and(|from| from <= instant)
    }
}

/// Who earned an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attribution {
    /// The advocate with this code.
    To(Credit),
    /// Nobody, for this reason.
    Nobody(Reason),
}

/// An order's advocate, and the click that proves it where there was one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Credit {
    /// Whose code.
    pub code: ReferralCode,
    /// The click; `None` for a typed or an inherited code.
    pub click: Option<Click>,
}

/// The click behind an attributed order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Click {
    /// When.
    pub at: Instant,
    /// Through which channel; 0 for none.
    pub channel: u8,
    /// By which address and agent, as a keyed hash.
    pub bucket: [u8; 4],
}

/// Why nobody earned an order. The sequence is the precedence: where several
/// hold, the first is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// The claim's click lies outside the window.
    OutsideWindow,
    /// The claim is for another program.
    OtherProgram,
    /// The claim is not one of ours.
    InvalidClaim,
    /// The code names nobody.
    UnknownCode,
    /// Nothing points to an advocate.
    NoClaim,
    /// The friend is the advocate.
    SelfReferral,
    /// Another act, another currency, or none of the products that count.
    NotQualifying,
    /// Worth less than the program's minimum.
    BelowMinimum,
    /// Not the friend's first, or too long after it.
    NotFirstPurchase,
    /// A customer from before.
    ExistingCustomer,
    /// Another advocate brought this friend already.
    AlreadyReferred,
    /// The program did not run when the order was made.
    ProgramInactive,
    /// The owner blocked the advocate.
    AdvocateBlocked,
}

impl Reason {
    /// The reason as the contract spells it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Reason::OutsideWindow => "outside_window",
            Reason::OtherProgram => "other_program",
            Reason::InvalidClaim => "invalid_claim",
            Reason::UnknownCode => "unknown_code",
            Reason::NoClaim => "no_claim",
            Reason::SelfReferral => "self_referral",
            Reason::NotQualifying => "not_qualifying",
            Reason::BelowMinimum => "below_minimum",
            Reason::NotFirstPurchase => "not_first_purchase",
            Reason::ExistingCustomer => "existing_customer",
            Reason::AlreadyReferred => "already_referred",
            Reason::ProgramInactive => "program_inactive",
            Reason::AdvocateBlocked => "advocate_blocked",
        }
    }
}

/// Attributes all orders of one friend. The result is in the sequence in
/// which the orders occurred.
#[must_use]
pub fn attribute(
    orders: &[Order],
    terms: &TermsHistory,
    advocates: &[Advocate],
) -> Vec<(OrderKey, Attribution)> {
    let mut in_sequence: Vec<&Order> = orders.iter().collect();
    sorted::sort_by_key(&mut in_sequence, |order| (order.occurred_at, order.key));
    in_sequence.dedup_by_key(|order| order.key);

    let mut past = Past::default();
    let mut outcomes = Vec::with_capacity(in_sequence.len());
    for order in in_sequence {
        let program = terms.at(order.occurred_at);
        let attribution = match decide(order, program, advocates, &past) {
            Ok(credit) => Attribution::To(credit),
            Err(reason) => Attribution::Nobody(reason),
        };
        past.remember(order, attribution);
        outcomes.push((order.key, attribution));
    }
    outcomes
}

/// What a friend did before the order in question.
#[derive(Default)]
struct Past {
    purchases: u32,
    signups: u32,
    /// Whose friend they are, and since which order.
    advocate: Option<(ReferralCode, Instant)>,
}

impl Past {
    fn remember(&mut self, order: &Order, attribution: Attribution) {
        match order.kind {
            Kind::Purchase => self.purchases += 1,
            Kind::Signup => self.signups += 1,
        }
        if let Attribution::To(credit) = attribution {
            self.advocate.get_or_insert((credit.code, order.occurred_at));
        }
    }

    fn acts(&self, kind: Kind) -> u32 {
        match kind {
            Kind::Purchase => self.purchases,
            Kind::Signup => self.signups,
        }
    }
}

fn decide(
    order: &Order,
    program: &Program,
    advocates: &[Advocate],
    past: &Past,
) -> Result<Credit, Reason> {
    let credit = candidate(order, program, advocates, past)?;
    let advocate = find(advocates, credit.code).ok_or(Reason::UnknownCode)?;
    not_oneself(order, program, advocate)?;
    qualifying(order, program)?;
    first_enough(order, program, past)?;
    new_enough(order, program, past)?;
    let credit = whose_friend(credit, program, past)?;
    if !program.is_running_at(order.occurred_at) {
        return Err(Reason::ProgramInactive);
    }
    match find(advocates, credit.code) {
        Some(advocate) if !advocate.is_blocked_at(order.occurred_at) => Ok(credit),
        _ => Err(Reason::AdvocateBlocked),
    }
}

fn find(advocates: &[Advocate], code: ReferralCode) -> Option<&Advocate> {
    advocates.iter().find(|advocate| advocate.code == code)
}

/// Whom the order points to: by claim, by typed code, or, where it points to
/// nobody, by the friend's earlier orders if the program rewards more than
/// the first.
fn candidate(
    order: &Order,
    program: &Program,
    advocates: &[Advocate],
    past: &Past,
) -> Result<Credit, Reason> {
    let claimed = by_claim(order, program, advocates);
    let typed = by_code(order, advocates);
    let (first, second) = match program.attribution.typed_code {
        TypedCode::Wins => (typed, claimed),
        TypedCode::Loses => mutant!(TypedCodeAlwaysWins, (claimed, typed), (typed, claimed)),
    };
    let pointed = match (first, second) {
        (Ok(credit), _) | (Err(_), Ok(credit)) => return Ok(credit),
        (Err(one), Err(other)) => one.min(other),
    };
    match past.advocate {
        Some((code, _))
            if mutant!(LaterOrdersDoNotInherit, program.qualifies.which != Which::First, false) =>
        {
            Ok(Credit { code, click: None })
        }
        _ => Err(pointed),
    }
}

fn by_claim(order: &Order, program: &Program, advocates: &[Advocate]) -> Result<Credit, Reason> {
    let window_ms = i64::from(program.attribution.window_days) * DAY_MS;
    let window_ms = mutant!(WindowOneMillisecondLonger, window_ms, window_ms + 1);
    let window_ms = mutant!(WindowNotChecked, window_ms, i64::MAX / 2);
    let earliest = order.occurred_at.plus_ms(-window_ms);
    let latest = order.occurred_at.plus_ms(mutant!(LateClickRefused, CLOCK_DIFFERENCE_MS, 0));

    let mut reason = Reason::NoClaim;
    let mut good: Vec<(Instant, Credit)> = Vec::new();
    for claim in &order.claims {
        let why_not = match *claim {
            ClaimRead::Invalid => Reason::InvalidClaim,
            ClaimRead::OtherProgram => Reason::OtherProgram,
            ClaimRead::Good { clicked_at, .. } if clicked_at <= earliest || clicked_at > latest => {
                Reason::OutsideWindow
            }
            ClaimRead::Good { code, .. } if find(advocates, code).is_none() => Reason::UnknownCode,
            ClaimRead::Good { code, clicked_at, channel, bucket } => {
                let click = Some(Click { at: clicked_at, channel, bucket });
                good.push((clicked_at, Credit { code, click }));
                continue;
            }
        };
        reason = reason.min(why_not);
    }
    // Claims are sorted by time, then code: of two clicks in one millisecond
    // the choice is arbitrary but always the same.
    let chosen = match program.attribution.model {
        Model::FirstClick => mutant!(FirstAndLastClickSwapped, good.first(), good.last()),
        Model::LastClick => mutant!(FirstAndLastClickSwapped, good.last(), good.first()),
    };
    chosen.map(|(_, credit)| *credit).ok_or(reason)
}

fn by_code(order: &Order, advocates: &[Advocate]) -> Result<Credit, Reason> {
    let known = order.codes.iter().find_map(|code| match code {
        CodeRead::Code(code) => find(advocates, *code),
        CodeRead::Invalid => None,
    });
    match known {
        Some(advocate) => Ok(Credit { code: advocate.code, click: None }),
        None if order.codes.is_empty() => Err(Reason::NoClaim),
        None => Err(Reason::UnknownCode),
    }
}

fn not_oneself(order: &Order, program: &Program, advocate: &Advocate) -> Result<(), Reason> {
    let is_same = |person: &PersonKey| advocate.identities.contains(person);
    let by_customer = program.fraud.blocks(Block::SelfReferral) && is_same(&order.customer);
    let by_customer = mutant!(SelfReferralAccepted, by_customer, false);
    let by_email = program.fraud.blocks(Block::SameEmail) && order.emails.iter().any(is_same);
    let by_email = mutant!(SameEmailAccepted, by_email, false);
    if by_customer || by_email { Err(Reason::SelfReferral) } else { Ok(()) }
}

fn qualifying(order: &Order, program: &Program) -> Result<(), Reason> {
    let qualifies = &program.qualifies;
    if order.kind != qualifies.kind {
        return Err(Reason::NotQualifying);
    }
    let minor = order.qualifying_minor(program).ok_or(Reason::NotQualifying)?;
    // A sign-up without a value cannot be worth too little.
    let has_minimum = order.kind == Kind::Purchase || order.value.is_some();
    let minimum_minor = qualifies.minimum_minor;
    if has_minimum && mutant!(MinimumOffByOne, minor < minimum_minor, minor <= minimum_minor) {
        return Err(Reason::BelowMinimum);
    }
    Ok(())
}

fn first_enough(order: &Order, program: &Program, past: &Past) -> Result<(), Reason> {
    let is_in_time = match program.qualifies.which {
        Which::First => mutant!(LaterPurchaseAccepted, past.acts(order.kind) == 0, true),
        Which::Every => true,
        Which::Months(months) => {
            let months = mutant!(MonthsNotCounted, months, 1_200);
            past.advocate.is_none_or(|(_, since)| order.occurred_at < since.plus_months(months))
        }
    };
    if is_in_time { Ok(()) } else { Err(Reason::NotFirstPurchase) }
}

/// A friend who is somebody's already may be the shop's customer by now;
/// anybody else with a past there was not brought by a recommendation.
fn new_enough(order: &Order, program: &Program, past: &Past) -> Result<(), Reason> {
    let new_only = program.qualifies.new_customers_only;
    let said_so = order.existing && (new_only || program.fraud.blocks(Block::ExistingCustomer));
    let bought_before = new_only && past.acts(order.kind) > 0;
    let is_old = mutant!(ExistingCustomerAccepted, said_so || bought_before, false);
    if past.advocate.is_none() && is_old {
        return Err(Reason::ExistingCustomer);
    }
    Ok(())
}

/// A friend stays with the advocate who brought them.
fn whose_friend(credit: Credit, program: &Program, past: &Past) -> Result<Credit, Reason> {
    match past.advocate {
        Some((code, _)) if mutant!(FriendChangesAdvocate, code != credit.code, false) => {
            if program.fraud.blocks(Block::AlreadyReferred) {
                Err(Reason::AlreadyReferred)
            } else {
                Ok(Credit { code, click: None })
            }
        }
        _ => Ok(credit),
    }
}
