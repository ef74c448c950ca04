//! Identity tokens: what a shop's server signed about the customer whose page
//! this is. The format and the signature are the library's business; the
//! times are checked here, because the present is an argument everywhere.

use crate::limits::{IDENTITY_LEEWAY_SECONDS, IDENTITY_LIFE_SECONDS_MAX};
use crate::settings::Secrets;
use goodword::key::ProgramId;
use goodword::time::Instant;
use hmac::{Hmac, KeyInit, Mac};
use jsonwebtoken::crypto::{CryptoProvider, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{Error, ErrorKind};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
use serde::Deserialize;
use sha2::Sha256;
use signature::Verifier;

/// What the shop says about a customer.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
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

/// Reads an identity token for a program.
///
/// # Errors
/// What is wrong with it, for the developer who signs such tokens.
pub fn read(
    secrets: &Secrets,
    program: &ProgramId,
    now: Instant,
    token: &str,
) -> Result<Identity, String> {
    // A second call finds it installed and says so; either is fine.
    let _ = HMAC_ONLY.install_default();
    let mut validation = Validation::new(Algorithm::HS256);
    validation.validate_exp = false;
    validation.set_audience(&[program.as_str()]);
    validation.set_required_spec_claims(&["exp", "aud", "sub"]);

    let mut refusal = "is not signed".to_owned();
    for secret in secrets.live() {
        match decode::<Identity>(token, &DecodingKey::from_secret(secret), &validation) {
            // What a header marks critical must be understood (RFC 7515), and
            // we understand nothing beyond the algorithm.
            Ok(token) if token.header.crit.is_some() => {
                return Err("must not have a critical header".to_owned());
            }
            Ok(token) => return in_time(token.claims, now),
            Err(error) => refusal = explained(&error, program),
        }
    }
    Err(refusal)
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

fn explained(error: &Error, program: &ProgramId) -> String {
    match error.kind() {
        ErrorKind::InvalidSignature => "has a wrong signature".to_owned(),
        ErrorKind::InvalidAlgorithm | ErrorKind::InvalidAlgorithmName => {
            "must be signed with HS256".to_owned()
        }
        ErrorKind::InvalidAudience => format!("must have the audience (aud) {program:?}"),
        ErrorKind::MissingRequiredClaim(name) => format!("lacks {name}"),
        ErrorKind::Json(_) => "must have sub, aud, iat and exp of the right types".to_owned(),
        _ => "is not a well-formed token".to_owned(),
    }
}

/// The library verifies with what it is given; HS256 is all we accept.
static HMAC_ONLY: CryptoProvider = CryptoProvider {
    signer_factory: |_, _| Err(ErrorKind::InvalidAlgorithm.into()),
    verifier_factory: |algorithm, key| match algorithm {
        Algorithm::HS256 => Ok(Box::new(Hs256(key.try_get_as_bytes()?.to_vec()))),
        _ => Err(ErrorKind::InvalidAlgorithm.into()),
    },
    key_utils: KeyUtils::new_unimplemented(),
};

struct Hs256(Vec<u8>);

impl Verifier<Vec<u8>> for Hs256 {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> Result<(), signature::Error> {
        let mut mac =
            Hmac::<Sha256>::new_from_slice(&self.0).map_err(|_| signature::Error::new())?;
        mac.update(message);
        mac.verify_slice(signature).map_err(|_| signature::Error::new())
    }
}

impl JwtVerifier for Hs256 {
    fn algorithm(&self) -> Algorithm {
        Algorithm::HS256
    }
}
