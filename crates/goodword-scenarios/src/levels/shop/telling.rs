//! What a shop tells a tracker: bodies of enrolments and orders, and the
//! claims that come from links.

use super::wire::{By, Call, Wire};
use super::{Shop, identity, read};
use crate::programs::{ORIGIN, set};
use crate::scenario::{Claim, Enrolment, Evidence, Order, Typed};
use goodword::time::Instant;
use goodword_api::{instant, reward};
use serde_json::{Map, Value, json};

impl<W: Wire> Shop<W> {
    pub(super) fn enrol_in(
        &mut self,
        now: Instant,
        program: &str,
        enrolment: &Enrolment,
    ) -> Result<String, String> {
        let told = self.wire.moment(now);
        let mut body = if enrolment.by_email_only {
            json!({"program": program, "email": enrolment.email, "display_name": enrolment.name})
        } else {
            let secret = self.wire.identity_secret();
            json!({"program": program, "identity": identity::token(secret, program, told, enrolment)})
        };
        if let Some(friend) = &enrolment.claim_of {
            let claim = self.latest(friend).ok_or_else(|| format!("{friend} has no claim"))?;
            set(&mut body, "claim", Value::from(claim))?;
        }
        let answered = self.post(now, By::Page, "/v1/advocates", body)?;
        read::text(&read::good(&answered, &[200, 201])?, "code")
    }

    /// Follows a link, or lands on the shop with its code.
    pub(super) fn claim_of(
        &mut self,
        now: Instant,
        program: &str,
        code: &str,
        is_direct: bool,
    ) -> Result<Option<String>, String> {
        if is_direct {
            let body = json!({"program": program, "code": code, "channel": "whatsapp"});
            let answered = self.post(now, By::Page, "/v1/clicks", body)?;
            if answered.status == 404 {
                return Ok(None);
            }
            return read::text(&read::good(&answered, &[200, 201])?, "claim").map(Some);
        }
        let path = format!("/r/{code}?c=whatsapp");
        let answered =
            self.wire.call(now, &Call { method: "GET", path, by: By::Visitor, body: None })?;
        match answered.location {
            Some(location) if answered.status == 302 && location.starts_with(ORIGIN) => {
                Ok(read::parameter(&location, "gw"))
            }
            location => Err(format!("the link answered {} {location:?}", answered.status)),
        }
    }

    /// A claim for another program of the same owner, made when first needed.
    fn foreign_claim(&mut self, now: Instant) -> Result<String, String> {
        if let Some(claim) = &self.foreign_claim {
            return Ok(claim.clone());
        }
        let program = format!("{}-b", self.program);
        let mut document = self.document.clone();
        set(&mut document, "id", Value::from(program.as_str()))?;
        self.put(now, &program, &document)?;
        let enrolment = Enrolment {
            name: "stranger".to_owned(),
            group: None,
            email: None,
            by_email_only: false,
            claim_of: None,
        };
        let code = self.enrol_in(now, &program, &enrolment)?;
        let claim = self
            .claim_of(now, &program, &code, false)?
            .ok_or("the other program gives no claim")?;
        self.foreign_claim = Some(claim.clone());
        Ok(claim)
    }

    pub(super) fn put(
        &mut self,
        now: Instant,
        program: &str,
        document: &Value,
    ) -> Result<(), String> {
        let path = format!("/v1/programs/{program}");
        let body = Some(document.clone());
        let answered = self.wire.call(now, &Call { method: "PUT", path, by: By::Owner, body })?;
        read::good(&answered, &[200, 201]).map(|_| ())
    }

    /// Adds claim and code to a body.
    pub(super) fn point(
        &mut self,
        now: Instant,
        body: &mut Map<String, Value>,
        friend: &str,
        evidence: &Evidence,
    ) -> Result<(), String> {
        let claim = match &evidence.claim {
            Claim::Latest => self.latest(friend),
            Claim::Without => None,
            Claim::Of(other) => {
                Some(self.latest(other).ok_or_else(|| format!("{other} has no claim"))?)
            }
            Claim::From(advocate) => {
                let claims = self.claims.get(friend).into_iter().flatten();
                let mut from =
                    claims.filter(|(of, _)| of == advocate).map(|(_, claim)| claim.clone());
                Some(
                    from.next_back()
                        .ok_or_else(|| format!("{friend} has no claim from {advocate}"))?,
                )
            }
            Claim::Tampered => Some(read::tampered(
                &self.latest(friend).ok_or("there is no claim to tamper with")?,
            )),
            Claim::OtherProgram => Some(self.foreign_claim(now)?),
        };
        let code = match &evidence.typed {
            None => None,
            Some(Typed::CodeOf(name)) => Some(self.code(name)?.to_owned()),
            Some(Typed::Text(text)) => Some(text.clone()),
        };
        body.extend(claim.map(|claim| ("claim".to_owned(), Value::from(claim))));
        body.extend(code.map(|code| ("code".to_owned(), Value::from(code))));
        Ok(())
    }

    pub(super) fn body_of(
        &mut self,
        now: Instant,
        at: Instant,
        order: &Order,
    ) -> Result<Value, String> {
        let mut customer = json!({"id": order.friend});
        if let Some(email) = &order.email {
            set(&mut customer, "email", Value::from(email.as_str()))?;
        }
        if order.existing {
            set(&mut customer, "existing", Value::from(true))?;
        }
        let mut body = Map::new();
        body.insert("program".to_owned(), Value::from(self.program.as_str()));
        body.insert("order_id".to_owned(), Value::from(order.id.as_str()));
        body.insert(
            "kind".to_owned(),
            Value::from(if order.is_purchase { "purchase" } else { "signup" }),
        );
        body.insert("occurred_at".to_owned(), Value::from(instant::write(self.wire.moment(at))));
        body.insert("customer".to_owned(), customer);
        body.extend(order.value.map(|value| ("value".to_owned(), reward::money(value))));
        if !order.lines.is_empty() {
            let lines = order.lines.iter().map(|(product, category, value)| {
                json!({"product_id": product, "category": category, "quantity": 1, "value": reward::money(*value)})
            });
            body.insert("lines".to_owned(), lines.collect());
        }
        self.point(now, &mut body, &order.friend, &order.evidence)?;
        Ok(Value::Object(body))
    }
}
