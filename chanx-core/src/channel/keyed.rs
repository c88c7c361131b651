//! A few values, found by key.

use std::{cmp::Ordering, vec};

/// Values in order of their keys.
///
/// A map of the standard library would be compiled for each consumer anew, as its handlers
/// have a type of their own: with as much code as all else that a consumer takes.
pub(super) struct Keyed<K, V>(Vec<(K, V)>);

impl<K: Ord, V> Keyed<K, V> {
    /// Adds a value, or replaces the one that has its key.
    pub(super) fn insert(&mut self, key: K, value: V) {
        match self.position(|known| known.cmp(&key)) {
            Ok(index) => self.0[index].1 = value,
            Err(index) => self.0.insert(index, (key, value)),
        }
    }
}

impl<K, V> Keyed<K, V> {
    /// The value whose key is equal to what `compare` compares keys with.
    #[inline]
    pub(super) fn get(&self, compare: impl Fn(&K) -> Ordering) -> Option<&V> {
        let index = self.position(compare).ok()?;
        Some(&self.0[index].1)
    }

    #[inline]
    fn position(&self, compare: impl Fn(&K) -> Ordering) -> Result<usize, usize> {
        self.0.binary_search_by(|(known, _)| compare(known))
    }

    pub(super) fn keys(&self) -> impl Iterator<Item = &K> {
        self.0.iter().map(|(key, _)| key)
    }
}

impl<K, V> Default for Keyed<K, V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<K, V> IntoIterator for Keyed<K, V> {
    type Item = (K, V);
    type IntoIter = vec::IntoIter<(K, V)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_found_by_key_and_replaced() {
        let mut keyed = Keyed::default();
        for (key, value) in [("b", 1), ("c", 2), ("a", 3), ("b", 4)] {
            keyed.insert(key, value);
        }

        let value = |key| keyed.get(|known| known.cmp(&key)).copied();
        assert_eq!(
            ["a", "b", "c", "d"].map(value),
            [Some(3), Some(4), Some(2), None]
        );
        assert_eq!(keyed.keys().collect::<Vec<_>>(), [&"a", &"b", &"c"]);
    }
}
