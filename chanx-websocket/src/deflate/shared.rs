//! A message that is compressed for many at once.

use std::sync::OnceLock;

use bytes::Bytes;

use super::{Window, deflate};

/// A message of text that goes to many clients, some of which compress.
///
/// It is compressed when the first of them wants it, and at most once for each
/// window, whatever the number of clients.
#[derive(Debug)]
pub struct SharedText {
    text: Bytes,
    /// By window; nothing where compressing does not make it smaller.
    deflated: [OnceLock<Option<Bytes>>; 3],
}

impl SharedText {
    /// A message of text, which has to be UTF-8 (RFC 6455 §5.6).
    #[must_use]
    pub fn new(text: Bytes) -> Self {
        Self {
            text,
            deflated: [const { OnceLock::new() }; 3],
        }
    }

    /// The text as it is.
    #[must_use]
    pub fn text(&self) -> &Bytes {
        &self.text
    }

    /// The text compressed, within a window; `None` where that would not make it smaller.
    ///
    /// # Blocking
    ///
    /// While another thread compresses the same text for the same window.
    #[must_use]
    pub fn deflated(&self, window: Window) -> Option<&Bytes> {
        let window = window.for_message(self.text.len());
        let deflated = &self.deflated[window as usize];
        deflated
            .get_or_init(|| deflate(&self.text, window))
            .as_ref()
    }
}
