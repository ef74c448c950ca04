//! A store that notes what was put under a prefix, for whoever goes on with it
//! right after an answer.

use super::{Keep, Page, Store, StoreError};
use async_trait::async_trait;
use std::cell::RefCell;

/// Another store, and what was put into it below a prefix.
pub struct Noting<S> {
    store: S,
    prefix: &'static str,
    noted: RefCell<Vec<(String, String)>>,
}

impl<S: Store> Noting<S> {
    /// Notes what is put below a prefix.
    pub fn new(store: S, prefix: &'static str) -> Self {
        Noting { store, prefix, noted: RefCell::default() }
    }

    /// What was noted, keys with bodies.
    pub fn take(&self) -> Vec<(String, String)> {
        self.noted.take()
    }
}

#[async_trait(?Send)]
impl<S: Store> Store for Noting<S> {
    async fn put(&self, key: &str, body: &str, keep: Keep) -> Result<(), StoreError> {
        self.store.put(key, body, keep).await?;
        if key.starts_with(self.prefix) {
            self.noted.borrow_mut().push((key.to_owned(), body.to_owned()));
        }
        Ok(())
    }

    async fn get_bulk(&self, keys: &[String]) -> Result<Vec<Option<String>>, StoreError> {
        self.store.get_bulk(keys).await
    }

    async fn list(&self, prefix: &str, cursor: Option<&str>) -> Result<Page, StoreError> {
        self.store.list(prefix, cursor).await
    }

    async fn delete(&self, key: &str) -> Result<(), StoreError> {
        self.store.delete(key).await
    }
}
