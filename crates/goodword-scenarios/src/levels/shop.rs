//! Levels two and three: a shop that speaks to a tracker through the
//! contract, and knows nothing about it beyond that. How a call is carried
//! is left to a [`Wire`].

mod identity;
mod read;
mod telling;
pub mod wire;

use super::{Level, Told};
use crate::ledger::Line;
use crate::scenario::{Answer, Click, Decision, Enrolment, Evidence, Order, Refund};
use goodword::code::ReferralCode;
use goodword::time::Instant;
use goodword_api::{instant, reward};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use wire::{Answered, By, Call, Wire};

/// The shop.
pub struct Shop<W> {
    wire: W,
    document: Value,
    program: String,
    /// Codes as they are shown, by name.
    codes: BTreeMap<String, String>,
    /// Claims by friend, in the sequence of their clicks, with the advocate.
    claims: BTreeMap<String, Vec<(String, String)>>,
    /// Bodies of the first answers, by order.
    answers: BTreeMap<String, String>,
    foreign_claim: Option<String>,
}

impl<W: Wire> Shop<W> {
    /// A shop that has told nothing yet.
    pub fn new(wire: W) -> Self {
        Shop {
            wire,
            document: Value::Null,
            program: String::new(),
            codes: BTreeMap::new(),
            claims: BTreeMap::new(),
            answers: BTreeMap::new(),
            foreign_claim: None,
        }
    }

    fn post(&mut self, now: Instant, by: By, path: &str, body: Value) -> Result<Answered, String> {
        let call = Call { method: "POST", path: path.to_owned(), by, body: Some(body) };
        self.wire.call(now, &call)
    }

    /// A list of the program's, whole.
    fn list(&mut self, now: Instant, name: &str) -> Result<Vec<Value>, String> {
        let path = format!("/v1/programs/{}/{name}", self.program);
        let answered =
            self.wire.call(now, &Call { method: "GET", path, by: By::Owner, body: None })?;
        let told = read::good(&answered, &[200])?;
        told.get("data").and_then(Value::as_array).cloned().ok_or_else(|| "no data".to_owned())
    }

    fn decided(&mut self, now: Instant, what: &str) -> Result<(), String> {
        let path = format!("/v1/programs/{}/{what}", self.program);
        let body = Some(json!({"note": "a scenario says so"}));
        let answered = self.wire.call(now, &Call { method: "POST", path, by: By::Owner, body })?;
        read::good(&answered, &[200]).map(|_| ())
    }

    fn line(&self, reward: &Value) -> Result<Line, String> {
        read::line(reward, &self.name_of(&read::text(reward, "code")?)?)
    }

    fn latest(&self, friend: &str) -> Option<String> {
        Some(self.claims.get(friend)?.last()?.1.clone())
    }

    fn code(&self, name: &str) -> Result<&str, String> {
        let code = self.codes.get(name).map(String::as_str);
        code.ok_or_else(|| format!("{name} is no advocate"))
    }

    /// Whose code this is; the name before it is for people only.
    fn name_of(&self, code: &str) -> Result<String, String> {
        let is_theirs = |shown: &str| ReferralCode::parse(shown) == ReferralCode::parse(code);
        let found = self.codes.iter().find(|(_, shown)| is_theirs(shown));
        found.map(|(name, _)| name.clone()).ok_or_else(|| format!("{code} is nobody's code"))
    }
}

impl<W: Wire> Level for Shop<W> {
    fn put_program(&mut self, now: Instant, document: &Value) -> Result<(), String> {
        self.program = read::text(document, "id")?;
        self.document = document.clone();
        let program = self.program.clone();
        self.put(now, &program, document)
    }

    fn enrol(&mut self, now: Instant, enrolment: &Enrolment) -> Result<(), String> {
        let program = self.program.clone();
        let code = self.enrol_in(now, &program, enrolment)?;
        self.codes.insert(enrolment.name.clone(), code);
        Ok(())
    }

    fn click(&mut self, now: Instant, click: &Click) -> Result<bool, String> {
        let (program, code) = (self.program.clone(), self.code(&click.advocate)?.to_owned());
        let claim = self.claim_of(now, &program, &code, click.is_direct)?;
        let has_claim = claim.is_some();
        let claims = self.claims.entry(click.friend.clone()).or_default();
        claims.extend(claim.map(|claim| (click.advocate.clone(), claim)));
        Ok(has_claim)
    }

