//! A message that comes in pieces (RFC 6455 §5.4).

use std::str;

use bytes::Bytes;

use crate::{Payload, ReadError, Received, deflate::inflate};

/// The kind of a message: text or bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    Binary,
}

impl Kind {
    /// A message whose only frame has this payload, of which all is there.
    ///
    /// # Errors
    ///
    /// When it is text and not UTF-8 (§8.1).
    #[inline]
    pub(crate) fn whole(self, payload: &[u8]) -> Result<Received<'_>, ReadError> {
        match self {
            Self::Text if !is_utf8(payload) => Err(ReadError::InvalidUtf8),
            kind => Ok(kind.of(Payload::Borrowed(payload))),
        }
    }

    /// A compressed message that comes to at most `limit` bytes.
    ///
    /// # Errors
    ///
    /// When it is larger, malformed, or text and not UTF-8 (§8.1).
    pub(crate) fn compressed(
        self,
        payload: &[u8],
        limit: usize,
    ) -> Result<Received<'static>, ReadError> {
        let inflated = inflate(payload, limit)?;
        match self {
            Self::Text if str::from_utf8(&inflated).is_err() => Err(ReadError::InvalidUtf8),
            kind => Ok(kind.of(Payload::Inflated {
                bytes: inflated.into_boxed_slice().into(),
                from: payload.len(),
            })),
        }
    }

    fn of(self, payload: Payload<'_>) -> Received<'_> {
        match self {
            Self::Text => Received::Text(payload),
            Self::Binary => Received::Binary(payload),
        }
    }
}

/// Nearly all text is ASCII, which is told in a fraction of the time wherever it begins.
fn is_utf8(text: &[u8]) -> bool {
    text.is_ascii() || str::from_utf8(text).is_ok()
}

/// The part of a message that has come, in frames or in parts of a frame.
#[derive(Debug)]
pub(crate) struct Message {
    kind: Kind,
    compressed: bool,
    payload: Vec<u8>,
    /// The length of the payload that is known to be UTF-8, if it is text as it stands.
    checked: usize,
}

impl Message {
    pub(crate) fn new(kind: Kind, compressed: bool) -> Self {
        Self {
            kind,
            compressed,
            payload: Vec::new(),
            checked: 0,
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.payload.len()
    }

    pub(crate) fn is_compressed(&self) -> bool {
        self.compressed
    }

    /// Adds a part; `end` is the size of the whole message, once it is known.
    ///
    /// Room is made as parts come and not as they are announced: a client that
    /// announces much and sends little costs little.
    ///
    /// # Errors
    ///
    /// When it is text and not UTF-8, which is told by the first byte that
    /// cannot be (§8.1).
    pub(crate) fn push(&mut self, part: &[u8], end: Option<usize>) -> Result<(), ReadError> {
        let len = self.payload.len() + part.len();
        if let Some(end) = end
            && len > self.payload.capacity()
        {
            // The buffer grows as vectors do, but not beyond the end.
            let room = (2 * self.payload.capacity()).clamp(len, end.max(len));
            self.payload.reserve_exact(room - self.payload.len());
        }
        self.payload.extend_from_slice(part);
        match self.kind {
            Kind::Text if !self.compressed => self.check(),
            _ => Ok(()),
        }
    }

    /// Looks at what has not been looked at; a character that is cut off waits.
    fn check(&mut self) -> Result<(), ReadError> {
        let unchecked = &self.payload[self.checked..];
        match str::from_utf8(unchecked) {
            Ok(_) => self.checked = self.payload.len(),
            Err(error) if error.error_len().is_none() => self.checked += error.valid_up_to(),
            Err(_) => return Err(ReadError::InvalidUtf8),
        }
        Ok(())
    }

    /// The message, of which all has come; decompressed it may have `limit` bytes.
    ///
    /// # Errors
    ///
    /// When it is text and ends within a character (§8.1), or when it is
    /// compressed and larger or malformed.
    pub(crate) fn finish(self, limit: usize) -> Result<Received<'static>, ReadError> {
        if self.compressed {
            return self.kind.compressed(&self.payload, limit);
        }
        if self.kind == Kind::Text && self.checked < self.payload.len() {
            return Err(ReadError::InvalidUtf8);
        }
        // Without what the vector has too much: it may wait for long.
        let payload = Bytes::from(self.payload.into_boxed_slice());
        Ok(self.kind.of(Payload::Owned(payload)))
    }
}
