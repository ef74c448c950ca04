//! A store that counts what is asked of it. An invocation may ask Workers KV
//! for 1,000 operations; what has much to do stops before that, and leaves the
//! rest for the next one.

use super::{Keep, Page, Store, StoreError};
use async_trait::async_trait;
use std::cell::Cell;

/// Counts, and passes on.
pub struct Counting<'a> {
    store: &'a dyn Store,
    operations: Cell<usize>,
}

impl<'a> Counting<'a> {
    /// Before a store.
    #[must_use]
    pub fn new(store: &'a dyn Store) -> Self {
        Counting { store, operations: Cell::new(0) }
    }

    /// Operations until now. A bulk read is one.
    #[must_use]
    pub fn operations(&self) -> usize {
        self.operations.get()
    }

    fn count(&self) {
        self.operations.set(self.operations.get().saturating_add(1));
    }
}

#[async_trait(?Send)]
impl Store for Counting<'_> {
    async fn put(&self, key: &str, body: &str, keep: Keep) -> Result<(), StoreError> {
        self.count();
        self.store.put(key, body, keep).await
    }

    async fn get_bulk(&self, keys: &[String]) -> Result<Vec<Option<String>>, StoreError> {
        self.count();
        self.store.get_bulk(keys).await
    }

    async fn list(&self, prefix: &str, cursor: Option<&str>) -> Result<Page, StoreError> {
        self.count();
        self.store.list(prefix, cursor).await
    }

    async fn delete(&self, key: &str) -> Result<(), StoreError> {
        self.count();
        self.store.delete(key).await
    }
}
