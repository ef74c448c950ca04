//! What people outside the tracker know: who enrolled, which claims they were
//! given, which orders and refunds the shop reported, and what it was told.
//! All that the oracle is fed with.

use crate::terms::Terms;

/// A customer who became an advocate.
#[derive(Clone, Debug)]
pub struct Advocate {
    /// In which program.
    pub program: usize,
    /// Which customer.
    pub customer: usize,
    /// Whether the shop counts them as staff.
    pub is_staff: bool,
    /// The code they were told.
    pub code: Option<String>,
}

/// A claim that a friend was given at a click.
#[derive(Clone, Debug)]
pub struct Claim {
    /// In which program.
    pub program: usize,
    /// Whose link.
    pub advocate: usize,
    /// Who clicked.
    pub customer: usize,
    /// When, by the clock of the location that answered.
    pub clicked_ms: i64,
    /// The claim.
    pub text: String,
}

/// What comes with an order and points to an advocate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pointer {
    /// Nothing.
    Nothing,
    /// A claim.
    Claim(usize),
    /// A claim with a letter changed.
    Forged(usize),
}

/// One report of an order.
#[derive(Clone, Debug)]
pub struct Report {
    /// When the order was made, by the shop's clock.
    pub occurred_ms: i64,
    /// What was paid, in minor units.
    pub value: i64,
    /// Who paid.
    pub customer: usize,
    /// The claim.
    pub pointer: Pointer,
    /// The advocate whose code was typed.
    pub typed: Option<usize>,
    /// When the shop first tried to tell.
    pub tried_ms: Option<i64>,
    /// When it was first told that this was kept.
    pub acked_ms: Option<i64>,
    /// When it was told of a conflict.
    pub refused_ms: Option<i64>,
    /// Whether the tracker, asked again in a quiet moment, agreed.
    pub agreed: Option<bool>,
}

impl Report {
    /// The same order told otherwise, which nobody was told yet.
    #[must_use]
    pub fn retold(&self, change: impl FnOnce(&mut Report)) -> Report {
        let mut report = self.clone();
        (report.tried_ms, report.acked_ms, report.refused_ms, report.agreed) =
            (None, None, None, None);
        change(&mut report);
        report
    }
}

/// A refund of an order.
#[derive(Clone, Debug)]
pub struct Refund {
    /// When it was given back, by the shop's clock.
    pub occurred_ms: i64,
    /// How much.
    pub value: i64,
    /// When the shop first tried to tell.
    pub tried_ms: Option<i64>,
    /// Whether it was told that this was kept.
    pub is_told: bool,
    /// Since when it was told so, and which order it is about.
    pub acked_ms: Option<i64>,
}

/// An order.
#[derive(Clone, Debug)]
pub struct Order {
    /// In which program.
    pub program: usize,
    /// The shop's id of it.
    pub id: String,
    /// Who made it.
    pub customer: usize,
    /// The address they gave.
    pub email: Option<String>,
    /// Whether it is a sign-up rather than a purchase.
    pub is_signup: bool,
    /// Whether it was paid in another currency.
    pub is_foreign: bool,
    /// Whether the shop calls the customer existing.
    pub existing: bool,
    /// Parts of it in percent: tea, and the rest; `None`: the shop says
    /// nothing about its lines.
    pub tea_percent: Option<i64>,
    /// The reports of it. The first is the original.
    pub reports: Vec<Report>,
    /// Its refunds.
    pub refunds: Vec<Refund>,
    /// Whether a provider reports them, under a name of its own.
    pub is_renamed: bool,
    /// Whether that name was told and kept.
    pub is_named: bool,
}

impl Order {
    /// The refunds that were told, from the moment on at which it is known as
    /// well which order they are about.
    pub fn heard(&mut self, now_ms: i64) {
        if self.is_named || !self.is_renamed {
            for refund in self.refunds.iter_mut().filter(|refund| refund.is_told) {
                refund.acked_ms.get_or_insert(now_ms);
            }
        }
    }

    /// What a provider calls it.
    #[must_use]
    pub fn payment(&self) -> String {
        format!("pi_{}", self.id)
    }

    /// What its tea costs in a report of this value.
    #[must_use]
    pub fn tea(&self, value: i64) -> i64 {
        self.tea_percent.map_or(0, |percent| value * percent / 100)
    }
}

/// Everything that is known outside the tracker.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// The programs.
    pub programs: Vec<Terms>,
    /// The advocates.
    pub advocates: Vec<Advocate>,
    /// The claims.
    pub claims: Vec<Claim>,
    /// The orders.
    pub orders: Vec<Order>,
    /// When everything of the first part of the run was settled.
    pub calm_ms: Option<i64>,
    /// Milliseconds after which what was told is seen everywhere.
    pub seen_after_ms: i64,
}

/// The shop's id of a customer.
#[must_use]
pub fn customer_id(customer: usize) -> String {
    format!("c{customer}")
}

/// A customer's own address. Two customers in three use Google, which
/// ignores dots and what follows a plus.
#[must_use]
pub fn address(customer: usize) -> String {
    match customer % 3 {
        0 => format!("customer{customer}@shop.example"),
        _ => format!("customer{customer}@gmail.com"),
    }
}

/// The same address, spelled otherwise where its provider allows that.
#[must_use]
pub fn address_otherwise(customer: usize) -> String {
    match customer % 3 {
        0 => format!("Customer{customer}@Shop.Example"),
        _ => format!("custo.mer{customer}+again@googlemail.com"),
    }
}
