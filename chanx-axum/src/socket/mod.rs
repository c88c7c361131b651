//! A WebSocket as a session's transport. The only folder that names tungstenite's frames.
//!
//! ```text
//! stream ──bytes──▶ chunk ─▶ protocol ──frame──▶ session
//! stream ◀──bytes── protocol ◀──frame── session
//! ```
//!
//! The protocol is tungstenite's, which does no I/O itself. It is driven here
//! and not by its own asynchronous wrapper: that gives each connection a read
//! buffer, zeroes it whenever it is polled, and puts three layers between the
//! protocol and the stream. What is left of that buffer holds frames that come
//! in pieces, and is small.

// Where the bytes are.
mod chunk;
mod io;
mod throttle;
// What is done with them in one poll.
mod turn;

#[cfg(test)]
mod tests;

pub use io::Io;

use std::{
    fmt,
    future::poll_fn,
    pin::Pin,
    task::{Context, Poll, Waker, ready},
    time::Duration,
};

use bytes::{Buf, Bytes};
use chanx_core::{
    TransportError,
    wire::{CloseFrame, Frame},
};
use futures_util::{Sink, Stream};
use hyper::upgrade::Upgraded;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::timeout,
};
use tungstenite::{
    Error, Message,
    error::ProtocolError,
    protocol::{
        CloseFrame as WebSocketClose, Role, WebSocketConfig, WebSocketContext,
        frame::{
            Frame as WebSocketFrame,
            coding::{Data, OpCode},
        },
    },
};

use self::{throttle::Throttled, turn::Turn};

/// How much is gathered before it is written, unless it is flushed before.
const WRITE_BUFFER: usize = 16 * 1024;

/// What the protocol keeps of its own, for frames that come in pieces.
const FRAME_BUFFER: usize = 1024;

/// How long a peer may take to close its end once the server has closed its own.
const LINGER: Duration = Duration::from_secs(2);

/// The server's end of a WebSocket, speaking frames.
///
/// Reading and writing may have wakers of their own. The stream below has to
/// keep one for each, as TCP does: one whose writing waits to read, or the
/// other way round, may leave somebody asleep.
pub struct Socket<T> {
    io: Throttled<T>,
    protocol: WebSocketContext,
    /// Read from the stream and not yet by the protocol.
    unread: Bytes,
    chunk_size: usize,
    /// How much the protocol has been given that it has made no message of, at most.
    held: usize,
    /// The protocol has nothing to do before it is given more.
    starved: bool,
    /// There is nothing more to read.
    ended: bool,
    /// Reading has failed, but there may be more to read.
    unreadable: bool,
    /// Something has to be written before there is room for more.
    full: bool,
    /// Our end has been closed.
    shut: bool,
    /// Whoever waits to write.
    writer: Option<Waker>,
}

/// The sizes of a socket, in bytes.
#[derive(Debug, Clone, Copy)]
pub struct SocketConfig {
    /// The largest message to accept.
    pub max_message_size: usize,
    /// How much is read at once.
    pub read_buffer_size: usize,
}

impl Socket<Io> {
    /// A WebSocket over a connection that HTTP is done with.
    pub fn from_upgraded(upgraded: Upgraded, config: SocketConfig) -> Self {
        let (io, unread) = Io::from_upgraded(upgraded);
        Self {
            unread,
            ..Self::new(io, config)
        }
    }
}

impl<T: AsyncRead + AsyncWrite + Unpin> Socket<T> {
    /// A WebSocket over a stream of bytes, its handshake done.
    pub fn new(io: T, config: SocketConfig) -> Self {
        let protocol = WebSocketConfig::default()
            .read_buffer_size(FRAME_BUFFER)
            .write_buffer_size(WRITE_BUFFER)
            .max_message_size(Some(config.max_message_size))
            .max_frame_size(Some(config.max_message_size));
        Self {
            io: Throttled::new(io),
            protocol: WebSocketContext::new(Role::Server, Some(protocol)),
            unread: Bytes::new(),
            chunk_size: config.read_buffer_size,
            held: 0,
            starved: false,
            ended: false,
            unreadable: false,
            full: false,
            shut: false,
            writer: None,
        }
    }

