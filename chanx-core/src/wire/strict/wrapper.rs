//! The wrapper around a deserializer, and around all that it hands out.

use std::cell::Cell;

/// A deserializer, or anything that one comes across on its way in.
///
/// `ANY` is true of a visitor that takes any value, as a buffer does.
pub(in crate::wire) struct Strict<'f, T, const ANY: bool = false> {
    pub(super) inner: T,
    /// True if a list, an object without members or a number that no `f32` holds was
    /// read by a type that takes any value.
    pub(super) doubtful: &'f Cell<bool>,
}

impl<'f, T> Strict<'f, T> {
    pub(in crate::wire) fn new(inner: T, doubtful: &'f Cell<bool>) -> Self {
        Self { inner, doubtful }
    }
}
