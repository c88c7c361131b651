//! The things that a client has sent.

use std::ops::Deref;

use bytes::Bytes;

use crate::Close;

/// A message, or a control frame.
///
/// These are all that RFC 6455 has, so that a `match` may name each: an
/// extension that brought another would have to be negotiated first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Received<'a> {
    /// A whole message of text. It is UTF-8.
    Text(Payload<'a>),
    /// A whole message of bytes.
    Binary(Payload<'a>),
    /// A ping, whose answer has been queued unless a close frame had been written.
    Ping(Payload<'a>),
    /// A pong.
    Pong(Payload<'a>),
    /// A close frame, with what it says; the last thing that is received.
    Close(Option<Close>),
}

/// The payload of a message, or of a control frame.
///
/// One that was read in one piece is a slice of what was read. One that came
/// in several, or compressed, has bytes of its own.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Payload<'a> {
    /// A slice of what was read.
    Borrowed(&'a [u8]),
    /// Bytes put together, of a message or a control frame that came in pieces.
    Owned(Bytes),
    /// Bytes that came compressed.
    Inflated {
        /// The bytes that the message was decompressed to.
        bytes: Bytes,
        /// The number of bytes that the message was decompressed from.
        from: usize,
    },
}

impl Payload<'_> {
    /// The bytes, copied where they are a slice of what was read.
    #[must_use]
    pub fn into_bytes(self) -> Bytes {
        match self {
            Self::Borrowed(bytes) => Bytes::copy_from_slice(bytes),
            Self::Owned(bytes) | Self::Inflated { bytes, .. } => bytes,
        }
    }

    /// The number of bytes that the payload had on the wire, frame headers aside.
    #[must_use]
    pub fn wire_len(&self) -> usize {
        match self {
            Self::Inflated { from, .. } => *from,
            _ => self.len(),
        }
    }
}

impl Deref for Payload<'_> {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Self::Borrowed(bytes) => bytes,
            Self::Owned(bytes) | Self::Inflated { bytes, .. } => bytes,
        }
    }
}

impl PartialEq for Payload<'_> {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for Payload<'_> {}
