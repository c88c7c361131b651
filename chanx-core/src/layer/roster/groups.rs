//! The groups of one kind, by their names.

use std::{hash::Hash, sync::Arc};

use dashmap::{DashMap, Entry};

use crate::{connection::Member, layer::group::Group};

/// The groups that have members, by their names.
#[derive(Debug)]
pub(super) struct Groups<K: Eq + Hash>(pub(super) DashMap<K, Arc<Group>>);

impl<K: Eq + Hash> Default for Groups<K> {
    fn default() -> Self {
        Self(DashMap::new())
    }
}

impl<K: Eq + Hash + Clone> Groups<K> {
    pub(super) fn get(&self, name: &K) -> Option<Arc<Group>> {
        self.0.get(name).map(|group| group.clone())
    }

    /// Adds under the map's lock, so that a group is never removed between
    /// being found and being joined. `first` is called under it for the first member.
    pub(super) fn insert(&self, name: &K, member: Member, first: impl FnOnce()) {
        match self.0.entry(name.clone()) {
            Entry::Occupied(group) => group.get().insert(member),
            Entry::Vacant(place) => {
                first();
                place.insert(Arc::default()).insert(member);
            }
        }
    }

    /// The last to leave removes the group; `last` is called under the map's lock.
    pub(super) fn remove(&self, name: &K, member: &Member, last: impl FnOnce()) {
        if let Some(group) = self.get(name) {
            group.remove(member);
        }
        self.0.remove_if(name, |_, group| {
            let is_empty = group.is_empty();
            if is_empty {
                last();
            }
            is_empty
        });
    }
}