    /// The next message; pending where more has to be read first.
    fn poll_message(&mut self, cx: &mut Context<'_>) -> Poll<Result<Message, Error>> {
        if !self.starved {
            let mut unread = std::mem::take(&mut self.unread);
            let (message, left) = self.advance(cx, &unread, false);
            unread.advance(unread.len() - left);
            self.unread = unread;
            if message.is_ready() {
                return message;
            }
        }
        chunk::lend(self.chunk_size, |chunk| {
            loop {
                let mut buffer = ReadBuf::new(chunk);
                ready!(Pin::new(&mut self.io).poll_read(cx, &mut buffer))?;
                let read = buffer.filled();
                let (message, left) = self.advance(cx, read, read.is_empty());
                if left > 0 {
                    self.unread = Bytes::copy_from_slice(&read[read.len() - left..]);
                }
                if message.is_ready() {
                    return message;
                }
            }
        })
    }

    /// Gives the protocol some input; says how much of it is left.
    fn advance(
        &mut self,
        cx: &mut Context<'_>,
        input: &[u8],
        ended: bool,
    ) -> (Poll<Result<Message, Error>>, usize) {
        let mut turn = Turn {
            io: &mut self.io,
            cx: Some(cx),
            also: self.writer.as_ref(),
            input,
            ended,
            blocked: false,
        };
        let message = unless_blocked(self.protocol.read(&mut turn));
        let (blocked, left) = (turn.blocked, turn.input.len());
        self.held = self.held.saturating_add(input.len() - left);
        if let Poll::Ready(Ok(message)) = &message {
            self.held = self.held.saturating_sub(frame_size(message.len()));
        }
        // What is left to be written is tried again, input or not.
        self.starved = !blocked && left == 0 && self.has_nothing_behind(&message);
        (message, left)
    }

    /// Whether asking the protocol once more would be in vain, as after nearly
    /// every message.
    fn has_nothing_behind(&self, message: &Poll<Result<Message, Error>>) -> bool {
        match message {
            Poll::Pending => true,
            // A ping is answered, and a close, when the protocol is asked again.
            Poll::Ready(Ok(message)) => self.held == 0 && !message.is_ping() && !message.is_close(),
            Poll::Ready(Err(_)) => false,
        }
    }

    fn poll_write_out(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), TransportError>> {
        let mut turn = Turn::writing(&mut self.io, Some(cx));
        let written = unless_blocked(self.protocol.flush(&mut turn));
        self.full = written.is_pending();
        self.writer = self.full.then(|| cx.waker().clone());
        match ready!(written) {
            // The last there was to write was the close frame.
            Ok(()) | Err(Error::ConnectionClosed) => Poll::Ready(Ok(())),
            Err(error) => Poll::Ready(Err(transport_error(error))),
        }
    }

    /// Ends the connection below the WebSocket, and waits until the peer has too.
    ///
    /// TLS says that nothing follows (`close_notify`). What the peer sends behind
    /// its close frame is read and forgotten: left unread, it would make TCP take
    /// back what was written, the close frame first of all (RFC 1122 §4.2.2.13).
    pub(crate) async fn linger(mut self: Box<Self>) {
        let ended = async {
            if !self.shut {
                let _ = poll_fn(|cx| Pin::new(&mut self.io).poll_shutdown(cx)).await;
            }
            poll_fn(|cx| self.poll_discard(cx)).await;
        };
        // A peer that stays on is nobody's business any more.
        let _ = timeout(LINGER, ended).await;
    }

    /// Reads and forgets until the peer has closed its end.
    fn poll_discard(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        chunk::lend(self.chunk_size, |chunk| {
            loop {
                let mut buffer = ReadBuf::new(chunk);
                let read = ready!(Pin::new(&mut self.io).poll_read(cx, &mut buffer));
                if read.is_err() || buffer.filled().is_empty() {
                    return Poll::Ready(());
                }
            }
        })
    }
}

impl<T: AsyncRead + AsyncWrite + Unpin> Stream for Socket<T> {
    type Item = Result<Frame, TransportError>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        while !this.ended {
            match ready!(this.poll_message(cx)) {
                Ok(message) => {
                    if let Some(frame) = frame(message) {
                        return Poll::Ready(Some(Ok(frame)));
                    }
                }
                Err(Error::ConnectionClosed | Error::AlreadyClosed) => this.ended = true,
                Err(error) => {
                    let error = transport_error(error);
                    this.ended = true;
                    this.unreadable = error != TransportError::Lost;
                    return Poll::Ready(Some(Err(error)));
                }
            }
        }
        Poll::Ready(None)
    }
}

