//! The runtime's requests and its cryptography behind the seam: RSA of our
//! own would be a tenth of the Worker.

use super::cloudflare::{Platform, PublicKey};
use crate::log;
use crate::sender::fetch;
use async_trait::async_trait;
use goodword_api::object;
use web_sys::{CryptoKey, WorkerGlobalScope};
use worker::js_sys::futures::JsFuture;
use worker::js_sys::{Array, JSON, Object, global};
use worker::wasm_bindgen::{JsCast, JsValue};

const ALGORITHM: &str = "RSASSA-PKCS1-v1_5";

/// `fetch` and `crypto.subtle`.
pub struct WebCrypto;

#[async_trait(?Send)]
impl Platform for WebCrypto {
    async fn get(&self, url: &str) -> Result<String, String> {
        fetch::text(url).await
    }

    async fn is_signed(&self, key: &PublicKey, text: &str, signature: &[u8]) -> bool {
        verified(key, text, signature).await.unwrap_or_else(|error| {
            let detail = format!("{error:?}");
            log::failure("a key of Cloudflare Access is of no use", object!({}), detail);
            false
        })
    }
}

async fn verified(key: &PublicKey, text: &str, signature: &[u8]) -> Result<bool, JsValue> {
    let scope: WorkerGlobalScope = global().unchecked_into();
    let subtle = scope.crypto()?.subtle();
    let key = object!({"kty": "RSA", "alg": "RS256", "n": key.n, "e": key.e});
    let algorithm = object!({"name": ALGORITHM, "hash": "SHA-256"});
    let uses = Array::of1(&JsValue::from_str("verify"));
    let key = subtle.import_key_with_object(
        "jwk",
        &object(&key.to_string())?,
        &object(&algorithm.to_string())?,
        false,
        &uses,
    )?;
    let key: CryptoKey = JsFuture::from(key).await?.unchecked_into();
    let verified = subtle.verify_with_str_and_u8_array_and_u8_array(
        ALGORITHM,
        &key,
        signature,
        text.as_bytes(),
    )?;
    Ok(JsFuture::from(verified).await?.is_truthy())
}

fn object(text: &str) -> Result<Object, JsValue> {
    JSON::parse(text).map(JsCast::unchecked_into)
}
