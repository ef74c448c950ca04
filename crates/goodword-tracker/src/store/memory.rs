//! A store in memory, for native tests: exact at once, unlike Workers KV.

use super::{Keep, Page, Store, StoreError, fits_inline};
use async_trait::async_trait;
use std::cell::RefCell;
use std::collections::BTreeMap;

/// Keys a page holds, as on Workers KV.
const PAGE_KEYS: usize = 1_000;

/// Bodies under keys.
#[derive(Debug, Default)]
pub struct MemoryStore {
    bodies: RefCell<BTreeMap<String, String>>,
}

impl MemoryStore {
    /// Everything in the store.
    #[must_use]
    pub fn dump(&self) -> BTreeMap<String, String> {
        self.bodies.borrow().clone()
    }
}

#[async_trait(?Send)]
impl Store for MemoryStore {
    async fn put(&self, key: &str, body: &str, _: Keep) -> Result<(), StoreError> {
        self.bodies.borrow_mut().insert(key.to_owned(), body.to_owned());
        Ok(())
    }

    async fn get_bulk(&self, keys: &[String]) -> Result<Vec<Option<String>>, StoreError> {
        let bodies = self.bodies.borrow();
        Ok(keys.iter().map(|key| bodies.get(key).cloned()).collect())
    }

    async fn list(&self, prefix: &str, cursor: Option<&str>) -> Result<Page, StoreError> {
        let bodies = self.bodies.borrow();
        let after = cursor.unwrap_or_default();
        let mut found = bodies
            .range(prefix.to_owned()..)
            .take_while(|(key, _)| key.starts_with(prefix))
            .filter(|(key, _)| key.as_str() > after || cursor.is_none());
        let entries: Vec<(String, Option<String>)> = found
            .by_ref()
            .take(PAGE_KEYS)
            .map(|(key, body)| (key.clone(), fits_inline(body).then(|| body.clone())))
            .collect();
        let has_more = found.next().is_some();
        let cursor = entries.last().filter(|_| has_more).map(|(key, _)| key.clone());
        Ok(Page { entries, cursor })
    }

    async fn delete(&self, key: &str) -> Result<(), StoreError> {
        self.bodies.borrow_mut().remove(key);
        Ok(())
    }
}
