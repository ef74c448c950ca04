//! Whether a webhook is signed by its provider: HMAC-SHA-256 over the bytes as
//! they came, compared in constant time, under any of the live secrets.
//!
//! Ours is written as text and the texts are compared: a signature has one
//! spelling, and another case or padding of it is refused.

use crate::hashing::plain_mac as mac;
use crate::limits::WEBHOOK_TOLERANCE_SECONDS;
use crate::settings::Secrets;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use goodword::time::Instant;
use subtle::ConstantTimeEq;

/// Whether a `Stripe-Signature` header, such as `t=1795219200,v1=5257a8…`,
/// signs a body, not too long ago and not in the future. There may be several
/// signatures, while Stripe rotates the secret.
#[must_use]
pub fn is_stripes(secrets: &Secrets, header: &str, body: &[u8], now: Instant) -> bool {
    let parts = || header.split(',').filter_map(|part| part.split_once('='));
    let mut times = parts().filter(|(scheme, _)| *scheme == "t").map(|(_, time)| time);
    let (Some(time), None) = (times.next(), times.next()) else { return false };
    let Ok(seconds) = time.parse::<i64>() else { return false };
    let age_seconds = now.0.div_euclid(1_000).saturating_sub(seconds);
    if age_seconds.saturating_abs() > WEBHOOK_TOLERANCE_SECONDS {
        return false;
    }
    let ours = |secret: &[u8]| hex(&mac(secret, &[time.as_bytes(), b".", body]));
    let signatures = || parts().filter(|(scheme, _)| *scheme == "v1").map(|(_, text)| text);
    secrets.live().any(|secret| {
        let ours = ours(secret);
        signatures().fold(false, |found, theirs| found | is_same(&ours, theirs))
    })
}

/// Whether a header with a signature in base64 signs a body: Shopify's
/// `X-Shopify-Hmac-SHA256` and WooCommerce's `X-WC-Webhook-Signature`.
#[must_use]
pub fn is_in_base64(secrets: &Secrets, header: &str, body: &[u8]) -> bool {
    let ours = |secret: &[u8]| BASE64_STANDARD.encode(mac(secret, &[body]));
    secrets.live().any(|secret| is_same(&ours(secret), header))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn is_same(one: &str, other: &str) -> bool {
    one.as_bytes().ct_eq(other.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &[u8] = br#"{"id":"evt_1","type":"invoice.paid"}"#;
    const NOW: Instant = Instant(1_795_219_200_999);

    fn stripe(secret: &str, seconds: i64) -> String {
        let time = seconds.to_string();
        let signature = hex(&mac(secret.as_bytes(), &[time.as_bytes(), b".", BODY]));
        format!("t={seconds},v1={signature}")
    }

    #[track_caller]
    fn check_stripe(header: &str, expected: bool) {
        let secrets = Secrets::read("new,old");
        assert_eq!(is_stripes(&secrets, header, BODY, NOW), expected, "{header}");
    }

    #[test]
    fn stripes_headers() {
        let good = stripe("new", 1_795_219_200);
        let signature = good.split_once(",").unwrap().1;
        check_stripe(&good, true);
        check_stripe(&stripe("old", 1_795_219_200), true);
        check_stripe(&stripe("third", 1_795_219_200), false);
        check_stripe(&format!("t=1795219200,v1={},{signature},v0=ab", "0".repeat(64)), true);
        check_stripe(&format!("{signature},t=1795219200"), true);
        check_stripe(&format!("t=1795219200,t=1795219200,{signature}"), false);
        check_stripe(&format!("t=1795219201,{signature}"), false);
        check_stripe(&good.replace("v1=", "v0="), false);
        check_stripe(&good.to_uppercase(), false);
        for bad in ["", "t=", "t=x,v1=y", "v1=", "t=1795219200", ",,,=", &good[..40]] {
            check_stripe(bad, false);
        }
    }

    #[test]
    fn stripes_time() {
        for (seconds, expected) in [(-301, false), (-300, true), (300, true), (301, false)] {
            check_stripe(&stripe("new", 1_795_219_200 + seconds), expected);
        }
        check_stripe(&stripe("new", i64::MIN), false);
        check_stripe(&stripe("new", i64::MAX), false);
    }

    #[test]
    fn without_a_secret_nothing_is_signed() {
        let header = stripe("", 1_795_219_200);
        assert!(!is_stripes(&Secrets::default(), &header, BODY, NOW));
        let header = BASE64_STANDARD.encode(mac(b"", &[BODY]));
        assert!(!is_in_base64(&Secrets::default(), &header, BODY));
    }

    #[test]
    fn a_known_signature() {
        // `printf '{"a":1}' | openssl dgst -sha256 -hmac secret -binary | base64`
        let header = "qp4uNXX11wmLbKzNeQiIw21f22M0KnO62i1qUXR6hJQ=";
        let own = BASE64_STANDARD.encode(mac(b"secret", &[b"{\"a\":1}"]));
        assert_eq!(own, header);
        assert!(is_in_base64(&Secrets::read("secret"), header, b"{\"a\":1}"));
    }

    /// Every text that differs from this one in one bit.
    fn flipped(bytes: &[u8]) -> impl Iterator<Item = Vec<u8>> {
        let places = (0..bytes.len()).flat_map(|place| (0..8).map(move |bit| (place, bit)));
        places.map(|(place, bit)| {
            let mut flipped = bytes.to_vec();
            flipped[place] ^= 1 << bit;
            flipped
        })
    }

    #[test]
    fn every_flipped_bit_of_body_or_signature_is_refused() {
        let secrets = Secrets::read("new,old");
        for secret in ["new", "old"] {
            let base64 = BASE64_STANDARD.encode(mac(secret.as_bytes(), &[BODY]));
            let stripe = stripe(secret, 1_795_219_200);
            assert!(is_in_base64(&secrets, &base64, BODY));
            assert!(is_stripes(&secrets, &stripe, BODY, NOW));
            for body in flipped(BODY) {
                assert!(!is_in_base64(&secrets, &base64, &body), "{body:?}");
                assert!(!is_stripes(&secrets, &stripe, &body, NOW), "{body:?}");
            }
            for header in flipped(base64.as_bytes()) {
                let header = String::from_utf8_lossy(&header);
                assert!(!is_in_base64(&secrets, &header, BODY), "{header}");
            }
            for header in flipped(stripe.as_bytes()) {
                let header = String::from_utf8_lossy(&header);
                assert!(!is_stripes(&secrets, &header, BODY, NOW), "{header}");
            }
        }
    }
}
