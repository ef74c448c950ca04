//! Workers' Rate Limiting, a binding a kind. It counts at one of Cloudflare's
//! locations, in memory and about right: enough to slow somebody down.

use super::{Kind, Limiter};
use crate::binding::{call, field, named, of};
use crate::log;
use async_trait::async_trait;
use goodword_api::object;
use worker::Env;
use worker::wasm_bindgen::JsValue;

/// The bindings of an environment. Where one is missing its kind is not
/// limited.
pub struct Bindings(pub Env);

#[async_trait(?Send)]
impl Limiter for Bindings {
    async fn allows(&self, kind: Kind, name: &str) -> bool {
        let binding = kind.binding();
        let Some(limiter) = of(&self.0, binding) else { return true };
        match counted(&limiter, name).await {
            Ok(outcome) => outcome.is_truthy(),
            Err(error) => {
                log::failure(
                    "a limit was not counted",
                    object!({"binding": binding}),
                    format!("{error:?}"),
                );
                true
            }
        }
    }
}

/// Whether the binding counts this one as within its limit.
async fn counted(limiter: &JsValue, name: &str) -> Result<JsValue, JsValue> {
    let whom = named(&[("key", name.into())])?;
    field(&call(limiter, "limit", &[whom]).await?, "success")
}
