//! Keyed hashes: how persons, orders, programs and codes get their keys.
//!
//! Persons are hashed under the pepper, so that nobody without it can tell
//! whether an address is a customer's. Orders are hashed plainly: an order id
//! names no person.

use goodword::code::ReferralCode;
use goodword::key::{Key, OrderKey, PersonKey, ProgramId};
use goodword::terms::{Draw, Program};
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

/// HMAC-SHA-256 of parts as they follow each other: what others sign.
#[must_use]
pub fn plain_mac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    // HMAC takes a key of any length, so the default is never used.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return [0; 32] };
    parts.iter().for_each(|part| mac.update(part));
    mac.finalize().into_bytes().into()
}

/// HMAC-SHA-256 of several parts. Each part is preceded by its length, so
/// that no two lists of parts are the same bytes.
#[must_use]
pub fn mac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    // HMAC takes a key of any length, so the default is never used.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return [0; 32] };
    for part in parts {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

fn digest(parts: &[&[u8]]) -> [u8; 32] {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update((part.len() as u64).to_be_bytes());
        digest.update(part);
    }
    digest.finalize().into()
}

fn truncated<const N: usize>(hash: [u8; 32]) -> [u8; N] {
    let mut bytes = [0; N];
    for (byte, from) in bytes.iter_mut().zip(hash) {
        *byte = from;
    }
    bytes
}

/// The key of a customer, by the shop's own id of them.
#[must_use]
pub fn customer(pepper: &str, program: &ProgramId, customer_id: &str) -> PersonKey {
    let parts: [&[u8]; 3] = [b"customer", program.as_str().as_bytes(), customer_id.as_bytes()];
    Key(truncated(mac(pepper.as_bytes(), &parts)))
}

/// The key of an e-mail address, however it is written.
#[must_use]
pub fn email(pepper: &str, program: &ProgramId, address: &str) -> PersonKey {
    let address = normalized_email(address);
    let parts: [&[u8]; 3] = [b"email", program.as_str().as_bytes(), address.as_bytes()];
    Key(truncated(mac(pepper.as_bytes(), &parts)))
}

/// The key of an order, by the shop's own id of it.
#[must_use]
pub fn order(platform: &str, order_id: &str) -> OrderKey {
    Key(truncated(digest(&[b"order", platform.as_bytes(), order_id.as_bytes()])))
}

/// The hash of a program in claims and tokens.
#[must_use]
pub fn program(program: &ProgramId) -> [u8; 8] {
    truncated(digest(&[b"program", program.as_str().as_bytes()]))
}

/// The code number `attempt` of a person: the same wherever it is derived.
#[must_use]
pub fn code(pepper: &str, program: &ProgramId, person: PersonKey, attempt: u8) -> ReferralCode {
    let parts: [&[u8]; 4] = [b"code", program.as_str().as_bytes(), &person.0, &[attempt]];
    ReferralCode::from_bytes(truncated(mac(pepper.as_bytes(), &parts)))
}

/// An advocate's draws in the experiments of all these versions of terms.
#[must_use]
pub fn draws<'a>(
    pepper: &str,
    programs: impl Iterator<Item = &'a Program>,
    code: ReferralCode,
) -> Vec<Draw> {
    let mut draws: Vec<Draw> = Vec::new();
    for program in programs {
        for trial in &program.experiments {
            let experiment = &trial.experiment.id;
            if draws.iter().all(|draw| draw.experiment != *experiment) {
                let id = program.id.as_str().as_bytes();
                let parts: [&[u8]; 4] = [b"draw", id, experiment.as_bytes(), &code.to_bytes()];
                let bits = u64::from_be_bytes(truncated(mac(pepper.as_bytes(), &parts)));
                draws.push(Draw { experiment: experiment.clone(), bits });
            }
        }
    }
    draws
}

/// The bucket of a visitor's address and agent.
#[must_use]
pub fn bucket(pepper: &str, address: &str, agent: &str) -> [u8; 4] {
    truncated(mac(pepper.as_bytes(), &[b"bucket", address.as_bytes(), agent.as_bytes()]))
}

/// The name under which calls from a network are counted.
#[must_use]
pub fn network(pepper: &str, network: &[u8]) -> String {
    let hash = mac(pepper.as_bytes(), &[b"network", network]);
    format!("{:032x}", u128::from_be_bytes(truncated(hash)))
}

/// A short name for some content: equal content has equal names.
#[must_use]
pub fn content(text: &str) -> String {
    format!("{:016x}", u64::from_be_bytes(truncated(digest(&[b"content", text.as_bytes()]))))
}

/// A name of 32 hexadecimal digits for a list of texts: equal lists have equal
/// names, and no two others do.
#[must_use]
pub fn name(parts: &[&str]) -> String {
    let parts: Vec<&[u8]> = parts.iter().map(|part| part.as_bytes()).collect();
    Key(truncated(digest(&parts))).to_string()
}

/// An address as it is compared: trimmed, in lower case, and without what
/// its provider ignores. Google ignores dots and what follows a plus; the
/// others named here ignore what follows a plus.
#[must_use]
pub fn normalized_email(address: &str) -> String {
    let address = lower_case(address.trim());
    let Some((local, domain)) = address.rsplit_once('@') else { return address };
    let before_plus = || local.split('+').next().unwrap_or_default();
    match domain {
        "gmail.com" | "googlemail.com" => format!("{}@gmail.com", before_plus().replace('.', "")),
        "outlook.com" | "hotmail.com" | "live.com" | "icloud.com" | "me.com" | "fastmail.com"
        | "proton.me" | "protonmail.com" => format!("{}@{domain}", before_plus()),
        _ => address,
    }
}

/// The platform knows the cases of all scripts; the standard library's table
/// of them would be a fiftieth of the Worker.
#[cfg(target_arch = "wasm32")]
fn lower_case(text: &str) -> String {
    worker::js_sys::JsString::from(text).to_lower_case().into()
}

#[cfg(not(target_arch = "wasm32"))]
fn lower_case(text: &str) -> String {
    text.to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(address: &str, normalized: &str) {
        assert_eq!(normalized_email(address), normalized);
    }

    #[test]
    fn addresses_are_compared_as_their_providers_do() {
        check(" Anna@Shop.Example ", "anna@shop.example");
        check("an.na+tea@gmail.com", "anna@gmail.com");
        check("anna@googlemail.com", "anna@gmail.com");
        check("anna+tea@outlook.com", "anna@outlook.com");
        check("an.na@outlook.com", "an.na@outlook.com");
        check("an.na+tea@shop.example", "an.na+tea@shop.example");
        check("ÄNNE@Büro.Example", "änne@büro.example");
        check("no address", "no address");
    }

    #[test]
    fn parts_do_not_run_into_each_other() {
        assert_ne!(mac(b"k", &[b"ab", b"c"]), mac(b"k", &[b"a", b"bc"]));
        assert_ne!(order("shop", "1"), order("stripe", "1"));
    }
}
