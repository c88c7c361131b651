//! A WebSocket as a session's transport. The only file that names tungstenite's frames.

use std::{
    fmt,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use chanx_core::{
    TransportError,
    wire::{CloseFrame, Frame},
};
use futures_util::{Sink, Stream};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_tungstenite::WebSocketStream;
use tungstenite::{
    Error, Message, Utf8Bytes,
    error::ProtocolError,
    protocol::{CloseFrame as WebSocketClose, Role, WebSocketConfig},
};

use crate::throttle::Throttled;

/// How much is gathered before it is written, unless it is flushed before.
const WRITE_BUFFER: usize = 16 * 1024;

/// The server's end of a WebSocket, speaking frames.
pub struct Socket<T> {
    stream: WebSocketStream<Throttled<T>>,
    /// Reading has failed, but there may be more to read.
    unreadable: bool,
}

/// The sizes of a socket, in bytes.
#[derive(Debug, Clone, Copy)]
pub struct SocketConfig {
    /// The largest message to accept.
    pub max_message_size: usize,
    /// The read buffer.
    pub read_buffer_size: usize,
}

impl<T: AsyncRead + AsyncWrite + Unpin> Socket<T> {
    /// A WebSocket over a stream of bytes, its handshake done.
    pub async fn new(io: T, config: SocketConfig) -> Self {
        let config = WebSocketConfig::default()
            .read_buffer_size(config.read_buffer_size)
            .write_buffer_size(WRITE_BUFFER)
            .max_message_size(Some(config.max_message_size))
            .max_frame_size(Some(config.max_message_size));
        let io = Throttled::new(io);
        Self {
            stream: WebSocketStream::from_raw_socket(io, Role::Server, Some(config)).await,
            unreadable: false,
        }
    }

    fn stream(self: Pin<&mut Self>) -> Pin<&mut WebSocketStream<Throttled<T>>> {
        Pin::new(&mut self.get_mut().stream)
    }

    /// Reads and forgets until the peer has closed its end.
    fn poll_discard(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let mut forgotten = [0; 4096];
        loop {
            let mut buffer = ReadBuf::new(&mut forgotten);
            let read = ready!(Pin::new(self.stream.get_mut()).poll_read(cx, &mut buffer));
            if read.is_err() || buffer.filled().is_empty() {
                return Poll::Ready(());
            }
        }
    }
}

impl<T: AsyncRead + AsyncWrite + Unpin> Stream for Socket<T> {
    type Item = Result<Frame, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            let Some(message) = ready!(self.as_mut().stream().poll_next(cx)) else {
                return Poll::Ready(None);
            };
            let frame = message.map(frame).map_err(transport_error).transpose();
            self.unreadable = matches!(&frame, Some(Err(error)) if *error != TransportError::Lost);
            if frame.is_some() {
                return Poll::Ready(frame);
            }
        }
    }
}

impl<T: AsyncRead + AsyncWrite + Unpin> Sink<Frame> for Socket<T> {
    type Error = TransportError;

    fn poll_ready(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.stream().poll_ready(cx).map_err(transport_error)
    }

    fn start_send(self: Pin<&mut Self>, frame: Frame) -> Result<(), Self::Error> {
        let message = message(frame)?;
        self.stream().start_send(message).map_err(transport_error)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.stream().poll_flush(cx).map_err(transport_error)
    }

    /// Writes what is left, the answer to a close frame included.
    ///
    /// Where input is left unread, TCP would take back what was written when
    /// the connection is dropped (RFC 1122 §4.2.2.13): it is read to its end.
    fn poll_close(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        ready!(self.as_mut().poll_flush(cx))?;
        if !self.unreadable {
            return Poll::Ready(Ok(()));
        }
        let ended = ready!(Pin::new(self.stream.get_mut()).poll_shutdown(cx));
        if ended.is_ok() {
            ready!(self.poll_discard(cx));
        }
        Poll::Ready(ended.map_err(|_| TransportError::Lost))
    }
}

impl<T> fmt::Debug for Socket<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Socket").finish_non_exhaustive()
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

/// # Errors
///
/// When a text frame is not UTF-8, which no encoder here produces.
fn message(frame: Frame) -> Result<Message, TransportError> {
    Ok(match frame {
        Frame::Text(bytes) => {
            let text = Utf8Bytes::try_from(bytes).map_err(|_| TransportError::InvalidUtf8)?;
            Message::Text(text)
        }
        Frame::Binary(bytes) => Message::Binary(bytes),
        Frame::Ping(bytes) => Message::Ping(bytes),
        Frame::Pong(bytes) => Message::Pong(bytes),
        Frame::Close(close) => Message::Close(close.map(|close| WebSocketClose {
            code: close.code.into(),
            reason: close.reason.as_ref().into(),
        })),
    })
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
