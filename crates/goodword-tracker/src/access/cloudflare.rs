//! The token that Cloudflare Access adds to what it lets through: a JWT,
//! RS256, by the team's keys, for the dashboard's application.
//!
//! 1. Whatever the token says about itself is looked at first: algorithm,
//!    issuer, audience, times. What is wrong there asks nobody.
//! 2. The team's keys are fetched, kept for an hour, and looked at again when
//!    a token names one that is not among them.
//! 3. The signature is verified by the platform, which brings RSA along.
//!
//! A token that is not good is as no token at all: the owner key still works.

use crate::http::Request;
use crate::jwt::Token;
use crate::limits::{
    ACCESS_KEYS_MS_MAX, ACCESS_KEYS_PAUSE_MS, ACCESS_TOKEN_BYTES_MAX, IDENTITY_LEEWAY_SECONDS,
};
use crate::log;
use crate::settings::{AccessTeam, Settings};
use async_trait::async_trait;
use goodword::time::Instant;
use goodword_api::object;
use goodword_api::read;
use serde_json::Value;
use std::cell::RefCell;

const HEADER: &str = "cf-access-jwt-assertion";

/// What verifying takes beside arithmetic: a request out, and RSA.
#[async_trait(?Send)]
pub trait Platform {
    /// What an address answers to a GET.
    async fn get(&self, url: &str) -> Result<String, String>;

    /// Whether it is a key's signature (RSASSA-PKCS1-v1_5, SHA-256) of a text.
    async fn is_signed(&self, key: &PublicKey, text: &str, signature: &[u8]) -> bool;
}

/// An RSA key, as JSON Web Keys write them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey {
    kid: String,
    /// The modulus, in base64url.
    pub n: String,
    /// The exponent, in base64url.
    pub e: String,
}

/// The team's keys, as they were read last.
#[derive(Default)]
pub struct KeptKeys(RefCell<Kept>);

#[derive(Default)]
struct Kept {
    keys: Vec<PublicKey>,
    read_at: Option<Instant>,
    asked_at: Option<Instant>,
}

impl KeptKeys {
    fn find(&self, kid: &str, now: Instant) -> Option<PublicKey> {
        let kept = self.0.borrow();
        let is_good =
            kept.read_at.is_some_and(|at| now.0.saturating_sub(at.0) < ACCESS_KEYS_MS_MAX);
        kept.keys.iter().find(|key| is_good && key.kid == kid).cloned()
    }

    fn may_ask(&self, now: Instant) -> bool {
        let asked_at = self.0.borrow().asked_at;
        asked_at.is_none_or(|at| now.0.saturating_sub(at.0) >= ACCESS_KEYS_PAUSE_MS)
    }

    fn keep(&self, keys: Option<Vec<PublicKey>>, now: Instant) {
        let mut kept = self.0.borrow_mut();
        kept.asked_at = Some(now);
        if let Some(keys) = keys {
            kept.keys = keys;
            kept.read_at = Some(now);
        }
    }
}

/// Whether Access vouches for the owner with this request.
pub async fn vouches(
    platform: &dyn Platform,
    kept: &KeptKeys,
    settings: &Settings,
    now: Instant,
    request: &Request,
) -> bool {
    let Some(team) = &settings.access else { return false };
    let text = request.header(HEADER).filter(|text| text.len() <= ACCESS_TOKEN_BYTES_MAX);
    let Some(token) = text.and_then(Token::read) else { return false };
    let Some(kid) = key_of(&token, team, now) else { return false };
    let mut key = kept.find(&kid, now);
    if key.is_none() && kept.may_ask(now) {
        kept.keep(fetched(platform, team).await, now);
        key = kept.find(&kid, now);
    }
    match key {
        Some(key) => platform.is_signed(&key, token.signed, &token.signature).await,
        None => false,
    }
}

async fn fetched(platform: &dyn Platform, team: &AccessTeam) -> Option<Vec<PublicKey>> {
    let answer = platform.get(&format!("{}/cdn-cgi/access/certs", team.issuer)).await;
    let keys = answer
        .and_then(|text| keys(&text).ok_or_else(|| "the answer is no set of keys".to_owned()));
    let failed =
        |detail| log::failure("the keys of Cloudflare Access are missing", object!({}), detail);
    keys.map_err(failed).ok()
}

fn keys(text: &str) -> Option<Vec<PublicKey>> {
    let set = read::parse(text.as_bytes()).ok()?;
    let key = |key: &Value| {
        let text = |name| key.get(name).and_then(Value::as_str).map(str::to_owned);
        Some(PublicKey { kid: text("kid")?, n: text("n")?, e: text("e")? })
    };
    Some(set.get("keys")?.as_array()?.iter().filter_map(key).collect())
}

/// The key that a token names, if the token says the right things; whether
/// they are true, its signature tells.
fn key_of(token: &Token<'_>, team: &AccessTeam, now: Instant) -> Option<String> {
    let claims = &token.claims;
    let is_ours = token.is_signed_with("RS256")
        && claims.get("iss").and_then(Value::as_str) == Some(&team.issuer)
        && token.is_for(&team.audience)
        && is_in_time(claims, now.0 / 1_000);
    let kid = token.header.get("kid").and_then(Value::as_str);
    kid.filter(|_| is_ours).map(str::to_owned)
}

/// It must end, and not have ended; where it says when it began, it has.
fn is_in_time(claims: &Value, now_seconds: i64) -> bool {
    let ends = claims.get("exp").and_then(Value::as_i64);
    let began = |name| match claims.get(name) {
        Some(at) => {
            at.as_i64().is_some_and(|at| at.saturating_sub(IDENTITY_LEEWAY_SECONDS) <= now_seconds)
        }
        None => true,
    };
    ends.is_some_and(|ends| now_seconds < ends) && began("nbf") && began("iat")
}
