//! A store that counts, and fails where a test says, before an operation or
//! after it was done.

use async_trait::async_trait;
use goodword_tracker::store::memory::MemoryStore;
use goodword_tracker::store::{Keep, Page, Store, StoreError};
use std::cell::Cell;

#[derive(Clone, Copy, PartialEq)]
enum Fails {
    Never,
    OnDelete,
    At { operation: usize, is_done: bool },
}

pub struct Faulty<'a> {
    store: &'a MemoryStore,
    fails: Fails,
    operations: Cell<usize>,
    writes: Cell<usize>,
}

impl<'a> Faulty<'a> {
    fn new(store: &'a MemoryStore, fails: Fails) -> Self {
        Faulty { store, fails, operations: Cell::new(0), writes: Cell::new(0) }
    }

    /// Never fails.
    pub fn counting(store: &'a MemoryStore) -> Self {
        Faulty::new(store, Fails::Never)
    }

    /// Fails once, at an operation.
    pub fn at(store: &'a MemoryStore, operation: usize, is_done: bool) -> Self {
        Faulty::new(store, Fails::At { operation, is_done })
    }

    /// Deletes nothing.
    pub fn on_delete(store: &'a MemoryStore) -> Self {
        Faulty::new(store, Fails::OnDelete)
    }

    pub fn operations(&self) -> usize {
        self.operations.get()
    }

    pub fn writes(&self) -> usize {
        self.writes.get()
    }

    /// Counts an operation and says how it fails, if it does.
    fn next(&self) -> Option<bool> {
        let operation = self.operations.replace(self.operations.get() + 1);
        match self.fails {
            Fails::At { operation: at, is_done } if at == operation => Some(is_done),
            _ => None,
        }
    }
}

fn failed<T>() -> Result<T, StoreError> {
    Err(StoreError("it fails here".to_owned()))
}

#[async_trait(?Send)]
impl Store for Faulty<'_> {
    async fn put(&self, key: &str, body: &str, keep: Keep) -> Result<(), StoreError> {
        self.writes.set(self.writes.get() + 1);
        match self.next() {
            None => self.store.put(key, body, keep).await,
            Some(is_done) => {
                if is_done {
                    self.store.put(key, body, keep).await?;
                }
                failed()
            }
        }
    }

    async fn get_bulk(&self, keys: &[String]) -> Result<Vec<Option<String>>, StoreError> {
        match self.next() {
            None => self.store.get_bulk(keys).await,
            Some(_) => failed(),
        }
    }

    async fn list(&self, prefix: &str, cursor: Option<&str>) -> Result<Page, StoreError> {
        match self.next() {
            None => self.store.list(prefix, cursor).await,
            Some(_) => failed(),
        }
    }

    async fn delete(&self, key: &str) -> Result<(), StoreError> {
        if self.fails == Fails::OnDelete {
            return failed();
        }
        match self.next() {
            None => self.store.delete(key).await,
            Some(_) => failed(),
        }
    }
}
