//! Workers KV behind the store's verbs. The only file that knows it.

use super::{Keep, Page, Store, StoreError, fits_inline};
use async_trait::async_trait;
use serde_json::Value;
use worker::kv::{KvError, KvStore};

const DAY_SECONDS: u64 = 86_400;

/// A KV namespace.
#[derive(Clone)]
pub struct KvFacts(pub KvStore);

impl From<KvError> for StoreError {
    fn from(error: KvError) -> Self {
        StoreError(error.to_string())
    }
}

#[async_trait(?Send)]
impl Store for KvFacts {
    async fn put(&self, key: &str, body: &str, keep: Keep) -> Result<(), StoreError> {
        let mut put = self.0.put(key, body)?;
        if fits_inline(body) {
            put = put.metadata(body)?;
        }
        if let Keep::Days(days) = keep {
            put = put.expiration_ttl(u64::from(days) * DAY_SECONDS);
        }
        Ok(put.execute().await?)
    }

    async fn get_bulk(&self, keys: &[String]) -> Result<Vec<Option<String>>, StoreError> {
        match keys {
            [] => Ok(Vec::new()),
            [key] => Ok(vec![self.0.get(key).text().await?]),
            _ => {
                let mut bodies = self.0.get_bulk(keys).text().await?;
                Ok(keys.iter().map(|key| bodies.remove(key).flatten()).collect())
            }
        }
    }

    async fn list(&self, prefix: &str, cursor: Option<&str>) -> Result<Page, StoreError> {
        let mut list = self.0.list().prefix(prefix.to_owned());
        if let Some(cursor) = cursor {
            list = list.cursor(cursor.to_owned());
        }
        let page = list.execute().await?;
        let entries = page.keys.into_iter().map(|key| match key.metadata {
            Some(Value::String(body)) => (key.name, Some(body)),
            _ => (key.name, None),
        });
        let cursor = page.cursor.filter(|_| !page.list_complete);
        Ok(Page { entries: entries.collect(), cursor })
    }

    async fn delete(&self, key: &str) -> Result<(), StoreError> {
        Ok(self.0.delete(key).await?)
    }
}
