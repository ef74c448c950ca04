//! The requests that people and shops send, as the tracker gets them.

use crate::calendar::written;
use crate::facts::{Facts, Pointer, address, customer_id};
use crate::terms::CURRENCY;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use goodword_tracker::http::{Headers, Request};
use goodword_tracker::settings::Settings;
use hmac::{Hmac, KeyInit, Mac};
use http::Method;
use serde_json::{Value, json};
use sha2::Sha256;

const SERVER: &str = "gw_sk_simulated";
const OWNER: &str = "gw_ok_simulated";
const IDENTITY_SECRET: &str = "identity";
const WEBHOOK_SECRET: &str = "webhook";

/// The product's settings, all else being its own defaults.
///
/// # Errors
/// What the product misses.
pub fn settings() -> Result<Settings, String> {
    let variable = |name: &str| {
        let value = match name {
            "SECRET_KEY" => SERVER,
            "OWNER_KEY" => OWNER,
            "PEPPER" => "pepper",
            "CLAIM_KEYS" => "claims",
            "SEAL_KEYS" => "seals",
            "IDENTITY_SECRET" => IDENTITY_SECRET,
            "STRIPE_WEBHOOK_SECRET" => WEBHOOK_SECRET,
            _ => return None,
        };
        Some(value.to_owned())
    };
    Settings::read(variable).map_err(|missing| missing.join(", "))
}

fn request(method: Method, path: &str, header: Option<(&str, &str)>, body: &Value) -> Request {
    let mut headers = Headers::default();
    headers.set("user-agent", "Mozilla/5.0 (X11; Linux) Firefox/140.0");
    if let Some((name, value)) = header {
        headers.set(name, value);
    }
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    Request {
        method,
        origin: "https://go.shop.example".to_owned(),
        path: path.to_owned(),
        query: query.to_owned(),
        headers,
        body: Some(if body.is_null() { Vec::new() } else { body.to_string().into_bytes() }),
        is_vouched_for: false,
    }
}

fn authorized(method: Method, path: &str, key: &str, body: &Value) -> Request {
    request(method, path, Some(("authorization", &format!("Bearer {key}"))), body)
}

/// An owner writes a program down.
#[must_use]
pub fn put_program(facts: &Facts, program: usize) -> Request {
    let document = facts.programs.get(program).map_or(Value::Null, |terms| terms.document());
    let id = facts.programs.get(program).map_or("", |terms| &terms.id);
    authorized(Method::PUT, &format!("/v1/programs/{id}"), OWNER, &document)
}

/// A customer's page asks for their code.
#[must_use]
pub fn enrol(facts: &Facts, advocate: usize, now_ms: i64) -> Option<Request> {
    let advocate = facts.advocates.get(advocate)?;
    let program = &facts.programs.get(advocate.program)?.id;
    let mut claims = json!({
        "sub": customer_id(advocate.customer), "aud": program,
        "iat": now_ms / 1_000, "exp": now_ms / 1_000 + 600,
        "email": address(advocate.customer), "name": "Anna",
    });
    if advocate.is_staff {
        claims["group"] = "staff".into();
    }
    let body = json!({"program": program, "identity": signed(&claims)});
    let origin = Some(("origin", "https://shop.example"));
    Some(request(Method::POST, "/v1/advocates", origin, &body))
}

fn signed(claims: &Value) -> String {
    let encode = |text: &str| BASE64_URL_SAFE_NO_PAD.encode(text.as_bytes());
    let head = encode(r#"{"alg":"HS256","typ":"JWT"}"#);
    let message = format!("{head}.{}", encode(&claims.to_string()));
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(IDENTITY_SECRET.as_bytes()) else {
        return message;
    };
    mac.update(message.as_bytes());
    format!("{message}.{}", BASE64_URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()))
}

/// A friend follows an advocate's link.
#[must_use]
pub fn follow(code: &str) -> Request {
    request(Method::GET, &format!("/r/{code}?c=email"), None, &Value::Null)
}

