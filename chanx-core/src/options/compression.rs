//! The compression of messages.

/// The compression of a channel's messages, where its clients can: permessage-deflate (RFC 7692).
///
/// Each message is compressed by itself, so that a connection keeps no memory
/// for it, and what is published is compressed once for all of its receivers.
/// Browsers offer it by themselves. It needs the feature `compression`.
///
/// # Examples
///
/// ```
/// use chanx::{ChannelOptions, Compression};
///
/// let options = ChannelOptions::default().compression(Compression::above(1024));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Compression {
    /// The shortest message that is compressed, in bytes.
    pub threshold: usize,
}

impl Compression {
    /// Compresses messages of so many bytes and more.
    #[must_use]
    pub const fn above(bytes: usize) -> Self {
        Self { threshold: bytes }
    }
}

impl Default for Compression {
    /// From 512 bytes on: what is shorter shrinks little and costs as much.
    fn default() -> Self {
        Self::above(512)
    }
}
