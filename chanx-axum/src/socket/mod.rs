//! A WebSocket as a session's transport.
//!
//! ```text
//! stream ──bytes──▶ chunk ─▶ codec ──frame──▶ session
//! stream ◀──bytes── codec ◀──frame── session
//! ```
//!
//! The protocol is `chanx-websocket`'s, which does no I/O. A connection has no
//! buffers: what is read into the thread's chunk is shown or handed out message by
//! message, and only what is left behind a message, or is part of one, is kept.
//! Frames are written from a buffer of the thread's, and only what the peer does
//! not take is kept.

// The bytes.
mod chunk;
mod io;
mod throttle;
// The frames.
mod frames;
mod reading;
mod state;
mod writing;
// The tasks that wait for them.
mod both;

#[cfg(test)]
mod tests;

pub use io::Io;

use std::{fmt, future::poll_fn, pin::Pin, task::Waker, time::Duration};

use bytes::BytesMut;
use chanx_core::{SocketSizes, WireCounter};
use chanx_websocket::Codec;
use hyper::upgrade::Upgraded;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    time::timeout,
};

use self::{
    state::{Reading, Writing},
    throttle::Throttled,
};
use crate::compression::Deflating;

/// The time that a peer may take to close its end once the server has closed its own.
const LINGER: Duration = Duration::from_secs(2);

/// The server's end of a WebSocket, speaking frames.
///
/// Reading and writing may have wakers of their own. The stream below has to
/// keep one for each, as TCP does: one whose writing waits to read, or the
/// other way round, may leave somebody asleep.
pub struct Socket<T> {
    io: Throttled<T>,
    codec: Codec,
    /// Read from the stream, and behind what has been handed out.
    unread: BytesMut,
    chunk_size: usize,
    reading: Reading,
    writing: Writing,
    /// Whoever waits to write.
    writer: Option<Waker>,
    /// Boxed because few sockets compress.
    deflating: Option<Box<Deflating>>,
}

impl Socket<Io> {
    /// A WebSocket over a connection that HTTP is done with.
    pub fn from_upgraded(upgraded: Upgraded, sizes: SocketSizes) -> Self {
        let (io, unread) = Io::from_upgraded(upgraded);
        Self {
            unread: BytesMut::from(unread),
            ..Self::new(io, sizes)
        }
    }
}

impl<T: AsyncRead + AsyncWrite + Unpin> Socket<T> {
    /// A WebSocket over a stream of bytes, its handshake done.
    pub fn new(io: T, sizes: SocketSizes) -> Self {
        Self {
            io: Throttled::new(io),
            codec: Codec::new(sizes.max_message_size),
            unread: BytesMut::new(),
            chunk_size: sizes.read_buffer_size,
            reading: Reading::Open,
            writing: Writing::Open,
            writer: None,
            deflating: None,
        }
    }

    /// With the compression that was agreed on in the handshake.
    #[must_use]
    pub fn deflating(mut self, deflating: Deflating) -> Self {
        self.codec = deflating.codec(self.codec);
        self.deflating = Some(Box::new(deflating));
        self
    }

    /// Counts what compression makes of messages.
    pub(crate) fn count_by(&mut self, counter: WireCounter) {
        if let Some(deflating) = &mut self.deflating {
            deflating.count_by(counter);
        }
    }

    /// Ends the connection below the WebSocket, and waits until the peer has too.
    ///
    /// TLS says that nothing follows (`close_notify`). What the peer sends behind
    /// its close frame is read and forgotten: left unread, it would make TCP take
    /// back what was written, the close frame first of all (RFC 1122 §4.2.2.13).
    pub(crate) async fn linger(mut self: Box<Self>) {
        let ended = async {
            if self.writing != Writing::Shut {
                let _ = poll_fn(|cx| Pin::new(&mut self.io).poll_shutdown(cx)).await;
            }
            poll_fn(|cx| self.poll_discard(cx)).await;
        };
        // A peer that stays on is nobody's business any more.
        let _ = timeout(LINGER, ended).await;
    }
}

impl<T> fmt::Debug for Socket<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Socket").finish_non_exhaustive()
    }
}
