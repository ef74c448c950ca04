//! A JSON Web Token (RFC 7515, compact) taken apart. Whether it is signed and
//! what it must say is for whoever asked for it: a shop signs its customers
//! with HS256, Cloudflare Access the owner with RS256.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use goodword_api::read;
use serde_json::Value;

/// A token that nobody has verified yet.
pub struct Token<'a> {
    /// What it says about its signature.
    pub header: Value,
    /// What it says.
    pub claims: Value,
    /// What was signed.
    pub signed: &'a str,
    /// The signature.
    pub signature: Vec<u8>,
}

impl<'a> Token<'a> {
    /// Takes a text apart. Each part has one spelling: padding, other
    /// alphabets and unused bits that are not zero are refused.
    #[must_use]
    pub fn read(text: &'a str) -> Option<Self> {
        let (signed, signature) = text.rsplit_once('.')?;
        let (header, claims) = signed.split_once('.')?;
        let decoded = |part: &str| BASE64_URL_SAFE_NO_PAD.decode(part.as_bytes()).ok();
        let parsed = |part| read::parse(&decoded(part)?).ok();
        Some(Token {
            header: parsed(header)?,
            claims: parsed(claims)?,
            signed,
            signature: decoded(signature)?,
        })
    }

    /// Whether it is to be verified with an algorithm and nothing else. What
    /// its header marks critical must be understood (RFC 7515), and we
    /// understand nothing beyond the algorithm.
    #[must_use]
    pub fn is_signed_with(&self, algorithm: &str) -> bool {
        self.header.get("crit").is_none()
            && self.header.get("alg").is_some_and(|alg| alg == algorithm)
    }

    /// Whether somebody is among those it is for.
    #[must_use]
    pub fn is_for(&self, audience: &str) -> bool {
        match self.claims.get("aud") {
            Some(Value::Array(all)) => all.iter().any(|one| one == audience),
            one => one.is_some_and(|one| one == audience),
        }
    }
}