impl<T: AsyncRead + AsyncWrite + Unpin> Sink<Frame> for Socket<T> {
    type Error = TransportError;

    fn poll_ready(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        if self.full {
            return self.get_mut().poll_write_out(cx);
        }
        Poll::Ready(Ok(()))
    }

    fn start_send(self: Pin<&mut Self>, frame: Frame) -> Result<(), Self::Error> {
        let this = self.get_mut();
        let mut turn = Turn::writing(&mut this.io, None);
        let sent = unless_blocked(this.protocol.write(&mut turn, message(frame)));
        this.full = sent.is_pending();
        match sent {
            Poll::Ready(Err(error)) => Err(transport_error(error)),
            // Kept, and written when it is flushed.
            Poll::Ready(Ok(())) | Poll::Pending => Ok(()),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.get_mut().poll_write_out(cx)
    }

    /// Writes what is left, the answer to a close frame included.
    ///
    /// Where input is left unread, TCP would take back what was written when
    /// the connection is dropped (RFC 1122 §4.2.2.13): it is read to its end.
    fn poll_close(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        let this = self.get_mut();
        ready!(this.poll_write_out(cx))?;
        // Behind the last frame the protocol does not ask for it.
        ready!(Pin::new(&mut this.io).poll_flush(cx)).map_err(|_| TransportError::Lost)?;
        if !this.unreadable {
            return Poll::Ready(Ok(()));
        }
        if !this.shut {
            ready!(Pin::new(&mut this.io).poll_shutdown(cx)).map_err(|_| TransportError::Lost)?;
            this.shut = true;
        }
        this.poll_discard(cx).map(Ok)
    }
}

impl<T> fmt::Debug for Socket<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Socket").finish_non_exhaustive()
    }
}

/// Pending where the stream could not be read or written any further.
fn unless_blocked<T>(result: Result<T, Error>) -> Poll<Result<T, Error>> {
    match result {
        Err(Error::Io(error)) if error.kind() == std::io::ErrorKind::WouldBlock => Poll::Pending,
        result => Poll::Ready(result),
    }
}

/// `None` for a raw frame, which is only ever written.
fn frame(message: Message) -> Option<Frame> {
    Some(match message {
        Message::Text(text) => Frame::Text(Bytes::from(text)),
        Message::Binary(bytes) => Frame::Binary(bytes),
        Message::Ping(bytes) => Frame::Ping(bytes),
        Message::Pong(bytes) => Frame::Pong(bytes),
        Message::Close(close) => Frame::Close(
            close.map(|close| CloseFrame::new(close.code.into(), close.reason.as_str().to_owned())),
        ),
        Message::Frame(_) => return None,
    })
}

/// The least that a client sends for a message of so many bytes: flags and
/// length, mask, payload (RFC 6455 §5.2).
fn frame_size(payload: usize) -> usize {
    let length = match payload {
        0..126 => 2,
        126..65536 => 4,
        _ => 10,
    };
    length + 4 + payload
}

/// Text goes as it is: nothing that encodes messages here makes anything but UTF-8.
fn message(frame: Frame) -> Message {
    match frame {
        Frame::Text(bytes) => {
            let text = OpCode::Data(Data::Text);
            Message::Frame(WebSocketFrame::message(bytes, text, true))
        }
        Frame::Binary(bytes) => Message::Binary(bytes),
        Frame::Ping(bytes) => Message::Ping(bytes),
        Frame::Pong(bytes) => Message::Pong(bytes),
        Frame::Close(close) => Message::Close(close.map(|close| WebSocketClose {
            code: close.code.into(),
            reason: close.reason.as_ref().into(),
        })),
    }
}

fn transport_error(error: Error) -> TransportError {
    match error {
        Error::Capacity(_) => TransportError::TooBig,
        Error::Utf8(_) => TransportError::InvalidUtf8,
        Error::Protocol(ProtocolError::ResetWithoutClosingHandshake) => TransportError::Lost,
        Error::Protocol(_) => TransportError::Protocol,
        _ => TransportError::Lost,
    }
}
