//! A store that counts what is asked of it, as Workers KV does: a bulk read
//! of up to 100 keys is one operation.

use async_trait::async_trait;
use goodword_tracker::store::memory::MemoryStore;
use goodword_tracker::store::{Keep, Page, Store, StoreError};
use std::cell::Cell;

/// Operations by kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Operations {
    pub reads: usize,
    pub writes: usize,
    pub lists: usize,
    pub deletes: usize,
}

impl Operations {
    pub fn sum(self) -> usize {
        self.reads + self.writes + self.lists + self.deletes
    }
}

/// Counts, and passes on.
pub struct MeteringStore<'a> {
    store: &'a MemoryStore,
    counted: Cell<Operations>,
    writes_max: usize,
}

impl<'a> MeteringStore<'a> {
    pub fn new(store: &'a MemoryStore) -> Self {
        MeteringStore { store, counted: Cell::default(), writes_max: usize::MAX }
    }

    /// After so many writes and deletions it does nothing more.
    pub fn dying_after(self, writes: usize) -> Self {
        MeteringStore { writes_max: writes, ..self }
    }

    fn is_alive(&self) -> Result<(), StoreError> {
        let Operations { writes, deletes, .. } = self.counted.get();
        let is_alive = writes + deletes < self.writes_max;
        if is_alive { Ok(()) } else { Err(StoreError("killed".to_owned())) }
    }

    pub fn counted(&self) -> Operations {
        self.counted.get()
    }

    fn count(&self, one: impl FnOnce(&mut Operations)) {
        let mut counted = self.counted.get();
        one(&mut counted);
        self.counted.set(counted);
    }
}

#[async_trait(?Send)]
impl Store for MeteringStore<'_> {
    async fn put(&self, key: &str, body: &str, keep: Keep) -> Result<(), StoreError> {
        self.is_alive()?;
        self.count(|counted| counted.writes += 1);
        self.store.put(key, body, keep).await
    }

    async fn get_bulk(&self, keys: &[String]) -> Result<Vec<Option<String>>, StoreError> {
        assert!(keys.len() <= 100, "{} keys in one bulk read", keys.len());
        self.count(|counted| counted.reads += usize::from(!keys.is_empty()));
        self.store.get_bulk(keys).await
    }

    async fn list(&self, prefix: &str, cursor: Option<&str>) -> Result<Page, StoreError> {
        self.count(|counted| counted.lists += 1);
        self.store.list(prefix, cursor).await
    }

    async fn delete(&self, key: &str) -> Result<(), StoreError> {
        self.is_alive()?;
        self.count(|counted| counted.deletes += 1);
        self.store.delete(key).await
    }
}
