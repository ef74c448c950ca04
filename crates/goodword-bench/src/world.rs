//! A made-up year of one program: twenty friends an advocate, one order each,
//! every fifth reported twice, every tenth refunded in part.

use goodword::attribution::Advocate;
use goodword::code::ReferralCode;
use goodword::key::{Key, OrderKey};
use goodword::money::{Currency, EURO, Money};
use goodword::order::{ClaimRead, Evidence, Paid, Refund};
use goodword::terms::{Kind, TermsHistory};
use goodword::time::{DAY_MS, Instant};
use goodword_api::program::ProgramDocument;

pub const CURRENCY: Currency = EURO;
const FRIENDS: u64 = 20;
const TALLIES_PER_ORDER: u64 = 10;
const TERMS: &str = include_str!("../../../programs/demo.json");

pub struct World {
    conversions: u64,
    terms: TermsHistory,
}

/// What one advocate's friends did.
pub struct Slice {
    pub code: ReferralCode,
    pub advocates: Vec<Advocate>,
    pub orders: Vec<(OrderKey, Vec<Paid>, Vec<Refund>)>,
    pub tallies: u64,
    pub first_day: Instant,
}

impl Slice {
    /// Reports, refunds and tallies of clicks.
    pub fn facts(&self) -> u64 {
        let of_orders: usize =
            self.orders.iter().map(|(_, reports, refunds)| reports.len() + refunds.len()).sum();
        of_orders as u64 + self.tallies
    }
}

impl World {
    pub fn new(conversions: u64) -> Self {
        let document = serde_json::from_str(TERMS).expect("the demo's terms are JSON");
        let program = ProgramDocument::read(document, None).expect("the demo's terms are good");
        let terms = TermsHistory::new(vec![(Instant(0), program.program)]).expect("one version");
        World { conversions, terms }
    }

    pub fn terms(&self) -> &TermsHistory {
        &self.terms
    }

    /// Advocate after advocate, none kept.
    pub fn slices(&self) -> impl Iterator<Item = Slice> {
        (0..self.conversions / FRIENDS).map(slice)
    }
}

fn slice(number: u64) -> Slice {
    let code = code(number);
    let first_day = Instant(i64::try_from(20_000 + number % 337).unwrap_or(0) * DAY_MS);
    let orders = (0..FRIENDS).map(|friend| order(number * FRIENDS + friend, code, first_day));
    Slice {
        code,
        advocates: vec![Advocate { code, identities: Vec::new(), blocked_from: None }],
        orders: orders.collect(),
        tallies: FRIENDS * TALLIES_PER_ORDER,
        first_day,
    }
}

fn order(number: u64, code: ReferralCode, day: Instant) -> (OrderKey, Vec<Paid>, Vec<Refund>) {
    let key = key(number);
    let occurred_at = day.plus_ms(i64::try_from(number % FRIENDS).unwrap_or(0) * DAY_MS);
    let money = |amount_minor| Money { amount_minor, currency: CURRENCY };
    let claim = ClaimRead::Good {
        clicked_at: occurred_at.plus_ms(-3_600_000),
        code,
        channel: (number % 6) as u8,
        bucket: [0; 4],
    };
    let paid = Paid {
        version_at: None,
        occurred_at,
        kind: Kind::Purchase,
        value: Some(money(4_990)),
        customer: key,
        email: None,
        existing: false,
        evidence: Evidence { claim: Some(claim), code: None },
        lines: Vec::new(),
    };
    let mut reports = vec![paid];
    if number.is_multiple_of(5) {
        reports.extend(reports.clone());
    }
    let refund = Refund::new("r".to_owned(), occurred_at, money(1_000));
    let refunds = if number.is_multiple_of(10) { vec![refund] } else { Vec::new() };
    (key, reports, refunds)
}

fn code(number: u64) -> ReferralCode {
    let [_, _, _, a, b, c, d, e] = number.to_be_bytes();
    ReferralCode::from_bytes([a, b, c, d, e])
}

fn key(number: u64) -> Key {
    Key((u128::from(number) << 64 | u128::from(number)).to_be_bytes())
}
