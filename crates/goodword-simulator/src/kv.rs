//! Workers KV as it fails: reads and lists that are as old as the bound, and
//! differently old for every location and key; misses that are remembered;
//! writes that fail, that succeed and say they failed, or that come too soon
//! after one to the same key; the last write wins.

use crate::world::World;
use async_trait::async_trait;
use goodword_tracker::store::{Keep, Page, Store, StoreError, fits_inline};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

/// Milliseconds between two writes to one key that Workers KV lets through.
const SAME_KEY_MS: i64 = 1_000;

/// Milliseconds for which the staleness of a whole location is drawn.
const WEATHER_MS: i64 = 30_000;

/// How often what goes wrong, in cases of a thousand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Faults {
    /// Milliseconds by which a read or list may be behind.
    pub stale_ms: i64,
    /// A write that fails and is not there.
    pub write_fails: u32,
    /// A write that is there and says it failed.
    pub write_lies: u32,
    /// A read, list or deletion that fails.
    pub read_fails: u32,
    /// Two writes to one key within a second: whether the second fails.
    pub same_key_fails: bool,
    /// A handler that is killed at some await.
    pub kills: u32,
    /// An operation that takes seconds.
    pub slow: u32,
}

/// What a key held from an instant on, and where it was written.
#[derive(Clone, Debug)]
struct Version {
    from_ms: i64,
    body: Option<Rc<str>>,
    location: usize,
}

/// The store behind all locations.
#[derive(Debug)]
pub struct Kv {
    world: Rc<World>,
    seed: u64,
    faults: Cell<Faults>,
    versions: RefCell<BTreeMap<String, Vec<Version>>>,
}

impl Kv {
    /// An empty store without faults.
    #[must_use]
    pub fn new(world: Rc<World>, seed: u64) -> Self {
        Kv { world, seed, faults: Cell::default(), versions: RefCell::default() }
    }

    /// What goes wrong from now on.
    pub fn set_faults(&self, faults: Faults) {
        self.faults.set(faults);
    }

    /// What goes wrong now.
    #[must_use]
    pub fn faults(&self) -> Faults {
        self.faults.get()
    }

    /// What is really there, for whoever decides when to look next.
    #[must_use]
    pub fn truth(&self, prefix: &str) -> Vec<(String, Rc<str>)> {
        let versions = self.versions.borrow();
        let of_prefix =
            versions.range(prefix.to_owned()..).take_while(|(key, _)| key.starts_with(prefix));
        let live = of_prefix
            .filter_map(|(key, versions)| Some((key.clone(), versions.last()?.body.clone()?)));
        live.collect()
    }

    fn chance(&self, per_mille: u32) -> bool {
        per_mille > 0 && self.world.chance.per_mille(per_mille)
    }

    /// How long an operation takes.
    fn duration_ms(&self) -> i64 {
        let chance = &self.world.chance;
        if self.chance(self.faults.get().slow) {
            chance.between(500, 4_000)
        } else {
            chance.between(1, 40)
        }
    }

    /// How far behind a read of a location is now. Half of the reads go with
    /// the location's weather, so that one handler sees much of the world as
    /// equally old; the others are drawn for themselves.
    fn behind_ms(&self, location: usize) -> i64 {
        let bound = self.faults.get().stale_ms;
        if bound == 0 {
            return 0;
        }
        match self.world.chance.between(0, 3) {
            0 => 0,
            1 => self.world.chance.between(0, bound),
            _ => {
                let window = self.world.now_ms() / WEATHER_MS;
                let weather = self.seed ^ (location as u64) << 56 ^ window.unsigned_abs() << 8;
                let weather = crate::random::Chance::new(weather);
                if weather.per_mille(500) { weather.between(0, bound) } else { 0 }
            }
        }
    }

    fn seen(&self, versions: &[Version], location: usize) -> Option<Rc<str>> {
        let now = self.world.now_ms();
        let at_ms = now - self.behind_ms(location);
        let view = versions.iter().rev().find(|version| version.from_ms <= at_ms);
        // A location usually sees its own writes at once, but not always.
        let latest = versions.iter().rev().find(|version| version.from_ms <= now);
        let own = latest.filter(|latest| latest.location == location);
        let version = match own {
            Some(own) if self.world.chance.per_mille(500) => Some(own),
            _ => view,
        };
        version.and_then(|version| version.body.clone())
    }

