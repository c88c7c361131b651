//! The wrapper around a deserializer, and around all that it hands out.

use std::cell::Cell;

/// The things to be known of a value that has been read.
#[derive(Debug, Default)]
pub(in crate::wire) struct Notes {
    /// True if a list, an object without members or a number that no `f32` holds was
    /// read by a type that takes any value.
    pub(in crate::wire) doubtful: Cell<bool>,
    /// True if it need not have been JSON: its type has made something of what could
    /// not be read or of what it has not read, or has read bytes, which serde_json takes
    /// without a look.
    pub(in crate::wire) lax: Cell<bool>,
    /// True while what was handed out last, be it a deserializer, a variant's content or
    /// the value behind a key, has not been read: serde_json goes on where it stands.
    unread: Cell<bool>,
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
        self.notes.unread.set(false);
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
        self.unread.set(true);
    }

    /// Notes whether what was handed out has been read.
    #[inline]
    pub(super) fn expect_read(&self) {
        if self.unread.take() {
            self.lax.set(true);
        }
    }

    /// Notes whether what is about to be read has been handed out.
    #[inline]
    pub(super) fn expect_handed_out(&self) {
        if !self.unread.get() {
            self.lax.set(true);
        }
    }

    /// Hands out a value, and notes whether it has been read.
    #[inline]
    pub(super) fn handing_out<T>(&self, read: impl FnOnce() -> T) -> T {
        self.hand_out();
        let value = read();
        self.expect_read();
        value
    }
}
