//! Tokens of Cloudflare Access, made and signed here as Access does, with keys
//! of the test.

use super::shop::{Shop, base64};
use async_trait::async_trait;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use goodword_tracker::access::cloudflare::{KeptKeys, Platform, PublicKey, vouches};
use goodword_tracker::http::Headers;
use goodword_tracker::http::Request;
use goodword_tracker::settings::AccessTeam;
use hmac::{Hmac, KeyInit, Mac};
use http::Method;
use rsa::pkcs1v15::{Signature, SigningKey, VerifyingKey};
use rsa::sha2::Sha256;
use rsa::signature::{SignatureEncoding, Signer, Verifier};
use rsa::traits::PublicKeyParts;
use rsa::{BigUint, RsaPrivateKey, RsaPublicKey};
use serde_json::{Value, json};
use std::cell::{Cell, RefCell};
use std::sync::LazyLock;

const ISSUER: &str = "https://tea.cloudflareaccess.com";
const AUDIENCE: &str = "32eafc7626e737136e6b1af8e9c1a9e5ce8b1b9b1c1d1b9b";

/// Two keys, made once: that takes a while. 1,024 bits are enough to tell a
/// good signature from a bad one.
static KEYS: LazyLock<[RsaPrivateKey; 2]> = LazyLock::new(|| {
    [(); 2].map(|()| RsaPrivateKey::new(&mut rsa::rand_core::OsRng, 1_024).unwrap())
});

/// The other side of the network, and RSA.
struct Cloudflare {
    answer: RefCell<Result<String, String>>,
    asked: Cell<usize>,
}

impl Cloudflare {
    fn with(keys: &[(&str, &RsaPrivateKey)]) -> Self {
        let cloudflare =
            Cloudflare { answer: RefCell::new(Err(String::new())), asked: Cell::new(0) };
        cloudflare.publish(keys);
        cloudflare
    }

    fn answers(&self, answer: Result<String, String>) {
        *self.answer.borrow_mut() = answer;
    }

    fn publish(&self, keys: &[(&str, &RsaPrivateKey)]) {
        let key = |(kid, key): &(&str, &RsaPrivateKey)| {
            json!({
                "kid": kid, "kty": "RSA", "alg": "RS256", "use": "sig",
                "e": base64(&key.e().to_bytes_be()), "n": base64(&key.n().to_bytes_be()),
            })
        };
        let keys: Value = keys.iter().map(key).collect();
        self.answers(Ok(json!({"keys": keys, "public_certs": []}).to_string()));
    }
}

#[async_trait(?Send)]
impl Platform for Cloudflare {
    async fn get(&self, url: &str) -> Result<String, String> {
        assert_eq!(url, "https://tea.cloudflareaccess.com/cdn-cgi/access/certs");
        self.asked.set(self.asked.get() + 1);
        self.answer.borrow().clone()
    }

    async fn is_signed(&self, key: &PublicKey, text: &str, signature: &[u8]) -> bool {
        let number =
            |text: &str| BigUint::from_bytes_be(&BASE64_URL_SAFE_NO_PAD.decode(text).unwrap());
        let key = RsaPublicKey::new(number(&key.n), number(&key.e)).unwrap();
        let Ok(signature) = Signature::try_from(signature) else { return false };
        VerifyingKey::<Sha256>::new(key).verify(text.as_bytes(), &signature).is_ok()
    }
}

struct Scene {
    shop: Shop,
    kept: KeptKeys,
    cloudflare: Cloudflare,
}

impl Scene {
    fn new() -> Self {
        let mut shop = Shop::open(&[]);
        let team = AccessTeam { issuer: ISSUER.to_owned(), audience: AUDIENCE.to_owned() };
        shop.settings.access = Some(team);
        Scene {
            shop,
            kept: KeptKeys::default(),
            cloudflare: Cloudflare::with(&[("one", &KEYS[0])]),
        }
    }

