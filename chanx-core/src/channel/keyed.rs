//! A few values, found by key.

use std::vec;

/// Values with their keys, of which each comes once.
///
/// A map of the standard library would be compiled for each consumer anew, as its handlers
/// have a type of their own: with as much code as all else that a consumer takes. Nor
/// would it be faster: most keys differ from the one that is looked for in their lengths.
#[derive(Debug)]
pub(super) struct Keyed<K, V>(Vec<(K, V)>);

impl<K, V> Keyed<K, V> {
    /// Adds a value, or replaces the one that has its key.
    pub(super) fn insert(&mut self, key: K, value: V)
    where
        K: PartialEq,
    {
        match self.find(|known| *known == key) {
            Some(place) => self.0[place].1 = value,
            None => self.0.push((key, value)),
        }
    }

    /// The place of the key that is the one which is looked for.
    #[inline]
    pub(super) fn find(&self, is_it: impl Fn(&K) -> bool) -> Option<usize> {
        self.0.iter().position(|(known, _)| is_it(known))
    }

    /// The key and the value in a place.
    #[inline]
    pub(super) fn at(&self, place: usize) -> &(K, V) {
        &self.0[place]
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

        let find = |key| keyed.find(|known| *known == key);
        let value = |key| find(key).map(|place| keyed.at(place).1);
        assert_eq!(
            ["a", "b", "c", "d"].map(value),
            [Some(3), Some(4), Some(2), None]
        );
        assert_eq!(keyed.keys().collect::<Vec<_>>(), [&"b", &"c", &"a"]);
    }
}
