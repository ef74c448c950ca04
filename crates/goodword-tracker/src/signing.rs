//! Claims and advocate tokens as text: signed under the claim keys, verified
//! in constant time, readable in exactly one way.

use crate::hashing::{mac, plain_mac};
use crate::settings::Secrets;
use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use goodword::claim::{CLAIM_BYTES, Claim};
use goodword::code::ReferralCode;
use goodword::mutant;
use goodword::time::Instant;
use subtle::ConstantTimeEq;

/// Bytes of a signature: half of an HMAC-SHA-256, which nobody guesses.
const SIGNATURE_BYTES: usize = 16;

const ADVOCATE_PREFIX: &str = "gw_at_";

const WEBHOOK_PREFIX: &str = "whsec_";

/// A claim as text: its letter, then 48 bytes in base64url, 65 characters in
/// all.
#[must_use]
pub fn claim_text(keys: &Secrets, claim: &Claim) -> String {
    let bytes = claim.to_bytes();
    let signature = claim_signature(keys.newest(), claim.letter(), &bytes);
    format!(
        "{}{}",
        claim.letter(),
        BASE64_URL_SAFE_NO_PAD.encode([bytes.as_slice(), &signature].concat())
    )
}

/// Reads a claim; `None` when it is not one of ours.
#[must_use]
pub fn read_claim(keys: &Secrets, text: &str) -> Option<Claim> {
    let letter = text.chars().next()?;
    let (bytes, signature) = signed_bytes::<CLAIM_BYTES>(text.get(letter.len_utf8()..)?)?;
    let signed_by = |key: &[u8]| is_same(&claim_signature(key, letter, &bytes), &signature);
    let is_ours = mutant!(ClaimNotVerified, keys.live().any(signed_by), true);
    is_ours.then(|| Claim::from_bytes(letter, &bytes)).flatten()
}

/// Whether a text has the form of a claim, whoever signed it: a field that
/// shops use for other things as well may hold one or not.
#[must_use]
pub fn has_form_of_claim(text: &str) -> bool {
    let encoded = text.strip_prefix(['f', 'l']);
    encoded.and_then(signed_bytes::<CLAIM_BYTES>).is_some()
}

fn claim_signature(key: &[u8], letter: char, bytes: &[u8]) -> [u8; SIGNATURE_BYTES] {
    half(mac(key, &[b"claim", letter.to_string().as_bytes(), bytes]))
}

/// An advocate's proof that they may see their figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AdvocateToken {
    /// Whose.
    pub code: ReferralCode,
    /// When it was issued.
    pub issued_at: Instant,
}

const TOKEN_BYTES: usize = 13;

/// A token as text.
#[must_use]
pub fn token_text(keys: &Secrets, token: &AdvocateToken) -> String {
    let bytes = [token.code.to_bytes().as_slice(), &token.issued_at.0.to_be_bytes()].concat();
    let signature = half(mac(keys.newest(), &[b"advocate", &bytes]));
    format!(
        "{ADVOCATE_PREFIX}{}",
        BASE64_URL_SAFE_NO_PAD.encode([bytes.as_slice(), &signature].concat())
    )
}

/// Reads a token; `None` when it is not one of ours.
#[must_use]
pub fn read_token(keys: &Secrets, text: &str) -> Option<AdvocateToken> {
    let (bytes, signature) = signed_bytes::<TOKEN_BYTES>(text.strip_prefix(ADVOCATE_PREFIX)?)?;
    let signed_by = |key: &[u8]| is_same(&half(mac(key, &[b"advocate", &bytes])), &signature);
    if !keys.live().any(signed_by) {
        return None;
    }
    let (code, issued_at) = bytes.split_first_chunk()?;
    Some(AdvocateToken {
        code: ReferralCode::from_bytes(*code),
        issued_at: Instant(i64::from_be_bytes(*issued_at.first_chunk()?)),
    })
}

/// A session of the owner as text. It is signed under the pepper, so that
/// nobody can try out owner keys on it, and over the key that opened it, so
/// that it ends with that key.
#[must_use]
pub fn session_text(pepper: &str, owner_key: &str, opened_at: Instant) -> String {
    let bytes = opened_at.0.to_be_bytes();
    let signature = session_signature(pepper, owner_key.as_bytes(), &bytes);
    BASE64_URL_SAFE_NO_PAD.encode([bytes.as_slice(), &signature].concat())
}

/// When a session was opened; `None` when it is not one of ours.
#[must_use]
pub fn read_session(pepper: &str, owner_keys: &Secrets, text: &str) -> Option<Instant> {
    let (bytes, signature) = signed_bytes::<8>(text)?;
    let signed_with = |key: &[u8]| is_same(&session_signature(pepper, key, &bytes), &signature);
    owner_keys.live().any(signed_with).then(|| Instant(i64::from_be_bytes(bytes)))
}

fn session_signature(pepper: &str, owner_key: &[u8], bytes: &[u8]) -> [u8; SIGNATURE_BYTES] {
    half(mac(pepper.as_bytes(), &[b"session", owner_key, bytes]))
}

