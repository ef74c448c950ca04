//! Workers' Rate Limiting, a binding a kind. It counts at one of Cloudflare's
//! locations, in memory and about right: enough to slow somebody down.

use super::{Kind, Limiter};
use crate::log;
use async_trait::async_trait;
use goodword_api::object;
use worker::Env;
use worker::js_sys::futures::JsFuture;
use worker::js_sys::{Function, Object, Promise, Reflect};
use worker::wasm_bindgen::{JsCast, JsValue};

/// The bindings of an environment. Where one is missing its kind is not
/// limited.
pub struct Bindings(pub Env);

#[async_trait(?Send)]
impl Limiter for Bindings {
    async fn allows(&self, kind: Kind, name: &str) -> bool {
        let binding = kind.binding();
        let Ok(limiter) = Reflect::get(&self.0, &binding.into()) else { return true };
        if !limiter.is_object() {
            return true;
        }
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
    let whom = Object::new();
    Reflect::set(&whom, &"key".into(), &name.into())?;
    let limit: Function = Reflect::get(limiter, &"limit".into())?.dyn_into()?;
    let promise: Promise = limit.call1(limiter, &whom)?.dyn_into()?;
    Reflect::get(&JsFuture::from(promise).await?, &"success".into())
}
