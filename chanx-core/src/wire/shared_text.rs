//! A message's text on its way to many.

use std::{
    any::Any,
    fmt,
    sync::{Arc, OnceLock},
};

use bytes::Bytes;

/// The text of a message that goes to many clients, and what a transport makes
/// of it for all of them: its compressed form.
pub struct SharedText {
    text: Bytes,
    made: OnceLock<Box<dyn Any + Send + Sync>>,
}

impl SharedText {
    /// A message of text, which has to be UTF-8.
    #[must_use]
    pub fn new(text: Bytes) -> Self {
        Self {
            text,
            made: OnceLock::new(),
        }
    }

    /// The text as it is.
    #[must_use]
    pub fn text(&self) -> &Bytes {
        &self.text
    }

    /// The value that `make` makes of the text, made for the first that asks and kept
    /// for all others.
    ///
    /// `None` where a `T` is asked for after something else was made.
    ///
    /// # Blocking
    ///
    /// While another thread makes it.
    pub fn made<T: Any + Send + Sync>(&self, make: impl FnOnce(&Bytes) -> T) -> Option<&T> {
        let made = self.made.get_or_init(|| Box::new(make(&self.text)));
        made.downcast_ref()
    }
}

impl fmt::Debug for SharedText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SharedText").field(&self.text).finish()
    }
}

impl PartialEq for SharedText {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for SharedText {}

/// The text of a message that waits for its client.
#[derive(Debug, Clone)]
pub(crate) enum Text {
    /// For this client, or too short to be compressed.
    Plain(Bytes),
    /// For others too, of whom some compress.
    Shared(Arc<SharedText>),
}

impl Text {
    pub(crate) fn bytes(&self) -> &Bytes {
        match self {
            Self::Plain(text) => text,
            Self::Shared(shared) => shared.text(),
        }
    }
}

impl From<Bytes> for Text {
    fn from(text: Bytes) -> Self {
        Self::Plain(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_made_of_a_text_is_made_once_and_of_one_kind() {
        let text = SharedText::new("text".into());

        assert_eq!(text.made(Bytes::len), Some(&4));
        assert_eq!(text.made(|_| -> usize { panic!("it was made") }), Some(&4));
        assert_eq!(text.made(|text| text.to_vec()), None);
    }
}