    /// What Access says of somebody it let through, changed here and there.
    fn claims(&self, changes: &Value) -> Value {
        let now = self.shop.now().0 / 1_000;
        let mut claims = json!({
            "aud": [AUDIENCE], "email": "olga@shop.example", "exp": now + 86_400, "iat": now,
            "nbf": now, "iss": ISSUER, "type": "app", "identity_nonce": "6ei69kawdKzMIAPF",
            "sub": "7335d417-61da-459d-899c-0a01c76a2f94", "country": "PL",
        });
        for (name, value) in changes.as_object().unwrap() {
            match value {
                Value::Null => drop(claims.as_object_mut().unwrap().remove(name)),
                value => claims[name] = value.clone(),
            }
        }
        claims
    }

    fn vouches(&self, token: &str) -> bool {
        let mut headers = Headers::default();
        headers.set("cf-access-jwt-assertion", token);
        let request = Request {
            method: Method::GET,
            origin: "https://owner.shop.example".to_owned(),
            path: "/v1/session".to_owned(),
            query: String::new(),
            headers,
            body: Some(Vec::new()),
            is_vouched_for: false,
        };
        let (shop, kept) = (&self.shop, &self.kept);
        let answer = vouches(&self.cloudflare, kept, &shop.settings, shop.now(), &request);
        futures_executor::block_on(answer)
    }

    fn good(&self) -> String {
        signed(&KEYS[0], &header("one"), &self.claims(&json!({})))
    }
}

fn header(kid: &str) -> Value {
    json!({"alg": "RS256", "kid": kid, "typ": "JWT"})
}

fn message(header: &Value, claims: &Value) -> String {
    format!("{}.{}", base64(header.to_string().as_bytes()), base64(claims.to_string().as_bytes()))
}

fn signed(key: &RsaPrivateKey, header: &Value, claims: &Value) -> String {
    let message = message(header, claims);
    let signature = SigningKey::<Sha256>::new(key.clone()).sign(message.as_bytes());
    format!("{message}.{}", base64(&signature.to_bytes()))
}

#[test]
fn what_the_claims_must_say() {
    let scene = Scene::new();
    let now = scene.shop.now().0 / 1_000;
    let check = |changes: Value, is_good: bool| {
        let token = signed(&KEYS[0], &header("one"), &scene.claims(&changes));
        assert_eq!(scene.vouches(&token), is_good, "{changes}");
    };
    check(json!({}), true);
    check(json!({"aud": AUDIENCE}), true);
    check(json!({"aud": ["another", AUDIENCE]}), true);
    check(json!({"aud": ["another"]}), false);
    check(json!({"aud": []}), false);
    check(json!({"aud": null}), false);
    check(json!({"iss": "https://evil.cloudflareaccess.com"}), false);
    check(json!({"iss": null}), false);
    check(json!({"exp": now + 1}), true);
    check(json!({"exp": now}), false);
    check(json!({"exp": now - 1}), false);
    check(json!({"exp": null}), false);
    check(json!({"exp": "never"}), false);
    check(json!({"nbf": now + 5}), true);
    check(json!({"nbf": now + 6}), false);
    check(json!({"nbf": null}), true);
    check(json!({"iat": now + 3_600}), false);
}

#[test]
fn whose_signature_it_must_have() {
    let scene = Scene::new();
    let claims = scene.claims(&json!({}));
    assert!(scene.vouches(&scene.good()));
    assert!(!scene.vouches(&signed(&KEYS[1], &header("one"), &claims)), "another key");

    for alg in ["none", "None", "HS256", "RS512", ""] {
        let header = json!({"alg": alg, "kid": "one"});
        assert!(!scene.vouches(&signed(&KEYS[0], &header, &claims)), "{alg}");
        assert!(!scene.vouches(&format!("{}.", message(&header, &claims))), "{alg}, unsigned");
    }
    // The public key as the secret of an HMAC: the confusion that a verifier
    // falls for which lets the token choose how it is verified.
    let text = message(&json!({"alg": "HS256", "kid": "one"}), &claims);
    for secret in
        [KEYS[0].n().to_bytes_be(), scene.cloudflare.answer.borrow().clone().unwrap().into()]
    {
        let mut mac = Hmac::<sha2::Sha256>::new_from_slice(&secret).unwrap();
        mac.update(text.as_bytes());
        assert!(!scene.vouches(&format!("{text}.{}", base64(&mac.finalize().into_bytes()))));
    }

    let critical = json!({"alg": "RS256", "kid": "one", "crit": ["b64"], "b64": false});
    assert!(!scene.vouches(&signed(&KEYS[0], &critical, &claims)), "what it does not understand");
    assert!(!scene.vouches(&signed(&KEYS[0], &json!({"alg": "RS256"}), &claims)), "no key named");

    let (message, signature) =
        scene.good().rsplit_once('.').map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
    let other = scene.claims(&json!({"email": "eve@evil.example"}));
    let stolen = format!("{}.{signature}", self::message(&header("one"), &other));
    let long = format!("{message}.{}", "A".repeat(20_000));
    for token in ["", "a", "a.b", "a.b.c", "..", &message, &stolen, &long, &format!("{message}.")] {
        assert!(!scene.vouches(token), "{token:.60}");
    }
}

