//! The options that an adapter needs.

use std::{borrow::Cow, time::Duration};

use super::{AuthenticationFrames, ChannelOptions};

/// What an adapter needs to open a socket.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct SocketOptions<'a> {
    /// The largest message to accept, in bytes.
    pub max_message_size: usize,
    /// How much to read at once, in bytes.
    pub read_buffer_size: usize,
    /// How long the handshake may take.
    pub handshake_timeout: Duration,
    /// How long the closing handshake may take.
    pub close_timeout: Duration,
    /// Whether the client is told when what it waits for has been dealt with.
    pub completion_frames: bool,
    /// Whether the outcome of the handshake is told in frames.
    pub authentication_frames: AuthenticationFrames,
    /// The subprotocols spoken, the preferred one first.
    pub subprotocols: &'a [Cow<'static, str>],
    /// Whether the request's headers are kept.
    pub keep_headers: bool,
}

impl ChannelOptions {
    /// What an adapter needs to open a socket.
    #[must_use]
    pub fn socket(&self) -> SocketOptions<'_> {
        SocketOptions {
            max_message_size: self.max_message_size,
            read_buffer_size: self.read_buffer_size,
            handshake_timeout: self.handshake_timeout,
            close_timeout: self.close_timeout,
            completion_frames: self.completion_frames,
            authentication_frames: self.authentication_frames,
            subprotocols: &self.subprotocols,
            keep_headers: self.keep_headers,
        }
    }
}
