//! `POST /v1/hooks/…`: what payment and shop providers report. The signature is
//! checked first, over the bytes as they came; nothing is looked up for
//! anybody who cannot sign.

use crate::flows::{data_request, erasure, hook, people};
use crate::hooks::shopify::Topic;
use crate::hooks::{Report, shopify, signature, stripe, woocommerce};
use crate::http::{Answer, Failure, Handled, Request};
use crate::programs;
use crate::settings::Secrets;
use crate::tracker::Tracker;
use goodword::key::ProgramId;
use goodword_api::object;
use goodword_api::problem::{Code, Problem};
use goodword_api::requests::Named;

/// Which provider reports what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hook {
    /// Stripe: any event.
    Stripe,
    /// Shopify: one topic.
    Shopify(Topic),
    /// WooCommerce: an order.
    WooCommerce,
}

impl Hook {
    /// Reads the parts of a path after `/v1/hooks/`, the program apart.
    #[must_use]
    pub fn of_path(provider: &str, what: Option<&str>) -> Option<Self> {
        match (provider, what) {
            ("stripe", None) => Some(Hook::Stripe),
            ("shopify", Some(topic)) => Topic::of_path(topic).map(Hook::Shopify),
            ("woocommerce", Some("order")) => Some(Hook::WooCommerce),
            _ => None,
        }
    }
}

pub(crate) async fn post(
    tracker: &Tracker<'_>,
    request: &Request,
    program: &ProgramId,
    hook: Hook,
) -> Handled {
    match hook {
        Hook::Stripe => {
            let secrets = live(&tracker.settings.stripe_secrets, "STRIPE_WEBHOOK_SECRET")?;
            let header = request.header("stripe-signature").unwrap_or_default();
            let is_good = signature::is_stripes(secrets, header, request.bytes()?, tracker.now);
            refuse_unsigned(is_good, "Stripe-Signature", "STRIPE_WEBHOOK_SECRET")?;
        }
        Hook::Shopify(topic) => {
            let secrets = live(&tracker.settings.shopify_secrets, "SHOPIFY_CLIENT_SECRET")?;
            let header = request.header("x-shopify-hmac-sha256").unwrap_or_default();
            let is_good = signature::is_in_base64(secrets, header, request.bytes()?);
            refuse_unsigned(is_good, "X-Shopify-Hmac-SHA256", "SHOPIFY_CLIENT_SECRET")?;
            refuse_other_topic(request, topic)?;
        }
        Hook::WooCommerce => {
            let variable = "WOOCOMMERCE_WEBHOOK_SECRET";
            let secrets = live(&tracker.settings.woocommerce_secrets, variable)?;
            let header = request.header("x-wc-webhook-signature");
            if header.is_none() && woocommerce::is_ping(request.bytes()?) {
                return Ok(nothing("The webhook reaches us. Orders need its signature."));
            }
            let header = header.unwrap_or_default();
            let is_good = signature::is_in_base64(secrets, header, request.bytes()?);
            refuse_unsigned(is_good, "X-WC-Webhook-Signature", variable)?;
        }
    }
    let current = programs::load(tracker.store, program).await?;
    let body = request.json()?;
    let report = match hook {
        Hook::Stripe => stripe::read(&body)?,
        Hook::Shopify(topic) => shopify::read(topic, &body)?,
        Hook::WooCommerce => woocommerce::read(&body)?,
    };
    match report {
        Report::Nothing(why) => Ok(nothing(why)),
        Report::Show(named) => {
            data_request::keep(tracker, program, &named).await?;
            Ok(recorded())
        }
        Report::Erase(Named { customer_id, email }) => {
            // Shopify says that this address is this customer's and nobody
            // else's, so each counts by itself.
            people::erase(tracker, program, &Named { customer_id, email: None }).await?;
            people::erase(tracker, program, &Named { customer_id: None, email }).await?;
            Ok(recorded())
        }
        Report::EraseAll => {
            erasure::begin(tracker, program).await?;
            Ok(recorded())
        }
        Report::Order(told) => {
            Ok(Answer::json(200, &hook::report(tracker, &current, &told).await?))
        }
    }
}

fn recorded() -> Answer {
    Answer::json(200, &object!({"outcome": "recorded"}))
}

fn nothing(why: &str) -> Answer {
    Answer::json(200, &object!({"outcome": "ignored", "detail": why}))
}

/// A provider tries again for days, so nothing is lost until the owner has set
/// the secret.
fn live<'a>(secrets: &'a Secrets, variable: &str) -> Result<&'a Secrets, Problem> {
    if secrets.is_empty() {
        let detail = format!("The secret {variable} is not set on this Worker (see README.md).");
        return Err(Problem::new(Code::Unauthorized, detail));
    }
    Ok(secrets)
}

fn refuse_unsigned(is_good: bool, header: &str, variable: &str) -> Result<(), Problem> {
    if is_good {
        return Ok(());
    }
    let detail = format!(
        "The {header} header does not sign this body with {variable}, or its time is not now."
    );
    Err(Problem::new(Code::Unauthorized, detail))
}

/// The header is not signed, so it decides nothing; but where it contradicts
/// the path, the webhook was set up wrongly.
fn refuse_other_topic(request: &Request, topic: Topic) -> Result<(), Failure> {
    match request.header("x-shopify-topic") {
        Some(sent) if sent != topic.name() => {
            let sent: String = sent.chars().take(60).collect();
            let detail = format!("is {sent}, but this path takes {}", topic.name());
            Err(Problem::field("X-Shopify-Topic", &detail).into())
        }
        _ => Ok(()),
    }
}
