//! The runtime's `send_email` behind the mailer's one verb. The only file that
//! knows it.

use super::{Letter, Mailer};
use crate::binding::{call, field, named, of};
use async_trait::async_trait;
use worker::Env;
use worker::wasm_bindgen::JsValue;

/// The binding's name in `wrangler.toml`.
const MAIL: &str = "MAIL";

/// The binding.
pub struct Post(JsValue);

impl Post {
    /// The binding, if there is one.
    #[must_use]
    pub fn of(env: &Env) -> Option<Self> {
        of(env, MAIL).map(Post)
    }
}

#[async_trait(?Send)]
impl Mailer for Post {
    async fn send(&self, letter: &Letter) -> Result<(), String> {
        sent(&self.0, letter).await.map_err(|thrown| reason(&thrown))
    }
}

async fn sent(post: &JsValue, letter: &Letter) -> Result<(), JsValue> {
    let Letter { from, to, subject, text, html } = letter;
    let message = named(&[
        ("from", from.into()),
        ("to", to.into()),
        ("subject", subject.into()),
        ("text", text.into()),
        ("html", html.into()),
    ])?;
    call(post, "send", &[message]).await?;
    Ok(())
}

/// Why a letter was not taken. What the runtime says may repeat an address, so
/// only its code is told: `E_SENDER_NOT_VERIFIED`, `E_RECIPIENT_SUPPRESSED`.
fn reason(thrown: &JsValue) -> String {
    let code = field(thrown, "code").ok().and_then(|code| code.as_string());
    let is_code =
        |code: &String| code.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_');
    code.filter(is_code).unwrap_or_else(|| "the runtime gave no code".to_owned())
}
