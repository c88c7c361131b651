//! The wrapper around a deserializer, and around all that it hands out.

use std::cell::Cell;

/// The things to be known of a value that has been read.
#[derive(Debug, Default)]
pub(in crate::wire) struct Notes {
    /// True if a list, an object without members or a number that no `f32` holds was
    /// read by a type that takes any value.
    pub(in crate::wire) doubtful: Cell<bool>,
    /// True if it need not have been JSON: its type has made something of what could
    /// not be read, or has read bytes, which serde_json takes without a look.
    pub(super) lax: Cell<bool>,
    /// The number of things that were handed out and have not been read, be it a
    /// deserializer, a variant's content or the value behind a key: serde_json goes on
    /// where it stands.
    unread: Cell<usize>,
}

/// A deserializer, or anything that one comes across on its way in.
///
/// `ANY` is true of a visitor that takes any value, as a buffer does.
pub(in crate::wire) struct Strict<'n, T, const ANY: bool = false> {
    pub(super) inner: T,
    pub(super) notes: &'n Notes,
}

impl<'n, T> Strict<'n, T> {
    pub(in crate::wire) fn new(inner: T, notes: &'n Notes) -> Self {
        Self { inner, notes }
    }

    /// What it is around, which is about to be read.
    #[inline]
    pub(super) fn opened(self) -> (T, &'n Notes) {
        self.notes.read_one();
        (self.inner, self.notes)
    }
}

impl Notes {
    /// Notes whether something could be read.
    #[inline]
    pub(super) fn of<T, E>(&self, read: Result<T, E>) -> Result<T, E> {
        if read.is_err() {
            self.lax.set(true);
        }
        read
    }

    /// Notes that something is handed out which is to be read.
    #[inline]
    pub(super) fn hand_out(&self) {
        self.unread.set(self.unread.get().wrapping_add(1));
    }

    /// Notes that something is read which was handed out.
    #[inline]
    pub(super) fn read_one(&self) {
        self.unread.set(self.unread.get().wrapping_sub(1));
    }

    /// True if what could be read was JSON.
    pub(in crate::wire) fn vouch(&self) -> bool {
        !self.lax.get() && self.unread.get() == 0
    }
}