#[test]
fn nobody_is_asked_about_a_token_that_says_the_wrong_things() {
    let scene = Scene::new();
    let wrong = scene.claims(&json!({"aud": ["another"]}));
    assert!(!scene.vouches(&signed(&KEYS[0], &header("one"), &wrong)));
    assert_eq!(scene.cloudflare.asked.get(), 0);
}

#[test]
fn the_keys_are_kept_for_an_hour() {
    let scene = Scene::new();
    assert!(scene.vouches(&scene.good()) && scene.vouches(&scene.good()));
    assert_eq!(scene.cloudflare.asked.get(), 1);
    scene.shop.pass_ms(3_600_000 - 1);
    assert!(scene.vouches(&scene.good()));
    assert_eq!(scene.cloudflare.asked.get(), 1);
    scene.shop.pass_ms(1);
    assert!(scene.vouches(&scene.good()));
    assert_eq!(scene.cloudflare.asked.get(), 2);
    // Access took the key back: an hour later it is good for nothing.
    scene.cloudflare.publish(&[("two", &KEYS[1])]);
    scene.shop.pass_ms(3_600_000);
    assert!(!scene.vouches(&scene.good()));
}

#[test]
fn a_key_that_is_not_known_is_looked_for_once() {
    let scene = Scene::new();
    assert!(scene.vouches(&scene.good()));
    let of_new_key = || signed(&KEYS[1], &header("two"), &scene.claims(&json!({})));
    assert!(!scene.vouches(&of_new_key()));
    assert_eq!(scene.cloudflare.asked.get(), 1, "just looked");
    scene.shop.pass_ms(10_000);
    assert!(!scene.vouches(&of_new_key()) && !scene.vouches(&of_new_key()));
    assert_eq!(scene.cloudflare.asked.get(), 2, "once, and not again at once");
    scene.cloudflare.publish(&[("one", &KEYS[0]), ("two", &KEYS[1])]);
    scene.shop.pass_ms(10_000);
    assert!(scene.vouches(&of_new_key()) && scene.vouches(&scene.good()));
    assert_eq!(scene.cloudflare.asked.get(), 3);
}

#[test]
fn keys_that_cannot_be_had_let_nobody_in() {
    let scene = Scene::new();
    for answer in [Err("unreachable".to_owned()), Ok("<html>".to_owned()), Ok("{}".to_owned())] {
        scene.cloudflare.answers(answer);
        assert!(!scene.vouches(&scene.good()));
        scene.shop.pass_ms(10_000);
    }
    scene.cloudflare.publish(&[("one", &KEYS[0])]);
    assert!(scene.vouches(&scene.good()));
    scene.cloudflare.answers(Err("unreachable".to_owned()));
    scene.shop.pass_ms(10_000);
    assert!(scene.vouches(&scene.good()), "they are still good");
}

#[test]
fn without_a_team_nobody_is_vouched_for() {
    let mut scene = Scene::new();
    scene.shop.settings.access = None;
    assert!(!scene.vouches(&scene.good()));
    assert_eq!(scene.cloudflare.asked.get(), 0);
}
