//! The options that an adapter needs.

use std::{borrow::Cow, time::Duration};

use super::{AuthenticationFrames, ChannelOptions, Compression};

/// The options that an adapter needs to open a socket.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct SocketOptions<'a> {
    /// The largest message, and the buffer for reading.
    pub sizes: SocketSizes,
    /// The compression of messages, for clients that can.
    pub compression: Option<Compression>,
    /// The time that the handshake may take.
    pub handshake_timeout: Duration,
    /// The time that the closing handshake may take.
    pub close_timeout: Duration,
    /// True if completion frames are sent.
    pub completion_frames: bool,
    /// The frames that tell the outcome of the handshake.
    pub authentication_frames: AuthenticationFrames,
    /// The subprotocols spoken, the preferred one first.
    pub subprotocols: &'a [Cow<'static, str>],
    /// True if the request's headers are kept.
    pub keep_headers: bool,
}

/// The sizes of a socket, in bytes.
///
/// They are apart from the other options because a socket keeps these alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct SocketSizes {
    /// The largest message to accept.
    pub max_message_size: usize,
    /// The size of the buffer for reading.
    pub read_buffer_size: usize,
}

impl ChannelOptions {
    /// The options that an adapter needs to open a socket.
    #[must_use]
    pub fn socket(&self) -> SocketOptions<'_> {
        SocketOptions {
            sizes: SocketSizes {
                max_message_size: self.max_message_size,
                read_buffer_size: self.read_buffer_size,
            },
            compression: self.compression,
            handshake_timeout: self.handshake_timeout,
            close_timeout: self.close_timeout,
            completion_frames: self.completion_frames,
            authentication_frames: self.authentication_frames,
            subprotocols: &self.subprotocols,
            keep_headers: self.keep_headers,
        }
    }
}
