//! The named parts of a document.

use std::{fmt, slice};

use serde::{Serialize, Serializer};

/// Named parts, in the order in which they were declared.
///
/// Their number is that of an application's channels or handlers, so a part
/// is looked for from the first on.
///
/// # Examples
///
/// ```
/// use chanx::asyncapi::Entries;
///
/// let mut words = Entries::from_iter([("b", 1), ("a", 2)]);
/// words.insert("b", 3);
/// assert_eq!(words.get("b"), Some(&3));
/// assert_eq!(words.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["b", "a"]);
/// ```
#[derive(Clone, PartialEq)]
pub struct Entries<T>(Vec<(String, T)>);

impl<T> Entries<T> {
    /// The part of this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&T> {
        let (_, part) = self.iter().find(|(known, _)| known == name)?;
        Some(part)
    }

    /// The part of this name, to be changed.
    pub fn get_mut(&mut self, name: &str) -> Option<&mut T> {
        let (_, part) = self.0.iter_mut().find(|(known, _)| known == name)?;
        Some(part)
    }

    /// Adds a part behind the others, or replaces the one that has its name.
    pub fn insert(&mut self, name: impl Into<String>, part: T) {
        self.put(name.into(), part);
    }

    fn put(&mut self, name: String, part: T) {
        match self.get_mut(&name) {
            Some(known) => *known = part,
            None => self.0.push((name, part)),
        }
    }

    /// The names and parts, in order.
    pub fn iter(&self) -> slice::Iter<'_, (String, T)> {
        self.0.iter()
    }

    /// The names and parts, of which the parts may be changed.
    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = (&String, &mut T)> {
        self.0.iter_mut().map(|(name, part)| (&*name, part))
    }

    /// The parts, to be changed.
    pub fn parts_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.0.iter_mut().map(|(_, part)| part)
    }

    /// The number of parts.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// True if there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The same parts, ordered by name.
    #[must_use]
    pub(crate) fn sorted(self) -> Self {
        let mut sorted = Vec::with_capacity(self.0.len());
        for (name, part) in self.0 {
            let place = sorted.partition_point(|(known, _)| *known < name);
            sorted.insert(place, (name, part));
        }
        Self(sorted)
    }
}

impl<T> Default for Entries<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: fmt::Debug> fmt::Debug for Entries<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = self.iter().map(|(name, part)| (name, part));
        f.debug_map().entries(parts).finish()
    }
}

impl<'a, T> IntoIterator for &'a Entries<T> {
    type Item = &'a (String, T);
    type IntoIter = slice::Iter<'a, (String, T)>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<N: Into<String>, T> FromIterator<(N, T)> for Entries<T> {
    fn from_iter<I: IntoIterator<Item = (N, T)>>(parts: I) -> Self {
        let mut entries = Self::default();
        for (name, part) in parts {
            entries.insert(name, part);
        }
        entries
    }
}

impl<T: Serialize> Serialize for Entries<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter().map(|(name, part)| (name, part)))
    }
}
