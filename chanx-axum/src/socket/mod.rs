//! A WebSocket as a session's transport.
//!
//! ```text
//! stream ──bytes──▶ chunk ─▶ codec ──frame──▶ session
//! stream ◀──bytes── codec ◀──frame── session
//! ```
//!
//! The protocol is `chanx-websocket`'s, which does no I/O. A connection has no
//! read buffer: what is read into the thread's chunk is handed out message by
//! message, and only what is left behind a message, or is part of one, is kept.

// The bytes.
mod chunk;
mod io;
mod throttle;
// The frames.
mod deflating;
mod frames;
// The tasks that wait for them.
mod both;

#[cfg(test)]
mod tests;

pub use io::Io;

use std::{
    fmt,
    future::poll_fn,
    io::{Error, ErrorKind, IoSlice},
    mem,
    pin::Pin,
    task::{Context, Poll, Waker, ready},
    time::Duration,
};

use bytes::{Buf, BytesMut};
use chanx_core::{SocketSizes, TransportError, WireCounter, wire::Frame};
use chanx_websocket::{Codec, Deflate};
use futures_sink::Sink;
use futures_util::Stream;
use hyper::upgrade::Upgraded;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::timeout,
};

use self::{
    both::both,
    deflating::Deflating,
    frames::{received, sent, transport_error},
    throttle::Throttled,
};

/// The most that is gathered before it is written, unless it is flushed before.
const WRITE_BUFFER: usize = 16 * 1024;

/// Frames that are shorter are copied together, because one piece costs the system less
/// than two.
const SHORT: usize = 4096;

/// The most pieces that are written at once: header and payload of half as many frames.
const SLICES: usize = 64;

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

/// The state of reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reading {
    Open,
    /// The peer has closed or is gone.
    Ended,
    /// The peer broke the protocol, and may send more, which nobody is to see.
    Failed,
}