/// The shop reports an order.
#[must_use]
pub fn conversion(facts: &Facts, order: usize, report: usize) -> Option<Request> {
    let order = facts.orders.get(order)?;
    let report = order.reports.get(report)?;
    let currency = if order.is_foreign { "USD" } else { CURRENCY };
    let money = |minor: i64| json!({"amount_minor": minor, "currency": currency});
    let mut customer = json!({"id": customer_id(report.customer)});
    if let Some(email) = &order.email {
        customer["email"] = email.as_str().into();
    }
    if order.existing {
        customer["existing"] = true.into();
    }
    let mut body = json!({
        "program": facts.programs.get(order.program)?.id,
        "order_id": order.id,
        "kind": if order.is_signup { "signup" } else { "purchase" },
        "occurred_at": written(report.occurred_ms),
        "value": money(report.value),
        "customer": customer,
    });
    let text = |claim: usize| facts.claims.get(claim).map(|claim| claim.text.clone());
    match report.pointer {
        Pointer::Nothing => {}
        Pointer::Claim(claim) => body["claim"] = text(claim)?.into(),
        Pointer::Forged(claim) => body["claim"] = forged(&text(claim)?).into(),
    }
    if let Some(advocate) = report.typed {
        body["code"] = facts.advocates.get(advocate)?.code.as_deref()?.into();
    }
    if order.tea_percent.is_some() {
        let tea = order.tea(report.value);
        let mut lines =
            vec![json!({"product_id": "cup", "quantity": 1, "value": money(report.value - tea)})];
        if tea > 0 {
            lines.push(json!({"product_id": "tea", "quantity": 2, "value": money(tea)}));
        }
        body["lines"] = lines.into();
    }
    Some(authorized(Method::POST, "/v1/conversions", SERVER, &body))
}

/// Somebody else's work: a claim in which one letter of what makes two clicks
/// differ is another, so that only its signature tells.
fn forged(claim: &str) -> String {
    let change = |(place, letter): (usize, char)| match (place, letter) {
        (37, 'A') => 'B',
        (37, _) => 'A',
        _ => letter,
    };
    claim.chars().enumerate().map(change).collect()
}

/// An event of the provider's, signed at this moment.
fn event(program: &str, kind: &str, object: &Value, now_ms: i64) -> Request {
    let seconds = now_ms / 1_000;
    let body = json!({"type": kind, "created": seconds, "data": {"object": object}});
    let mut signature = format!("t={seconds},v1=");
    if let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(WEBHOOK_SECRET.as_bytes()) {
        mac.update(format!("{seconds}.{body}").as_bytes());
        signature.extend(mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")));
    }
    let path = format!("/v1/hooks/stripe/{program}");
    request(Method::POST, &path, Some(("stripe-signature", &signature)), &body)
}

/// The provider tells by which name its refunds will call an order.
#[must_use]
pub fn name(facts: &Facts, order: usize, now_ms: i64) -> Option<Request> {
    let of = facts.orders.get(order)?;
    let object = json!({"invoice": of.id, "payment": {"payment_intent": of.payment()}});
    let program = &facts.programs.get(of.program)?.id;
    Some(event(program, "invoice_payment.paid", &object, now_ms))
}

/// The shop reports a refund, or its provider does under the name it has for
/// the order.
#[must_use]
pub fn refund(facts: &Facts, order: usize, refund: usize, now_ms: i64) -> Option<Request> {
    let of = facts.orders.get(order)?;
    let given_back = of.refunds.get(refund)?;
    let currency = if of.is_foreign { "USD" } else { CURRENCY };
    if of.is_renamed {
        let object = json!({
            "id": format!("r{refund}"), "payment_intent": of.payment(), "status": "succeeded",
            "created": given_back.occurred_ms / 1_000,
            "amount": given_back.value, "currency": currency.to_lowercase(),
        });
        let program = &facts.programs.get(of.program)?.id;
        return Some(event(program, "refund.created", &object, now_ms));
    }
    let body = json!({
        "program": facts.programs.get(of.program)?.id,
        "order_id": of.id,
        "refund_id": format!("r{refund}"),
        "occurred_at": written(given_back.occurred_ms),
        "value": {"amount_minor": given_back.value, "currency": currency},
    });
    Some(authorized(Method::POST, "/v1/refunds", SERVER, &body))
}

/// The owner looks at all rewards.
#[must_use]
pub fn rewards(program: &str) -> Request {
    let path = format!("/v1/programs/{program}/rewards?limit=1000");
    authorized(Method::GET, &path, OWNER, &Value::Null)
}

/// The owner settles.
#[must_use]
pub fn settle(program: &str) -> Request {
    authorized(Method::POST, &format!("/v1/programs/{program}/settle"), OWNER, &Value::Null)
}
