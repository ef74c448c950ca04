//! What is known about a person, and what they write, sealed with AES-256-GCM.
//! The owner must see whom to pay, a dump of the store must not.

use crate::hashing::mac;
use crate::random::Random;
use crate::records::record::record;
use crate::records::{read, write};
use crate::settings::Secrets;
use aes_gcm::aead::{Aead, Payload};
use aes_gcm::{Aes256Gcm, KeyInit, Nonce};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use goodword::sorted;

const NONCE_BYTES: usize = 12;
const KEY_ID_BYTES: usize = 4;

record! {
    /// Who somebody is.
    #[derive(Clone, Debug, Default, PartialEq, Eq)]
    pub struct Person {
        /// The shop's own id of them.
        pub customer_id: Option<String>,
        /// Their e-mail address.
        pub email: Option<String>,
        /// The name they show to friends.
        pub display_name: Option<String>,
        /// Addresses they had before: their hashes still lead to them.
        pub former_emails: Vec<String> = spared,
    }
}

impl Person {
    /// The same with news, which go before what was known; nothing is taken
    /// away.
    #[must_use]
    pub fn with(self, news: Person) -> Self {
        let has_moved = news.email.is_some() && news.email != self.email;
        let mut former_emails = self.former_emails;
        former_emails.extend(self.email.iter().filter(|_| has_moved).cloned());
        sorted::sort(&mut former_emails);
        former_emails.dedup();
        Person {
            former_emails,
            customer_id: news.customer_id.or(self.customer_id),
            email: news.email.or(self.email),
            display_name: news.display_name.or(self.display_name),
        }
    }
}

/// Seals a person for one place: moved to another key of the store, it does
/// not open. `None` only if the cipher refuses, which it does for texts of
/// gigabytes.
#[must_use]
pub fn seal(keys: &Secrets, random: &dyn Random, place: &str, person: &Person) -> Option<String> {
    seal_text(keys, random, place, &write(person))
}

/// The same with a text of theirs.
#[must_use]
pub fn seal_text(keys: &Secrets, random: &dyn Random, place: &str, text: &str) -> Option<String> {
    let mut nonce = [0; NONCE_BYTES];
    random.fill(&mut nonce);
    let payload = Payload { msg: text.as_bytes(), aad: place.as_bytes() };
    let sealed = cipher(keys.newest())?.encrypt(&Nonce::from(nonce), payload).ok()?;
    let id = key_id(keys.newest());
    let parts = [id.as_slice(), &nonce, &sealed];
    Some(BASE64_URL_SAFE_NO_PAD.encode(parts.concat()))
}

/// Opens what was sealed for a place.
#[must_use]
pub fn open(keys: &Secrets, place: &str, text: &str) -> Option<Person> {
    read(place, &open_text(keys, place, text)?).ok()
}

/// The same with a text of theirs.
#[must_use]
pub fn open_text(keys: &Secrets, place: &str, text: &str) -> Option<String> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(text.as_bytes()).ok()?;
    let (id, rest) = bytes.split_first_chunk::<KEY_ID_BYTES>()?;
    let (nonce, sealed) = rest.split_first_chunk::<NONCE_BYTES>()?;
    let key = keys.live().find(|key| key_id(key) == *id)?;
    let payload = Payload { msg: sealed, aad: place.as_bytes() };
    let opened = cipher(key)?.decrypt(&Nonce::from(*nonce), payload).ok()?;
    String::from_utf8(opened).ok()
}

fn cipher(key: &[u8]) -> Option<Aes256Gcm> {
    Aes256Gcm::new_from_slice(&mac(key, &[b"seal"])).ok()
}

fn key_id(key: &[u8]) -> [u8; KEY_ID_BYTES] {
    mac(key, &[b"key id"]).first_chunk().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::SystemRandom;

    fn anna() -> Person {
        Person {
            customer_id: Some("c-1".to_owned()),
            email: Some("anna@shop.example".to_owned()),
            display_name: Some("Anna".to_owned()),
            former_emails: Vec::new(),
        }
    }

    #[test]
    fn a_seal_opens_at_its_place_with_a_live_key() {
        let (old, both) = (Secrets::read("a"), Secrets::read("b,a"));
        let sealed = seal(&old, &SystemRandom, "person/demo/1", &anna()).unwrap();
        assert!(!sealed.contains("anna"));
        assert_eq!(open(&both, "person/demo/1", &sealed), Some(anna()));
        assert_eq!(open(&both, "person/demo/2", &sealed), None);
        assert_eq!(open(&Secrets::read("b"), "person/demo/1", &sealed), None);
        for bad in ["", "AAAA", &sealed[1..], &sealed[..sealed.len() - 1]] {
            assert_eq!(open(&both, "person/demo/1", bad), None, "{bad}");
        }
    }

    #[test]
    fn a_text_opens_at_its_place_alone() {
        let keys = Secrets::read("a");
        let sealed = seal_text(&keys, &SystemRandom, "rating/demo/1", "too slow").unwrap();
        assert_eq!(open_text(&keys, "rating/demo/1", &sealed).as_deref(), Some("too slow"));
        assert_eq!(open_text(&keys, "rating/demo/2", &sealed), None);
        assert_eq!(open(&keys, "rating/demo/1", &sealed), None);
    }

    #[test]
    fn news_add_and_take_nothing_away() {
        let news = Person { display_name: Some("Ania".to_owned()), ..Person::default() };
        let now = anna().with(news);
        assert_eq!(now.display_name.as_deref(), Some("Ania"));
        assert_eq!(now.email, anna().email);
        let moved = |email: &str| Person { email: Some(email.to_owned()), ..Person::default() };
        let now = now.with(moved("a@new.example")).with(moved("anna@shop.example"));
        assert_eq!(now.email.as_deref(), Some("anna@shop.example"));
        assert_eq!(now.former_emails, ["a@new.example", "anna@shop.example"]);
    }
}
