//! Identity tokens: what a shop's server signed about the customer whose page
//! this is.

use crate::hashing::plain_mac;
use crate::jwt::Token;
use crate::limits::{IDENTITY_LEEWAY_SECONDS, IDENTITY_LIFE_SECONDS_MAX};
use crate::records::record::{Faults, Kept, record};
use crate::settings::Secrets;
use goodword::key::ProgramId;
use goodword::time::Instant;
use subtle::ConstantTimeEq;

record! {
    /// What the shop says about a customer.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Identity {
        /// The shop's own id of them.
        pub sub: String,
        /// When it was issued, in seconds since 1970.
        iat: i64,
        /// When it ends, in seconds since 1970.
        exp: i64,
        /// Their name.
        pub name: Option<String>,
        /// Their e-mail address.
        pub email: Option<String>,
        /// Their group.
        pub group: Option<String>,
    }
}

/// Reads an identity token for a program. What it says is looked at once its
/// signature is good.
///
/// # Errors
/// What is wrong with it, for the developer who signs such tokens.
pub fn read(
    secrets: &Secrets,
    program: &ProgramId,
    now: Instant,
    token: &str,
) -> Result<Identity, String> {
    let token = Token::read(token).ok_or("is not a well-formed token")?;
    if !token.is_signed_with("HS256") {
        return Err("must be signed with HS256, without a critical header".to_owned());
    }
    let is_by = |secret: &[u8]| {
        bool::from(plain_mac(secret, &[token.signed.as_bytes()]).ct_eq(&token.signature))
    };
    if !secrets.live().any(is_by) {
        return Err("has a wrong signature".to_owned());
    }
    if !token.is_for(program.as_str()) {
        return Err(format!("must have the audience (aud) {:?}", program.as_str()));
    }
    let mut faults = Faults::default();
    let identity = Identity::from_json(Some(&token.claims), &mut faults);
    match faults.first() {
        None => in_time(identity, now),
        Some(name) => Err(format!("lacks {name}, or it is of a wrong type")),
    }
}

fn in_time(identity: Identity, now: Instant) -> Result<Identity, String> {
    let now_seconds = now.0 / 1_000;
    let life = identity.exp.saturating_sub(identity.iat);
    let is_empty = identity.sub.trim().is_empty();
    let too_long = identity.sub.len() > goodword_api::limits::ID_BYTES_MAX;
    if is_empty || too_long {
        Err(format!("sub must have 1 to {} bytes", goodword_api::limits::ID_BYTES_MAX))
    } else if !(0..=IDENTITY_LIFE_SECONDS_MAX).contains(&life) {
        Err(format!("exp must be 0 to {IDENTITY_LIFE_SECONDS_MAX} seconds after iat, is {life}"))
    } else if identity.exp.saturating_add(IDENTITY_LEEWAY_SECONDS) < now_seconds {
        Err("has expired".to_owned())
    } else if identity.iat.saturating_sub(IDENTITY_LEEWAY_SECONDS) > now_seconds {
        Err("was issued in the future: compare the clocks".to_owned())
    } else {
        Ok(identity)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::Engine;
    use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
    use serde_json::{Value, json};

    const NOW_S: i64 = 1_795_219_200;

    fn signed(header: &Value, claims: &Value) -> String {
        let part = |value: &Value| BASE64.encode(value.to_string());
        let signed = format!("{}.{}", part(header), part(claims));
        let signature = plain_mac(b"old", &[signed.as_bytes()]);
        format!("{signed}.{}", BASE64.encode(signature))
    }

    fn good() -> (Value, Value) {
        let claims = json!({"sub": "c-1", "aud": "demo", "iat": NOW_S, "exp": NOW_S + 60});
        (json!({"alg": "HS256", "typ": "JWT"}), claims)
    }

    fn refusal(token: &str) -> Option<String> {
        let program = ProgramId::parse("demo").unwrap();
        read(&Secrets::read("new,old"), &program, Instant(NOW_S * 1_000), token).err()
    }

    #[test]
    fn what_a_token_says() {
        let check = |field: &str, value: Value, expected: Option<&str>| {
            let (header, mut claims) = good();
            claims[field] = value;
            let token = signed(&header, &claims);
            assert_eq!(refusal(&token).as_deref(), expected, "{claims}");
        };
        check("name", json!("Anna"), None);
        check("name", Value::Null, None);
        check("name", json!(7), Some("lacks name, or it is of a wrong type"));
        check("admin", json!(true), None);
        check("aud", json!(["another", "demo"]), None);
        for aud in [json!(["another"]), json!("Demo"), json!(7), Value::Null] {
            check("aud", aud, Some("must have the audience (aud) \"demo\""));
        }
        check("sub", json!(7), Some("lacks sub, or it is of a wrong type"));
        check("sub", json!(" "), Some("sub must have 1 to 200 bytes"));
        check("iat", Value::Null, Some("lacks iat, or it is of a wrong type"));
        check("exp", json!("9999999999"), Some("lacks exp, or it is of a wrong type"));
        check(
            "exp",
            json!(NOW_S + 60).as_f64().into(),
            Some("lacks exp, or it is of a wrong type"),
        );
        check("exp", json!(NOW_S + 10_800), None);
        let long = "exp must be 0 to 10800 seconds after iat, is 10801";
        check("exp", json!(NOW_S + 10_801), Some(long));
    }

    #[test]
    fn how_a_token_is_signed() {
        let other = "must be signed with HS256, without a critical header";
        for (header, expected) in [
            (json!({"alg": "HS256"}), None),
            (json!({"alg": "HS256", "kid": "1"}), None),
            (json!({"alg": "none"}), Some(other)),
            (json!({"alg": "hs256"}), Some(other)),
            (json!({"alg": ["HS256"]}), Some(other)),
            (json!({}), Some(other)),
            (json!({"alg": "HS256", "crit": []}), Some(other)),
            (json!({"alg": "HS256", "crit": null}), Some(other)),
        ] {
            assert_eq!(refusal(&signed(&header, &good().1)).as_deref(), expected, "{header}");
        }
    }

    #[test]
    fn a_token_has_one_spelling() {
        let (header, claims) = good();
        let token = signed(&header, &claims);
        let (start, signature) = token.rsplit_once('.').unwrap();
        let (head, payload) = start.split_once('.').unwrap();
        let other = signed(&header, &json!({"sub": "eve"}));
        let (other, _) = other.rsplit_once('.').unwrap();
        assert_eq!(refusal(&token), None);
        for (text, expected) in [
            (format!("{start}.{}", &signature[..signature.len() - 3]), "has a wrong signature"),
            (format!("{start}."), "has a wrong signature"),
            (format!("{other}.{signature}"), "has a wrong signature"),
            (start.to_owned(), "is not a well-formed token"),
            (format!("{token}.{signature}"), "is not a well-formed token"),
            (format!("{token}="), "is not a well-formed token"),
            (format!("{token}\n"), "is not a well-formed token"),
            (format!(" {token}"), "is not a well-formed token"),
            (format!("{head}.{head}!.{signature}"), "is not a well-formed token"),
            (format!("{payload}.{signature}.{signature}"), "is not a well-formed token"),
            (String::new(), "is not a well-formed token"),
            ("..".to_owned(), "is not a well-formed token"),
        ] {
            assert_eq!(refusal(&text).as_deref(), Some(expected), "{text}");
        }
    }
}
