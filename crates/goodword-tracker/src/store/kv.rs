//! Workers KV behind the store's verbs. The only file that knows it.
//!
//! It calls the namespace by the names of its methods: the `worker` crate's
//! wrappers turn every value into any type and bring along what reads and
//! writes those, 20 KB of the Worker, where keys and bodies are strings.

use super::{Keep, Page, Store, StoreError, fits_inline};
use async_trait::async_trait;
use worker::Env;
use worker::js_sys::futures::JsFuture;
use worker::js_sys::{Array, Function, Map, Object, Promise, Reflect};
use worker::wasm_bindgen::{JsCast, JsValue};

const DAY_SECONDS: u32 = 86_400;

/// A KV namespace.
#[derive(Clone)]
pub struct KvFacts(JsValue);

impl From<JsValue> for StoreError {
    fn from(thrown: JsValue) -> Self {
        StoreError(format!("{thrown:?}"))
    }
}

impl KvFacts {
    /// The namespace of this name, if there is one.
    #[must_use]
    pub fn of(env: &Env, name: &str) -> Option<Self> {
        let namespace = Reflect::get(env, &name.into()).ok()?;
        namespace.is_object().then_some(KvFacts(namespace))
    }

    /// Calls a method and awaits its promise.
    async fn call(&self, method: &str, arguments: &[JsValue]) -> Result<JsValue, JsValue> {
        let method: Function = Reflect::get(&self.0, &method.into())?.dyn_into()?;
        let arguments: Array = arguments.iter().collect();
        let promise: Promise = method.apply(&self.0, &arguments)?.dyn_into()?;
        JsFuture::from(promise).await
    }
}

/// Options under their names.
fn options(entries: &[(&str, JsValue)]) -> Result<JsValue, JsValue> {
    let options = Object::new();
    for (name, value) in entries {
        Reflect::set(&options, &(*name).into(), value)?;
    }
    Ok(options.into())
}

/// What stands under a name of an answer.
fn field(answer: &JsValue, name: &str) -> Result<JsValue, JsValue> {
    Reflect::get(answer, &name.into())
}

#[async_trait(?Send)]
impl Store for KvFacts {
    async fn put(&self, key: &str, body: &str, keep: Keep) -> Result<(), StoreError> {
        let mut how = Vec::new();
        if fits_inline(body) {
            how.push(("metadata", body.into()));
        }
        if let Keep::Days(days) = keep {
            how.push(("expirationTtl", days.saturating_mul(DAY_SECONDS).into()));
        }
        self.call("put", &[key.into(), body.into(), options(&how)?]).await?;
        Ok(())
    }

    async fn get_bulk(&self, keys: &[String]) -> Result<Vec<Option<String>>, StoreError> {
        match keys {
            [] => Ok(Vec::new()),
            [key] => Ok(vec![self.call("get", &[key.into()]).await?.as_string()]),
            _ => {
                let names: Array = keys.iter().map(JsValue::from).collect();
                let bodies: Map = self.call("get", &[names.into()]).await?.dyn_into()?;
                Ok(keys.iter().map(|key| bodies.get(&key.into()).as_string()).collect())
            }
        }
    }

    async fn list(&self, prefix: &str, cursor: Option<&str>) -> Result<Page, StoreError> {
        let mut how = vec![("prefix", prefix.into())];
        how.extend(cursor.map(|cursor| ("cursor", cursor.into())));
        let page = self.call("list", &[options(&how)?]).await?;
        let mut entries = Vec::new();
        for key in field(&page, "keys")?.dyn_into::<Array>()?.iter() {
            if let Some(name) = field(&key, "name")?.as_string() {
                entries.push((name, field(&key, "metadata")?.as_string()));
            }
        }
        // The end is told by this alone: a page may be empty and not the last.
        let is_last = field(&page, "list_complete")?.is_truthy();
        let cursor = field(&page, "cursor")?.as_string().filter(|_| !is_last);
        Ok(Page { entries, cursor })
    }

    async fn delete(&self, key: &str) -> Result<(), StoreError> {
        self.call("delete", &[key.into()]).await?;
        Ok(())
    }
}
