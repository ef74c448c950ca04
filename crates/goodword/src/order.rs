//! The facts of one order, and what they say together.
//!
//! A shop may report one order several times: replayed, corrected by its
//! provider, or with a further claim. [`Order::fold`] turns any such set of
//! reports into the same order, whatever their number and sequence.

use crate::code::ReferralCode;
use crate::key::{OrderKey, PersonKey};
use crate::money::Money;
use crate::mutant;
use crate::sorted;
use crate::terms::{Kind, Program};
use crate::time::Instant;
use alloc::string::String;
use alloc::vec::Vec;

/// A report that an order was made, by the shop's server or its provider.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Paid {
    /// The provider's own time of this version of the order; the latest
    /// version counts. `None` for shops that call the tracker themselves:
    /// their orders have one version.
    pub version_at: Option<Instant>,
    /// When the order was made.
    pub occurred_at: Instant,
    /// What kind of act it is.
    pub kind: Kind,
    /// What was paid.
    pub value: Option<Money>,
    /// By whom.
    pub customer: PersonKey,
    /// The customer's e-mail address, as an identity of its own.
    pub email: Option<PersonKey>,
    /// Whether the shop says this is a customer from before.
    pub existing: bool,
    /// How the order points to an advocate.
    pub evidence: Evidence,
    /// What was bought; empty when the shop does not say.
    pub lines: Vec<Line>,
}

impl Paid {
    /// What makes two reports the same order rather than a conflict.
    #[must_use]
    pub fn content(&self) -> (Kind, Option<Money>, PersonKey) {
        (self.kind, self.value, self.customer)
    }
}

/// What points from an order to an advocate.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Evidence {
    /// The claim that came with the order.
    pub claim: Option<ClaimRead>,
    /// The code that was typed.
    pub code: Option<CodeRead>,
}

impl Evidence {
    /// Whether nothing points anywhere.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.claim.is_none() && self.code.is_none()
    }
}

/// A claim, as it was found when it was received: keys may rotate later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ClaimRead {
    /// Signed by us, for this program.
    Good {
        /// When the link was followed.
        clicked_at: Instant,
        /// Whose.
        code: ReferralCode,
        /// Through which channel; 0 for none.
        channel: u8,
        /// Address and agent of the visitor, as a keyed hash.
        bucket: [u8; 4],
    },
    /// Signed by us, for another program.
    OtherProgram,
    /// Not signed by us.
    Invalid,
}

/// A typed code, as it was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CodeRead {
    /// It has the form of a code; whether it names anybody is looked up.
    Code(ReferralCode),
    /// It cannot be a code.
    Invalid,
}

/// One line of an order.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Line {
    /// The product.
    pub product_id: String,
    /// Its category.
    pub category: Option<String>,
    /// What the line costs, its quantity included, in minor units of the
    /// order's currency.
    pub value_minor: i64,
}

/// An order, as all its reports together tell it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// Its identity.
    pub key: OrderKey,
    /// When it was made.
    pub occurred_at: Instant,
    /// What kind of act it is.
    pub kind: Kind,
    /// What was paid.
    pub value: Option<Money>,
    /// By whom.
    pub customer: PersonKey,
    /// The customer's e-mail addresses.
    pub emails: Vec<PersonKey>,
    /// Whether the shop says this is a customer from before.
    pub existing: bool,
    /// All claims that came with it.
    pub claims: Vec<ClaimRead>,
    /// All codes typed.
    pub codes: Vec<CodeRead>,
    /// What was bought.
    pub lines: Vec<Line>,
}

