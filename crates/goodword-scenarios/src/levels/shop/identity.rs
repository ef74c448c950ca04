//! Identity tokens, as a shop's server signs them: JWT with HS256.

use crate::scenario::Enrolment;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use goodword::time::Instant;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Map, Value, json};
use sha2::Sha256;

/// An hour's token about somebody, issued now.
pub(super) fn token(secret: &str, program: &str, now: Instant, enrolment: &Enrolment) -> String {
    let issued_at = now.0.div_euclid(1_000);
    let mut claims = Map::new();
    let mut claim = |name: &str, value: Value| claims.insert(name.to_owned(), value);
    claim("sub", Value::from(enrolment.name.as_str()));
    claim("aud", Value::from(program));
    claim("iat", Value::from(issued_at));
    claim("exp", Value::from(issued_at + 3_600));
    claim("name", Value::from(enrolment.name.as_str()));
    for (name, value) in [("email", &enrolment.email), ("group", &enrolment.group)] {
        if let Some(value) = value {
            claim(name, Value::from(value.as_str()));
        }
    }
    let encode = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
    let header = encode(&json!({"alg": "HS256", "typ": "JWT"}));
    let signed = format!("{header}.{}", encode(&Value::Object(claims)));
    // HMAC takes a key of any length, so there is always a signature.
    let signature = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).map(|mut mac| {
        mac.update(signed.as_bytes());
        BASE64_URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
    });
    format!("{signed}.{}", signature.unwrap_or_default())
}