    fn order(&mut self, now: Instant, at: Instant, order: &Order) -> Result<Told, String> {
        let body = self.body_of(now, at, order)?;
        let answered = self.post(now, By::Server, "/v1/conversions", body)?;
        if answered.status == 409 {
            return Ok(Told { answer: Answer::Conflict, is_same: false });
        }
        let first = self.answers.get(&order.id);
        let is_same = answered.status == 200 && first == Some(&answered.body);
        let told = read::good(&answered, if first.is_some() { &[200] } else { &[201] })?;
        self.answers.entry(order.id.clone()).or_insert_with(|| answered.body.clone());
        let answer = match read::text(&told, "outcome")?.as_str() {
            "attributed" => {
                Answer::To(self.name_of(&read::text(&told, "code")?)?, read::rules(&told))
            }
            _ => Answer::Nobody(read::text(&told, "reason")?),
        };
        Ok(Told { answer, is_same })
    }

    fn page(
        &mut self,
        now: Instant,
        order: &str,
        friend: &str,
        evidence: &Evidence,
    ) -> Result<(), String> {
        let mut body = Map::new();
        body.insert("program".to_owned(), Value::from(self.program.as_str()));
        body.insert("order_id".to_owned(), Value::from(order));
        self.point(now, &mut body, friend, evidence)?;
        let answered =
            self.post(now, By::Page, "/v1/conversions/unverified", Value::Object(body))?;
        read::good(&answered, &[200, 202]).map(|_| ())
    }

    fn refund(&mut self, now: Instant, at: Instant, refund: &Refund) -> Result<bool, String> {
        let body = json!({
            "program": self.program, "order_id": refund.order, "refund_id": refund.id,
            "occurred_at": instant::write(self.wire.moment(at)), "value": reward::money(refund.value),
        });
        let answered = self.post(now, By::Server, "/v1/refunds", body)?;
        if answered.status == 409 {
            return Ok(false);
        }
        read::good(&answered, &[200, 201]).map(|_| true)
    }

    fn settle(&mut self, now: Instant) -> Result<u64, String> {
        let mut settled = 0;
        loop {
            let path = format!("/v1/programs/{}/settle", self.program);
            let answered =
                self.wire.call(now, &Call { method: "POST", path, by: By::Owner, body: None })?;
            let told = read::good(&answered, &[200])?;
            let number = |name| told.get(name).and_then(Value::as_u64).unwrap_or(0);
            settled += number("settled");
            if number("remaining") == 0 || number("settled") == 0 {
                return Ok(settled);
            }
        }
    }

    fn block(&mut self, now: Instant, advocate: &str) -> Result<(), String> {
        let code = self.code(advocate)?.to_owned();
        self.decided(now, &format!("advocates/{code}/block"))
    }

    fn review(&mut self, now: Instant, order: &str, is_accepted: bool) -> Result<(), String> {
        let reviews = self.list(now, "reviews")?;
        let is_meant = |review: &&Value| read::text(review, "order_id").as_deref() == Ok(order);
        let review = reviews.iter().find(is_meant).ok_or_else(|| format!("{order} is not held"))?;
        let id = read::text(review, "review_id")?;
        self.decided(
            now,
            &format!("reviews/{id}/{}", if is_accepted { "accept" } else { "refuse" }),
        )
    }

    fn decide(&mut self, now: Instant, decision: &Decision) -> Result<(), String> {
        for reward in self.list(now, "rewards?limit=1000")? {
            let line = self.line(&reward)?;
            if line.who == decision.advocate && line.of == decision.of {
                let id = read::text(&reward, "reward_id")?;
                let verdict = if decision.is_fulfilled { "fulfil" } else { "void" };
                return self.decided(now, &format!("rewards/{id}/{verdict}"));
            }
        }
        Err("there is no such reward".to_owned())
    }

    fn ledger(&mut self, now: Instant) -> Result<Vec<Line>, String> {
        let rewards = self.list(now, "rewards?limit=1000")?;
        rewards.iter().map(|reward| self.line(reward)).collect()
    }
}
