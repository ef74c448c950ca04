//! Workers KV behind the store's verbs. The only file that knows it.

use super::{Keep, Page, Store, StoreError, fits_inline};
use crate::binding::{call, field, named, of};
use async_trait::async_trait;
use worker::Env;
use worker::js_sys::{Array, Map};
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
        of(env, name).map(KvFacts)
    }
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
        call(&self.0, "put", &[key.into(), body.into(), named(&how)?]).await?;
        Ok(())
    }

    async fn get_bulk(&self, keys: &[String]) -> Result<Vec<Option<String>>, StoreError> {
        match keys {
            [] => Ok(Vec::new()),
            [key] => Ok(vec![call(&self.0, "get", &[key.into()]).await?.as_string()]),
            _ => {
                let names: Array = keys.iter().map(JsValue::from).collect();
                let bodies: Map = call(&self.0, "get", &[names.into()]).await?.dyn_into()?;
                Ok(keys.iter().map(|key| bodies.get(&key.into()).as_string()).collect())
            }
        }
    }

    async fn list(&self, prefix: &str, cursor: Option<&str>) -> Result<Page, StoreError> {
        let mut how = vec![("prefix", prefix.into())];
        how.extend(cursor.map(|cursor| ("cursor", cursor.into())));
        let page = call(&self.0, "list", &[named(&how)?]).await?;
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
        call(&self.0, "delete", &[key.into()]).await?;
        Ok(())
    }
}
