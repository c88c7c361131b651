//! The groups of one kind, by their names.

use std::{collections::hash_map::Entry, hash::Hash, sync::Arc};

use crate::{connection::Member, layer::group::Group, shards::Shards};

/// The groups that have members, by their names.
#[derive(Debug)]
pub(super) struct Groups<K>(pub(super) Shards<K, Arc<Group>>);

impl<K> Default for Groups<K> {
    fn default() -> Self {
        Self(Shards::default())
    }
}

impl<K: Eq + Hash + Clone> Groups<K> {
    pub(super) fn get(&self, name: &K) -> Option<Arc<Group>> {
        self.0.get(name)
    }

    /// Adds under the shard's lock, so that a group is never removed between
    /// being found and being joined. `first` is called under it for the first member.
    pub(super) fn insert(&self, name: &K, member: Member, first: impl FnOnce()) {
        match self.0.shard(name).write().entry(name.clone()) {
            Entry::Occupied(group) => group.get().insert(member),
            Entry::Vacant(place) => {
                first();
                place.insert(Arc::default()).insert(member);
            }
        }
    }

    /// The last to leave removes the group; `last` is called under the shard's lock.
    pub(super) fn remove(&self, name: &K, member: &Member, last: impl FnOnce()) {
        if let Some(group) = self.get(name) {
            group.remove(member);
        }
        let mut groups = self.0.shard(name).write();
        if groups.get(name).is_some_and(|group| group.is_empty()) {
            last();
            groups.remove(name);
        }
    }
}