/// The state of writing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Writing {
    /// The session's frames are written, when it flushes.
    Open,
    /// An answer of the protocol's own, which whoever reads sees to.
    Answering,
    /// Nothing: our end has been closed.
    Shut,
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

    /// With what was agreed on in the handshake, and the shortest message to compress.
    #[must_use]
    pub fn deflating(mut self, agreed: Deflate, threshold: usize) -> Self {
        self.codec = self.codec.with_deflate(agreed);
        self.deflating = Some(Box::new(Deflating::new(agreed, threshold)));
        self
    }

    /// Counts what compression makes of messages.
    pub(crate) fn count_by(&mut self, counter: WireCounter) {
        if let Some(deflating) = &mut self.deflating {
            deflating.counter = Some(counter);
        }
    }

    /// The next frame; pending where more has to be read first.
    fn poll_frame(&mut self, cx: &mut Context<'_>) -> Poll<Result<Frame, TransportError>> {
        if !self.unread.is_empty() {
            let mut unread = mem::take(&mut self.unread);
            let (frame, left) = self.decode(&mut unread);
            if left > 0 {
                unread.advance(unread.len() - left);
                self.unread = unread;
            }
            if let Some(frame) = frame {
                return Poll::Ready(frame);
            }
        }
        chunk::lend(self.chunk_size, |chunk| {
            loop {
                let mut buffer = ReadBuf::new(chunk);
                let read = ready!(Pin::new(&mut self.io).poll_read(cx, &mut buffer));
                let read = match read {
                    Ok(()) => buffer.filled_mut(),
                    Err(_) => &mut [],
                };
                if read.is_empty() {
                    return Poll::Ready(Err(TransportError::Lost));
                }
                let (frame, left) = self.decode(read);
                if left > 0 {
                    self.unread = BytesMut::from(&read[read.len() - left..]);
                }
                if let Some(frame) = frame {
                    return Poll::Ready(frame);
                }
            }
        })
    }

    /// The first frame of what has been read, and how much is left behind it.
    fn decode(&mut self, read: &mut [u8]) -> (Option<Result<Frame, TransportError>>, usize) {
        let mut input = read;
        let frame = match self.codec.read(&mut input) {
            Ok(frame) => frame.map(|frame| {
                if let Some(deflating) = &self.deflating {
                    deflating.note(&frame);
                }
                Ok(received(frame))
            }),
            Err(error) => Some(Err(transport_error(error))),
        };
        (frame, input.len())
    }

    /// Notes what a frame changes.
    fn note(&mut self, frame: &Result<Frame, TransportError>) {
        match frame {
            Ok(Frame::Ping(_)) => self.owe_answer(),
            Ok(Frame::Close(_)) => {
                self.owe_answer();
                self.reading = Reading::Ended;
            }
            Ok(_) => {}
            Err(TransportError::Lost) => self.reading = Reading::Ended,
            Err(_) => self.reading = Reading::Failed,
        }
    }

    fn owe_answer(&mut self) {
        if self.writing == Writing::Open && self.codec.output().has_remaining() {
            self.writing = Writing::Answering;
        }
    }

    /// Writes the answers to what was read, as far as the stream takes them.
    #[inline]
    fn answer(&mut self, cx: &mut Context<'_>) -> Result<(), TransportError> {
        match self.writing {
            Writing::Answering => self.write_answers(cx),
            Writing::Open | Writing::Shut => Ok(()),
        }
    }

    fn write_answers(&mut self, cx: &mut Context<'_>) -> Result<(), TransportError> {
        let written = match &self.writer {
            None => self.poll_output(cx),
            Some(writer) => {
                let both = both(cx.waker(), writer);
                self.poll_output(&mut Context::from_waker(&both))
            }
        };
        match written {
            Poll::Ready(written) => written.map_err(|_| TransportError::Lost),
            Poll::Pending => Ok(()),
        }
    }

    fn poll_write_out(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), TransportError>> {
        let written = self.poll_output(cx);
        self.writer = written.is_pending().then(|| cx.waker().clone());
        written.map_err(|_| TransportError::Lost)
    }

    /// Writes all that waits, and flushes it.
    fn poll_output(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        while self.codec.output().has_remaining() {
            let written = ready!(self.poll_some_output(cx))?;
            if written == 0 {
                return Poll::Ready(Err(ErrorKind::WriteZero.into()));
            }
            self.codec.output_mut().advance(written);
        }
        if self.writing == Writing::Answering {
            self.writing = Writing::Open;
        }
        Pin::new(&mut self.io).poll_flush(cx)
    }

    /// Writes as much as one call takes: copied together where it is short, or
    /// the stream does not gather, so that a header is never written alone, else
    /// side by side.
    fn poll_some_output(&mut self, cx: &mut Context<'_>) -> Poll<Result<usize, Error>> {
        let output = self.codec.output();
        let io = Pin::new(&mut self.io);
        if output.remaining() > SHORT && io.is_write_vectored() {
            let mut slices = [IoSlice::new(&[]); SLICES];
            let filled = output.chunks_vectored(&mut slices);
            return io.poll_write_vectored(cx, &slices[..filled]);
        }
        let length = output.remaining().min(WRITE_BUFFER);
        chunk::lend(length, |chunk| {
            output.copy_to(chunk);
            io.poll_write(cx, chunk)
        })
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
        if this.reading != Reading::Open {
            return Poll::Ready(None);
        }
        let frame = match this.answer(cx) {
            Ok(()) => ready!(this.poll_frame(cx)),
            Err(error) => Err(error),
        };
        this.note(&frame);
        // A ping is answered before whoever reads has looked at it. Where that
        // fails, reading fails next.
        if frame.is_ok() {
            let _ = this.answer(cx);
        }
        Poll::Ready(Some(frame))
    }
}

impl<T: AsyncRead + AsyncWrite + Unpin> Sink<Frame> for Socket<T> {
    type Error = TransportError;

    fn poll_ready(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        let this = self.get_mut();
        if this.codec.output().remaining() > WRITE_BUFFER {
            return this.poll_write_out(cx);
        }
        Poll::Ready(Ok(()))
    }

    fn start_send(self: Pin<&mut Self>, frame: Frame) -> Result<(), Self::Error> {
        let this = self.get_mut();
        let deflated = this.deflating.as_ref().and_then(|it| it.deflate(&frame));
        let frame = match deflated {
            Some(deflated) => chanx_websocket::Frame::deflated_text(deflated),
            None => sent(frame),
        };
        let written = this.codec.write(frame);
        written.map_err(|_| TransportError::Protocol)
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
        if this.reading != Reading::Failed {
            return Poll::Ready(Ok(()));
        }
        if this.writing != Writing::Shut {
            ready!(Pin::new(&mut this.io).poll_shutdown(cx)).map_err(|_| TransportError::Lost)?;
            this.writing = Writing::Shut;
        }
        this.poll_discard(cx).map(Ok)
    }
}

impl<T> fmt::Debug for Socket<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Socket").finish_non_exhaustive()
    }
}
