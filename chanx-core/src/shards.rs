//! A map that many tasks change at once.

use std::{
    collections::HashMap,
    hash::{BuildHasher, Hash, RandomState},
    sync::LazyLock,
    thread,
};

use parking_lot::RwLock;

/// A map in shards, each of which is a map behind a lock of its own.
///
/// Tasks wait for each other only where their keys are in the same shard. No shard is
/// locked for long, because only one moves its entries when it grows.
#[derive(Debug)]
pub(crate) struct Shards<K, V> {
    shards: Box<[Shard<K, V>]>,
    /// Tells which shard a key is in.
    hasher: RandomState,
}

/// Processors do not share a line of memory for the locks of two shards.
#[derive(Debug)]
#[repr(align(128))]
struct Shard<K, V>(RwLock<HashMap<K, V>>);

impl<K, V> Default for Shards<K, V> {
    fn default() -> Self {
        Self {
            shards: (0..shard_count()).map(|_| Shard::default()).collect(),
            hasher: RandomState::new(),
        }
    }
}

/// So many that two threads are seldom at the same one.
fn shard_count() -> usize {
    // Asked once: the answer is in several files of the system.
    static SHARDS: LazyLock<usize> =
        LazyLock::new(|| thread::available_parallelism().map_or(4, |threads| 4 * threads.get()));
    *SHARDS
}

impl<K, V> Default for Shard<K, V> {
    fn default() -> Self {
        Self(RwLock::default())
    }
}

impl<K: Eq + Hash, V> Shards<K, V> {
    /// The shard that has the key, if any has: nobody comes between what is done under its lock.
    pub(crate) fn shard(&self, key: &K) -> &RwLock<HashMap<K, V>> {
        let hash = self.hasher.hash_one(key) as usize;
        &self.shards[hash % self.shards.len()].0
    }

    pub(crate) fn get(&self, key: &K) -> Option<V>
    where
        V: Clone,
    {
        self.shard(key).read().get(key).cloned()
    }

    pub(crate) fn insert(&self, key: K, value: V) {
        // Bound, as is what is removed, so that it is dropped once the lock has been let go.
        let _replaced = self.shard(&key).write().insert(key, value);
    }

    pub(crate) fn remove(&self, key: &K) {
        let _removed = self.shard(key).write().remove(key);
    }

    /// Calls a function with each value. Keys that come or go meanwhile may be passed over.
    pub(crate) fn for_each(&self, mut call: impl FnMut(&V)) {
        for shard in &self.shards {
            shard.0.read().values().for_each(&mut call);
        }
    }

    /// The values. Keys that come or go meanwhile may be passed over.
    pub(crate) fn values(&self) -> Vec<V>
    where
        V: Clone,
    {
        let mut values = Vec::new();
        self.for_each(|value| values.push(value.clone()));
        values
    }

    pub(crate) fn len(&self) -> usize {
        self.shards.iter().map(|shard| shard.0.read().len()).sum()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.shards.iter().all(|shard| shard.0.read().is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_found_until_it_is_removed() {
        let map = Shards::default();
        for key in 0..1000 {
            map.insert(key, key * 2);
        }
        map.remove(&7);

        assert_eq!(map.get(&8), Some(16));
        assert_eq!(map.get(&7), None);
        assert_eq!(map.len(), 999);
        let mut values = map.values();
        values.sort_unstable();
        let rest = (0..1000).filter(|key| *key != 7).map(|key| key * 2);
        assert!(values.into_iter().eq(rest));
    }

    #[test]
    fn a_locked_shard_holds_up_nobody_at_the_others() {
        let map = Shards::<u32, ()>::default();

        let locked = map.shard(&0).write();
        let free = (1..1000).filter(|key| map.shard(key).try_write().is_some());

        assert!(free.count() > 500);
        drop(locked);
        assert!(map.is_empty());
    }
}