impl Order {
    /// Folds reports of one order. `from_pages` is evidence that pages sent
    /// without proof: only a signed claim counts, and only where the shop
    /// itself sent nothing, since anybody can send it for anybody's order.
    ///
    /// `None` when the shop's server reported nothing: such an order may not
    /// exist at all.
    #[must_use]
    pub fn fold(key: OrderKey, reports: &[Paid], from_pages: &[Evidence]) -> Option<Self> {
        // Of two reports that contradict each other the provider's latest
        // counts; among equals the choice is arbitrary but always the same.
        let latest = reports.iter().map(|paid| paid.version_at).max()?;
        let current = reports.iter().filter(|paid| paid.version_at == latest).min()?;
        let same = |paid: &&Paid| paid.customer == current.customer;

        let mut claims: Vec<ClaimRead> =
            reports.iter().filter(same).filter_map(|paid| paid.evidence.claim).collect();
        let mut codes: Vec<CodeRead> =
            reports.iter().filter(same).filter_map(|paid| paid.evidence.code).collect();
        if claims.is_empty() && codes.is_empty() {
            let signed = |claim: &ClaimRead| matches!(claim, ClaimRead::Good { .. });
            claims.extend(from_pages.iter().filter_map(|evidence| evidence.claim).filter(signed));
        }
        let mut emails: Vec<PersonKey> =
            reports.iter().filter(same).filter_map(|paid| paid.email).collect();
        sort_and_dedup(&mut claims);
        sort_and_dedup(&mut codes);
        sort_and_dedup(&mut emails);

        let times = || reports.iter().filter(same).map(|paid| paid.occurred_at);
        Some(Order {
            key,
            occurred_at: mutant!(LatestTimeOfReports, times().min()?, times().max()?),
            kind: current.kind,
            value: current.value,
            customer: current.customer,
            emails,
            existing: reports.iter().filter(same).any(|paid| paid.existing),
            claims,
            codes,
            lines: current.lines.clone(),
        })
    }

    /// How much of the order counts under these terms, in minor units: all
    /// of it, or the lines of the products that count. `None` when none of
    /// them was bought, or the currency is another.
    #[must_use]
    pub fn qualifying_minor(&self, program: &Program) -> Option<i64> {
        let is_foreign = self.value.is_some_and(|value| value.currency != program.currency);
        if mutant!(OtherCurrencyAccepted, is_foreign, false) {
            return None;
        }
        let whole = self.value.map_or(0, |value| value.amount_minor);
        let products = &program.qualifies.products;
        if mutant!(AllProductsCount, products.is_empty(), true) {
            return Some(whole);
        }
        let counts = |line: &&Line| {
            products.contains(&line.product_id)
                || line.category.as_ref().is_some_and(|category| products.contains(category))
        };
        let lines: Vec<i64> =
            self.lines.iter().filter(counts).map(|line| line.value_minor).collect();
        let sum = lines.iter().fold(0_i64, |sum, minor| sum.saturating_add(*minor));
        (!lines.is_empty()).then(|| sum.min(whole))
    }
}

/// A report that an order was undone, wholly or in part.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Refund {
    /// The refund's own identity within its order.
    pub id: String,
    /// When it was given back.
    pub occurred_at: Instant,
    /// How much was given back.
    pub value: Money,
    /// The provider's own time of this report; of several about one refund
    /// the latest counts. `None` for refunds that never change.
    pub version_at: Option<Instant>,
    /// The payment it was given back on, where the provider says so.
    pub payment: Option<String>,
    /// Whether the value is all that was given back on its payment so far,
    /// however many refunds that were.
    pub is_total: bool,
}

impl Refund {
    /// A refund that stands by itself.
    #[must_use]
    pub fn new(id: String, occurred_at: Instant, value: Money) -> Self {
        Refund { id, occurred_at, value, version_at: None, payment: None, is_total: false }
    }
}

/// Of each refund the report that counts, by their ids: one reported twice
/// counts once; reported with two amounts, with the provider's latest or,
/// among equals, the larger.
#[must_use]
pub fn counted<'a>(refunds: impl Iterator<Item = &'a Refund>) -> Vec<&'a Refund> {
    let mut counted: Vec<&Refund> = refunds.collect();
    sorted::sort_by(&mut counted, |a, b| {
        let newest_first = b.version_at.cmp(&a.version_at).then(b.value.cmp(&a.value));
        a.id.cmp(&b.id).then(newest_first)
    });
    counted.dedup_by(|later, earlier| later.id == earlier.id);
    counted
}

