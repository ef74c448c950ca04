//! The sets of facts of level one, and the names by which a scenario knows
//! their keys.

use crate::scenario::{Answer, Claim, Click, Enrolment, Evidence, Order, Typed};
use goodword::attribution::Advocate;
use goodword::code::ReferralCode;
use goodword::key::{OrderKey, PersonKey, ProgramId};
use goodword::money::Money;
use goodword::order::{self, ClaimRead, CodeRead, Line, Paid, Refund};
use goodword::terms::{Draw, Kind, TermsHistory};
use goodword::time::Instant;
use goodword_tracker::disposable_mail::is_disposable;
use goodword_tracker::hashing;
use std::collections::BTreeMap;

/// The platform whose orders these are.
const SHOP: &str = "shop";

/// What persons are hashed with here.
const SALT: &str = "scenarios";

/// The key of an order.
pub(super) fn order_key(id: &str) -> OrderKey {
    hashing::order(SHOP, id)
}

/// An advocate's draws in experiments.
pub(super) fn draws(terms: &TermsHistory, code: ReferralCode) -> Vec<Draw> {
    hashing::draws(SALT, terms.all(), code)
}

/// An advocate with their group and their inviter.
pub(super) struct Enrolled {
    pub(super) advocate: Advocate,
    pub(super) group: Option<String>,
    pub(super) invited_by: Option<ReferralCode>,
}

/// Everything told about one order.
#[derive(Default)]
pub(super) struct Reports {
    pub(super) id: String,
    pub(super) paid: Vec<Paid>,
    pub(super) pages: Vec<order::Evidence>,
    pub(super) refunds: Vec<Refund>,
    pub(super) answer: Option<Answer>,
    pub(super) is_disposable_mail: bool,
    /// The rules that hold it for a person.
    pub(super) held: Vec<String>,
    /// What that person decided.
    pub(super) is_accepted: Option<bool>,
}

impl Reports {
    pub(super) fn is_held(&self) -> bool {
        !self.held.is_empty() && self.is_accepted != Some(true)
    }

    pub(super) fn add(&mut self, order: &Order, paid: Paid) {
        self.id.clone_from(&order.id);
        self.is_disposable_mail |= order.email.as_deref().is_some_and(is_disposable);
        self.paid.push(paid);
    }

    pub(super) fn order(&self, key: OrderKey) -> Option<order::Order> {
        order::Order::fold(key, &self.paid, &self.pages)
    }
}

#[derive(Default)]
pub(super) struct Facts {
    pub(super) advocates: BTreeMap<String, Enrolled>,
    pub(super) orders: BTreeMap<OrderKey, Reports>,
    /// Claims by friend, in the sequence of their clicks, with the advocate.
    claims: BTreeMap<String, Vec<(String, ClaimRead)>>,
}

impl Facts {
    pub(super) fn advocate(&self, name: &str) -> Result<&Enrolled, String> {
        self.advocates.get(name).ok_or_else(|| format!("{name} is no advocate"))
    }

    pub(super) fn enrol(
        &mut self,
        program: &ProgramId,
        enrolment: &Enrolment,
    ) -> Result<(), String> {
        let claim = enrolment.claim_of.as_deref().map(|friend| self.latest(friend)).transpose()?;
        let invited_by = match claim {
            Some(ClaimRead::Good { code, .. }) => Some(code),
            _ => None,
        };
        let customer = hashing::customer(SALT, program, &enrolment.name);
        let code = hashing::code(SALT, program, customer, 0);
        let known = self.advocates.entry(enrolment.name.clone()).or_insert_with(|| Enrolled {
            advocate: Advocate { code, identities: Vec::new(), blocked_from: None },
            group: None,
            invited_by,
        });
        // Enrolling again adds what is new and erases nothing.
        let email = enrolment.email.as_deref();
        let identities = &mut known.advocate.identities;
        identities.extend((!enrolment.by_email_only).then_some(customer));
        identities.extend(email.map(|address| hashing::email(SALT, program, address)));
        known.group = enrolment.group.clone().or_else(|| known.group.take());
        Ok(())
    }

    fn latest(&self, friend: &str) -> Result<ClaimRead, String> {
        let claim = self.claims.get(friend).and_then(|claims| claims.last());
        claim.map(|(_, claim)| *claim).ok_or_else(|| format!("{friend} has no claim"))
    }

    pub(super) fn click(&mut self, now: Instant, click: &Click, code: ReferralCode) {
        let claim = ClaimRead::Good { clicked_at: now, code, channel: 0, bucket: [0; 4] };
        let claims = self.claims.entry(click.friend.clone()).or_default();
        claims.push((click.advocate.clone(), claim));
    }

    pub(super) fn paid(
        &self,
        program: &ProgramId,
        at: Instant,
        order: &Order,
    ) -> Result<Paid, String> {
        let email = order.email.as_deref();
        let line = |(product, category, money): &(String, Option<String>, Money)| Line {
            product_id: product.clone(),
            category: category.clone(),
            value_minor: money.amount_minor,
        };
        Ok(Paid {
            version_at: None,
            occurred_at: at,
            kind: if order.is_purchase { Kind::Purchase } else { Kind::Signup },
            value: order.value,
            customer: hashing::customer(SALT, program, &order.friend),
            email: email.map(|address| hashing::email(SALT, program, address)),
            existing: order.existing,
            evidence: self.evidence(&order.friend, &order.evidence)?,
            lines: order.lines.iter().map(line).collect(),
        })
    }

    pub(super) fn evidence(
        &self,
        friend: &str,
        evidence: &Evidence,
    ) -> Result<order::Evidence, String> {
        let claim = match &evidence.claim {
            Claim::Latest => self.latest(friend).ok(),
            Claim::Without => None,
            Claim::Of(other) => Some(self.latest(other)?),
            Claim::From(advocate) => {
                let claims = self.claims.get(friend).into_iter().flatten();
                let from =
                    claims.filter(|(of, _)| of == advocate).map(|(_, claim)| *claim).next_back();
                Some(from.ok_or_else(|| format!("{friend} has no claim from {advocate}"))?)
            }
            Claim::Tampered => Some(ClaimRead::Invalid),
            Claim::OtherProgram => Some(ClaimRead::OtherProgram),
        };
        let code = match &evidence.typed {
            None => None,
            Some(Typed::CodeOf(name)) => Some(CodeRead::Code(self.advocate(name)?.advocate.code)),
            Some(Typed::Text(text)) => {
                Some(ReferralCode::parse(text).map_or(CodeRead::Invalid, CodeRead::Code))
            }
        };
        Ok(order::Evidence { claim, code })
    }

    pub(super) fn orders_by_customer(&self) -> BTreeMap<PersonKey, Vec<order::Order>> {
        let mut all: BTreeMap<PersonKey, Vec<order::Order>> = BTreeMap::new();
        for (key, reports) in &self.orders {
            if let Some(order) = reports.order(*key) {
                all.entry(order.customer).or_default().push(order);
            }
        }
        all
    }

    pub(super) fn name_of(&self, code: ReferralCode) -> Result<String, String> {
        let found = self.advocates.iter().find(|(_, one)| one.advocate.code == code);
        found.map(|(name, _)| name.clone()).ok_or_else(|| format!("{code} is nobody's"))
    }
}
