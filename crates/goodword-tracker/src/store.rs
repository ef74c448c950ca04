//! The seam to whatever keeps the facts: four verbs, all on text. Workers KV
//! is behind it in production; another engine fits as well.
//!
//! A body is kept as the value of its key. Where it is small it is kept as
//! the key's metadata too, because a list returns metadata inline: a thousand
//! facts for one operation.

pub mod counting;
#[cfg(target_arch = "wasm32")]
pub mod kv;
pub mod memory;
pub mod noting;

use async_trait::async_trait;
use futures_util::future::try_join_all;

/// Bytes of metadata a key may have on Workers KV.
const METADATA_BYTES_MAX: usize = 1_024;

/// Keys that one bulk read may name on Workers KV.
const BULK_KEYS_MAX: usize = 100;

/// Pages of 1,000 facts that one scan reads: what is larger needs more than
/// one invocation has.
const SCAN_PAGES_MAX: usize = 200;

/// Why the store did not do it. The text is for the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreError(pub String);

/// How long a fact is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// For ever.
    Forever,
    /// For so many days.
    Days(u32),
}

/// One page of a listing.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// Keys in the order of their bytes, with their bodies where these were
    /// small enough to come inline.
    pub entries: Vec<(String, Option<String>)>,
    /// Where the next page begins; `None` after the last.
    pub cursor: Option<String>,
}

/// Something that keeps bodies under keys.
#[async_trait(?Send)]
pub trait Store {
    /// Keeps a body under a key.
    async fn put(&self, key: &str, body: &str, keep: Keep) -> Result<(), StoreError>;

    /// The bodies of at most 100 keys, `None` where there is none.
    async fn get_bulk(&self, keys: &[String]) -> Result<Vec<Option<String>>, StoreError>;

    /// One page of the keys that begin with a prefix.
    async fn list(&self, prefix: &str, cursor: Option<&str>) -> Result<Page, StoreError>;

    /// Removes a key. Only for what says when to look at something, and for what
    /// somebody said or wanted and takes back.
    async fn delete(&self, key: &str) -> Result<(), StoreError>;
}

/// Keeps several bodies at once; all must succeed.
///
/// # Errors
/// Whatever the store says.
pub async fn put_all(store: &dyn Store, facts: Vec<(String, String)>) -> Result<(), StoreError> {
    let puts = facts.iter().map(|(key, body)| store.put(key, body, Keep::Forever));
    try_join_all(puts).await.map(|_| ())
}

/// The body of one key.
///
/// # Errors
/// Whatever the store says.
pub async fn get(store: &dyn Store, key: &str) -> Result<Option<String>, StoreError> {
    Ok(store.get_bulk(&[key.to_owned()]).await?.pop().flatten())
}

/// The bodies of any number of keys.
///
/// # Errors
/// Whatever the store says.
pub async fn get_many(
    store: &dyn Store,
    keys: &[String],
) -> Result<Vec<Option<String>>, StoreError> {
    let mut bodies = Vec::with_capacity(keys.len());
    for keys in keys.chunks(BULK_KEYS_MAX) {
        bodies.extend(store.get_bulk(keys).await?);
    }
    Ok(bodies)
}

/// All keys that begin with a prefix, with their bodies.
///
/// # Errors
/// Whatever the store says, or that there are too many.
pub async fn scan(store: &dyn Store, prefix: &str) -> Result<Vec<(String, String)>, StoreError> {
    let mut entries = Vec::new();
    let mut cursor = None;
    for _ in 0..SCAN_PAGES_MAX {
        let page = store.list(prefix, cursor.as_deref()).await?;
        entries.extend(page.entries);
        cursor = page.cursor;
        if cursor.is_none() {
            return with_bodies(store, entries).await;
        }
    }
    Err(StoreError(format!("more than {SCAN_PAGES_MAX} pages in one scan")))
}

/// Reads the bodies that were too large to come with a listing.
///
/// # Errors
/// Whatever the store says.
pub async fn with_bodies(
    store: &dyn Store,
    entries: Vec<(String, Option<String>)>,
) -> Result<Vec<(String, String)>, StoreError> {
    let is_missing = |entry: &&(String, Option<String>)| entry.1.is_none();
    let missing: Vec<String> =
        entries.iter().filter(is_missing).map(|(key, _)| key.clone()).collect();
    let mut fetched = get_many(store, &missing).await?.into_iter();
    let complete = entries.into_iter().filter_map(|(key, body)| {
        let body = match body {
            Some(body) => Some(body),
            // A listing may be newer than a read: what is not there yet will
            // be found by the next scan.
            None => fetched.next().flatten(),
        };
        body.map(|body| (key, body))
    });
    Ok(complete.collect())
}

/// Whether a body is small enough to be metadata, where it is kept as a JSON
/// text and so a little longer.
#[must_use]
pub fn fits_inline(body: &str) -> bool {
    let escaped = body.bytes().filter(|byte| matches!(byte, b'"' | b'\\')).count();
    body.len() + escaped + 2 <= METADATA_BYTES_MAX && !body.bytes().any(|byte| byte < 0x20)
}
