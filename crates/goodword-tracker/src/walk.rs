//! A walk through the keys under a prefix, in groups: all keys of one order,
//! or of one advocate. A walk can be left after any group and gone on with
//! later, from where the store's own listing was.
//!
//! Groups come in the order of their names' bytes, which is the order of the
//! keys. Whoever goes on skips what they have seen by name, so a key that
//! was added meanwhile moves nothing.

use crate::records::record::record;
use crate::store::{Store, StoreError, with_bodies};
use std::collections::VecDeque;

/// Keys that one read of bodies may name.
const READ_KEYS: usize = 100;

record! {
    /// Where a walk goes on.
    #[derive(Clone, Debug, Default, PartialEq, Eq)]
    pub struct Place {
        /// The store's own cursor of the page in which the next group begins.
        pub page: Option<String>,
        /// The last group that was seen.
        pub after: String,
    }
}

/// All keys of one name.
#[derive(Clone, Debug, Default)]
pub struct Group {
    /// The name: an order's key or a code.
    pub name: String,
    /// Keys and bodies.
    pub entries: Vec<(String, String)>,
}

/// What a step found.
#[derive(Debug)]
pub enum Found {
    /// A group.
    Group(Group),
    /// There is none, or none of that name.
    Nothing,
    /// The walk has used up its operations.
    Cut,
}

/// The walk.
pub struct Walk<'a> {
    store: &'a dyn Store,
    prefix: String,
    part: usize,
    place: Place,
    page: Option<String>,
    next: Option<Option<String>>,
    waiting: VecDeque<(String, String)>,
    operations_left: usize,
}

impl<'a> Walk<'a> {
    /// A walk through a prefix, from a place, for at most so many operations.
    /// `part` says which part of a key, counted from 0, is a group's name.
    #[must_use]
    pub fn new(
        store: &'a dyn Store,
        prefix: String,
        part: usize,
        place: Place,
        operations: usize,
    ) -> Self {
        Walk {
            store,
            prefix,
            part,
            page: place.page.clone(),
            next: Some(place.page.clone()),
            place,
            waiting: VecDeque::new(),
            operations_left: operations,
        }
    }

    /// Where to go on after the last group that was found.
    #[must_use]
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// Whether everything was seen.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.waiting.is_empty() && self.next.is_none()
    }

    /// The next group.
    ///
    /// # Errors
    /// Whatever the store says.
    pub async fn next(&mut self) -> Result<Found, StoreError> {
        let mut group: Option<Group> = None;
        while self.fill().await? {
            let Some(name) = self.front() else { break };
            if name <= self.place.after {
                self.waiting.pop_front();
                continue;
            }
            let group =
                group.get_or_insert_with(|| Group { name: name.clone(), ..Group::default() });
            if group.name != name {
                break;
            }
            group.entries.extend(self.waiting.pop_front());
        }
        if self.waiting.is_empty() && self.next.is_some() {
            return Ok(Found::Cut);
        }
        let Some(group) = group else { return Ok(Found::Nothing) };
        self.place = Place { page: self.page.clone(), after: group.name.clone() };
        Ok(Found::Group(group))
    }

    /// The group of a name, which lies after all that was found before.
    ///
    /// # Errors
    /// Whatever the store says.
    pub async fn find(&mut self, wanted: &str) -> Result<Found, StoreError> {
        let mut group = Group { name: wanted.to_owned(), ..Group::default() };
        while self.fill().await? {
            let Some(name) = self.front() else { break };
            if name.as_str() > wanted {
                break;
            }
            let entry = self.waiting.pop_front();
            if name == wanted {
                group.entries.extend(entry);
            }
        }
        if self.waiting.is_empty() && self.next.is_some() {
            return Ok(Found::Cut);
        }
        self.place = Place { page: self.page.clone(), after: wanted.to_owned() };
        Ok(if group.entries.is_empty() { Found::Nothing } else { Found::Group(group) })
    }

    fn front(&self) -> Option<String> {
        let (key, _) = self.waiting.front()?;
        Some(key.split('/').nth(self.part).unwrap_or_default().to_owned())
    }

    /// Reads pages until something waits; whether anything does.
    async fn fill(&mut self) -> Result<bool, StoreError> {
        while self.waiting.is_empty() && self.operations_left > 0 {
            let Some(cursor) = self.next.take() else { break };
            let page = self.store.list(&self.prefix, cursor.as_deref()).await?;
            let large = page.entries.iter().filter(|(_, body)| body.is_none()).count();
            self.operations_left =
                self.operations_left.saturating_sub(1 + large.div_ceil(READ_KEYS));
            self.page = cursor;
            self.next = page.cursor.map(Some);
            self.waiting.extend(with_bodies(self.store, page.entries).await?);
        }
        Ok(!self.waiting.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Keep;
    use crate::store::memory::MemoryStore;
    use futures_executor::block_on;

    /// Group `0000` has one key, `0001` two, and so on to four.
    fn store(groups: usize) -> MemoryStore {
        let store = MemoryStore::default();
        for group in 0..groups {
            for part in 0..=group % 4 {
                let key = format!("a/{group:04}/{part}");
                block_on(store.put(&key, "1", Keep::Forever)).unwrap();
            }
        }
        store
    }

    fn walked(store: &MemoryStore, place: &mut Place, groups: usize) -> Vec<(String, usize)> {
        let mut walk = Walk::new(store, "a/".to_owned(), 1, place.clone(), 100);
        let mut found = Vec::new();
        while found.len() < groups {
            let Found::Group(group) = block_on(walk.next()).unwrap() else { break };
            found.push((group.name, group.entries.len()));
        }
        *place = walk.place().clone();
        found
    }

    #[test]
    fn groups_are_whole_wherever_a_walk_is_left() {
        let store = store(1_000);
        let expected: Vec<(String, usize)> =
            (0..1_000).map(|group| (format!("{group:04}"), group % 4 + 1)).collect();
        for at_a_time in [1, 7, 399, 400, 401, 1_000, 2_000] {
            let mut place = Place::default();
            let mut all = Vec::new();
            loop {
                let found = walked(&store, &mut place, at_a_time);
                if found.is_empty() {
                    break;
                }
                all.extend(found);
            }
            assert_eq!(all, expected, "{at_a_time} at a time");
        }
    }

    #[test]
    fn a_group_is_found_by_name_and_one_that_is_not_there_is_nothing() {
        let store = store(1_000);
        let mut walk = Walk::new(&store, "a/".to_owned(), 1, Place::default(), 100);
        for wanted in ["0003", "0400", "0400x", "0401", "0999", "1000"] {
            let found = match block_on(walk.find(wanted)).unwrap() {
                Found::Group(group) => group.entries.len(),
                Found::Nothing => 0,
                Found::Cut => panic!("cut"),
            };
            let is_there = wanted.len() == 4 && wanted != "1000";
            let keys = wanted.parse::<usize>().map_or(0, |group| group % 4 + 1);
            assert_eq!(found, if is_there { keys } else { 0 }, "{wanted}");
        }
        assert!(walk.is_done());
    }

    #[test]
    fn a_walk_ends_where_its_operations_do_and_can_be_gone_on_with() {
        let store = store(1_000);
        let mut walk = Walk::new(&store, "a/".to_owned(), 1, Place::default(), 1);
        let mut seen = 0;
        while let Found::Group(_) = block_on(walk.next()).unwrap() {
            seen += 1;
        }
        assert!(matches!(block_on(walk.next()).unwrap(), Found::Cut));
        let mut place = walk.place().clone();
        assert_eq!(seen + walked(&store, &mut place, 1_000).len(), 1_000);
    }
}