    /// Begins a write: draws what becomes of it, and when it is there. What
    /// was begun is not undone by the death of whoever began it.
    fn write(
        &self,
        location: usize,
        key: &str,
        body: Option<&str>,
        ms: i64,
    ) -> Result<(), StoreError> {
        let now = self.world.now_ms();
        let faults = self.faults.get();
        let mut all = self.versions.borrow_mut();
        let versions = all.entry(key.to_owned()).or_default();
        let is_soon = |version: &Version| (version.from_ms - now).abs() < SAME_KEY_MS;
        if faults.same_key_fails && body.is_some() && versions.iter().any(is_soon) {
            return Err(StoreError("429: this key was written a moment ago".to_owned()));
        }
        if self.chance(faults.write_fails) {
            return Err(StoreError("500: not written".to_owned()));
        }
        let lies = self.chance(faults.write_lies);
        // A write that timed out may still arrive.
        let late_ms = if lies { self.world.chance.between(0, 5_000) } else { 0 };
        let from_ms = now + self.world.chance.between(0, ms) + late_ms;
        let version = Version { from_ms, body: body.map(Rc::from), location };
        let place = versions.partition_point(|earlier| earlier.from_ms <= from_ms);
        versions.insert(place, version);
        if lies { Err(StoreError("504: written, perhaps".to_owned())) } else { Ok(()) }
    }

    fn read_fault(&self) -> Result<(), StoreError> {
        if self.chance(self.faults.get().read_fails) {
            return Err(StoreError("500: not read".to_owned()));
        }
        Ok(())
    }
}

/// The store as one location sees it.
#[derive(Clone, Debug)]
pub struct Location {
    /// The store.
    pub kv: Rc<Kv>,
    /// Which location.
    pub number: usize,
}

impl Location {
    fn note(&self, what: &str, key: &str, result: &str) {
        let world = &self.kv.world;
        world.history.mix(world.now_ms(), what);
        world.history.mix(self.number as i64, key);
        world.history.mix(0, result);
    }
}

#[async_trait(?Send)]
impl Store for Location {
    async fn put(&self, key: &str, body: &str, _: Keep) -> Result<(), StoreError> {
        let ms = self.kv.duration_ms();
        let result = self.kv.write(self.number, key, Some(body), ms);
        self.note("put", key, if result.is_ok() { body } else { "failed" });
        self.kv.world.sleep(ms).await;
        result
    }

    async fn get_bulk(&self, keys: &[String]) -> Result<Vec<Option<String>>, StoreError> {
        let ms = self.kv.duration_ms();
        self.kv.world.sleep(ms / 2).await;
        let fault = self.kv.read_fault();
        let bodies: Vec<Option<String>> = {
            let versions = self.kv.versions.borrow();
            let seen = keys.iter().map(|key| {
                let versions = versions.get(key)?;
                self.kv.seen(versions, self.number).map(|body| body.to_string())
            });
            seen.collect()
        };
        for (key, body) in keys.iter().zip(&bodies) {
            self.note("get", key, body.as_deref().unwrap_or_default());
        }
        self.kv.world.sleep(ms / 2).await;
        fault.map(|()| bodies)
    }

    async fn list(&self, prefix: &str, cursor: Option<&str>) -> Result<Page, StoreError> {
        let ms = self.kv.duration_ms();
        self.kv.world.sleep(ms / 2).await;
        let fault = self.kv.read_fault();
        let entries = {
            let versions = self.kv.versions.borrow();
            let after = cursor.unwrap_or_default();
            let of_prefix = versions
                .range(prefix.to_owned()..)
                .take_while(|(key, _)| key.starts_with(prefix))
                .filter(|(key, _)| key.as_str() > after);
            let seen = of_prefix.filter_map(|(key, versions)| {
                let body = self.kv.seen(versions, self.number)?;
                let inline = fits_inline(&body).then(|| body.to_string());
                Some((key.clone(), inline))
            });
            seen.take(1_001).collect::<Vec<_>>()
        };
        self.note("list", prefix, "");
        for (key, body) in &entries {
            self.note("", key, body.as_deref().unwrap_or_default());
        }
        self.kv.world.sleep(ms / 2).await;
        fault?;
        let has_more = entries.len() > 1_000;
        let entries: Vec<_> = entries.into_iter().take(1_000).collect();
        let cursor = entries.last().filter(|_| has_more).map(|(key, _)| key.clone());
        Ok(Page { entries, cursor })
    }

    async fn delete(&self, key: &str) -> Result<(), StoreError> {
        let ms = self.kv.duration_ms();
        let result = self.kv.write(self.number, key, None, ms);
        self.note("delete", key, if result.is_ok() { "done" } else { "failed" });
        self.kv.world.sleep(ms).await;
        result
    }
}