/// The signatures of Standard Webhooks, one for each live secret, which is
/// `whsec_` and the base64 of a key; `None` where there is none, or one is
/// written otherwise.
#[must_use]
pub fn webhook(secrets: &Secrets, id: &str, timestamp_s: i64, body: &str) -> Option<String> {
    let mut signatures = String::new();
    for secret in secrets.texts() {
        let key = BASE64_STANDARD.decode(secret.strip_prefix(WEBHOOK_PREFIX)?).ok()?;
        let signed = format!("{id}.{timestamp_s}.{body}");
        let signature = BASE64_STANDARD.encode(plain_mac(&key, &[signed.as_bytes()]));
        let between = if signatures.is_empty() { "" } else { " " };
        signatures.push_str(&format!("{between}v1,{signature}"));
    }
    (!signatures.is_empty()).then_some(signatures)
}

/// Whether a credential is one of the live secrets. Their hashes are
/// compared, so that neither content nor length shows in the time it takes.
#[must_use]
pub fn is_one_of(secrets: &Secrets, credential: &str) -> bool {
    let hash = |secret: &[u8]| mac(b"credential", &[secret]);
    let given = hash(credential.as_bytes());
    secrets.live().fold(false, |found, secret| found | is_same(&hash(secret), &given))
}

/// Splits text into content and signature. The encoding is strict: padding,
/// other alphabets and unused bits that are not zero are refused.
fn signed_bytes<const N: usize>(text: &str) -> Option<([u8; N], [u8; SIGNATURE_BYTES])> {
    if text.len() > 2 * (N + SIGNATURE_BYTES) {
        return None;
    }
    let all = BASE64_URL_SAFE_NO_PAD.decode(text.as_bytes()).ok()?;
    let (bytes, rest) = all.split_first_chunk::<N>()?;
    let signature = rest.first_chunk().filter(|_| rest.len() == SIGNATURE_BYTES)?;
    Some((*bytes, *signature))
}

fn half(mac: [u8; 32]) -> [u8; SIGNATURE_BYTES] {
    mac.first_chunk().copied().unwrap_or_default()
}

fn is_same(one: &[u8], other: &[u8]) -> bool {
    one.ct_eq(other).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use goodword::terms::Model;

    fn claim() -> Claim {
        Claim {
            model: Model::LastClick,
            program: [1; 8],
            code: ReferralCode::from_bytes([2; 5]),
            clicked_at: Instant(1_795_219_200_000),
            channel: 3,
            bucket: [4; 4],
            nonce: [5; 7],
        }
    }

    #[test]
    fn a_claim_fits_wherever_it_is_carried() {
        let text = claim_text(&Secrets::read("a"), &claim());
        assert!(text.len() <= 120, "{text}");
        assert!(text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte)));
        assert!(text.starts_with('l'));
    }

    #[test]
    fn every_flipped_bit_of_a_claim_is_refused() {
        let keys = Secrets::read("a");
        let text = claim_text(&keys, &claim());
        assert_eq!(read_claim(&keys, &text), Some(claim()));
        for place in 0..text.len() {
            for bit in 0..7 {
                let mut bytes = text.clone().into_bytes();
                bytes[place] ^= 1 << bit;
                let flipped = String::from_utf8(bytes).unwrap();
                assert_eq!(read_claim(&keys, &flipped), None, "bit {bit} of {place}");
            }
        }
        for bad in ["", "l", "f", &text[1..], &format!("{text}="), &format!("{text}A"), &text[..64]]
        {
            assert_eq!(read_claim(&keys, bad), None, "{bad}");
        }
    }

    #[test]
    fn a_rotated_key_refuses_nothing_in_flight() {
        let (old, both, new) = (Secrets::read("a"), Secrets::read("b,a"), Secrets::read("b"));
        let in_flight = claim_text(&old, &claim());
        assert_eq!(read_claim(&both, &in_flight), Some(claim()));
        assert_eq!(read_claim(&new, &in_flight), None);
        assert_eq!(read_claim(&new, &claim_text(&both, &claim())), Some(claim()));
    }

    #[test]
    fn tokens_are_not_claims() {
        let keys = Secrets::read("a");
        let token = AdvocateToken { code: claim().code, issued_at: Instant(7) };
        let text = token_text(&keys, &token);
        assert_eq!(read_token(&keys, &text), Some(token));
        assert_eq!(read_token(&Secrets::read("b"), &text), None);
        assert_eq!(read_token(&keys, &claim_text(&keys, &claim())), None);
        assert_eq!(read_token(&keys, &text.to_uppercase()), None);
    }

    #[test]
    fn a_session_ends_with_the_key_that_opened_it() {
        let text = session_text("pepper", "old", Instant(7));
        let read = |pepper: &str, keys: &str| read_session(pepper, &Secrets::read(keys), &text);
        assert_eq!(read("pepper", "old"), Some(Instant(7)));
        assert_eq!(read("pepper", "new,old"), Some(Instant(7)));
        for (pepper, keys) in [("pepper", "new"), ("pepper", ""), ("other", "old")] {
            assert_eq!(read(pepper, keys), None, "{pepper} {keys}");
        }
        let keys = Secrets::read("old");
        assert_eq!(read_session("pepper", &keys, &text.to_lowercase()), None);
        assert_eq!(read_session("pepper", &keys, &format!("{text}A")), None);
        assert!(!text.contains("old"));
    }

    #[test]
    fn credentials() {
        let secrets = Secrets::read("new, old");
        for (credential, is_good) in
            [("new", true), ("old", true), ("", false), ("new, old", false), ("New", false)]
        {
            assert_eq!(is_one_of(&secrets, credential), is_good, "{credential}");
        }
        assert!(!is_one_of(&Secrets::default(), ""));
    }
}