/// The sum of a set of refunds in the order's currency, in minor units, of
/// each the report that [counts](counted). What a provider says was given
/// back on a payment in all counts instead of that payment's refunds where it
/// is more. Never more than the order's value.
#[must_use]
pub fn refunded_minor<'a>(
    order_value: Option<Money>,
    refunds: impl Iterator<Item = &'a Refund>,
) -> i64 {
    let Some(value) = order_value else { return 0 };
    let counted = counted(refunds.filter(|refund| refund.value.currency == value.currency));
    let mut sum = 0_i64;
    for (place, refund) in counted.iter().enumerate() {
        let mut earlier = counted.iter().take(place);
        if earlier.all(|earlier| earlier.payment != refund.payment) {
            sum = sum.saturating_add(given_back_minor(&counted, refund.payment.as_deref()));
        }
    }
    sum.min(value.amount_minor)
}

/// What was given back on one payment: its refunds, or what is said of all of
/// them together where that is more.
fn given_back_minor(refunds: &[&Refund], payment: Option<&str>) -> i64 {
    let (mut each, mut all) = (0_i64, 0_i64);
    for refund in refunds.iter().filter(|refund| refund.payment.as_deref() == payment) {
        let sum = if refund.is_total { &mut all } else { &mut each };
        *sum = sum.saturating_add(refund.value.amount_minor.max(0));
    }
    each.max(all)
}

fn sort_and_dedup<T: Ord>(items: &mut Vec<T>) {
    sorted::sort(items);
    items.dedup();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::EURO;
    use alloc::string::ToString;

    fn euros(amount_minor: i64) -> Money {
        Money { amount_minor, currency: EURO }
    }

    fn refund(id: &str, minor: i64) -> Refund {
        Refund::new(id.to_string(), Instant(0), euros(minor))
    }

    fn on_payment(id: &str, minor: i64, payment: &str) -> Refund {
        Refund { payment: Some(payment.to_string()), ..refund(id, minor) }
    }

    fn total(payment: &str, minor: i64) -> Refund {
        Refund { is_total: true, ..on_payment(payment, minor, payment) }
    }

    fn version(id: &str, minor: i64, ms: i64) -> Refund {
        Refund { version_at: Some(Instant(ms)), ..refund(id, minor) }
    }

    #[track_caller]
    fn check(refunds: &[Refund], minor: i64) {
        assert_eq!(refunded_minor(Some(euros(5_000)), refunds.iter()), minor);
        let backwards = refunds.iter().rev().chain(refunds);
        assert_eq!(refunded_minor(Some(euros(5_000)), backwards), minor, "another sequence");
    }

    #[test]
    fn refunds_of_an_order() {
        check(&[], 0);
        check(&[refund("a", 1_000), refund("b", 500)], 1_500);
        check(&[refund("a", 1_000), refund("a", 1_200)], 1_200);
        check(&[refund("a", 4_000), refund("b", 4_000)], 5_000);
    }

    #[test]
    fn what_is_said_of_a_payment_in_all_counts_once() {
        check(&[total("p", 700)], 700);
        check(&[total("p", 700), total("p", 900)], 900);
        check(&[on_payment("a", 700, "p"), total("p", 700)], 700);
        check(&[on_payment("a", 700, "p"), on_payment("b", 100, "p"), total("p", 700)], 800);
        check(&[on_payment("a", 700, "p"), total("p", 900)], 900);
        check(&[on_payment("a", 700, "p"), total("q", 200)], 900);
        check(&[on_payment("a", 700, "p"), total("p", 700), refund("dispute", 300)], 1_000);
    }

    #[test]
    fn of_two_versions_the_latest_counts() {
        check(&[version("status", 5_000, 1), version("status", 0, 2)], 0);
        check(&[version("status", 0, 2), version("status", 5_000, 3)], 5_000);
        check(&[version("status", 5_000, 1), version("status", 0, 2), refund("a", 100)], 100);
    }
}
