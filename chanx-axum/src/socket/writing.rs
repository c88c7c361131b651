//! The half of a socket that writes.

use std::{
    io::{Error, ErrorKind, IoSlice},
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Buf;
use chanx_core::{TransportError, wire::Frame};
use futures_sink::Sink;
use tokio::io::{AsyncRead, AsyncWrite};

use super::{
    Socket,
    both::both,
    chunk,
    frames::sent,
    state::{Reading, Writing},
};

/// The most that is gathered before it is written, unless it is flushed before.
pub(super) const WRITE_BUFFER: usize = 16 * 1024;

/// The most pieces that are written at once.
const SLICES: usize = 64;

impl<T: AsyncRead + AsyncWrite + Unpin> Sink<Frame> for Socket<T> {
    type Error = TransportError;

    #[inline]
    fn poll_ready(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        let this = self.get_mut();
        if this.codec.output().remaining() > WRITE_BUFFER {
            return this.poll_write_out(cx);
        }
        Poll::Ready(Ok(()))
    }

    #[inline]
    fn start_send(self: Pin<&mut Self>, frame: Frame) -> Result<(), Self::Error> {
        let this = self.get_mut();
        this.codec
            .output_mut()
            .lend_buffer(chunk::take_write_buffer);
        let deflated = this.deflating.as_ref().and_then(|it| it.deflate(&frame));
        let frame = match deflated {
            Some(deflated) => deflated,
            None => sent(frame),
        };
        let written = this.codec.write(frame);
        written.map_err(|_| TransportError::Protocol)
    }

    #[inline]
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

impl<T: AsyncRead + AsyncWrite + Unpin> Socket<T> {
    /// Notes that the codec has answered what was read.
    pub(super) fn owe_answer(&mut self) {
        if self.writing == Writing::Open && self.codec.output().has_remaining() {
            self.writing = Writing::Answering;
        }
    }

    /// Writes the answers to what was read, as far as the stream takes them.
    #[inline]
    pub(super) fn answer(&mut self, cx: &mut Context<'_>) -> Result<(), TransportError> {
        match self.writing {
            Writing::Answering => self.write_answers(cx),
            Writing::Open | Writing::Shut => Ok(()),
        }
    }

    #[cold]
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

    #[inline]
    fn poll_write_out(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), TransportError>> {
        let written = self.poll_output(cx);
        if written.is_pending() || self.writer.is_some() {
            self.writer = written.is_pending().then(|| cx.waker().clone());
        }
        written.map_err(|_| TransportError::Lost)
    }

    /// Writes all that waits, and flushes it.
    #[inline(always)]
    fn poll_output(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        while self.codec.output().has_remaining() {
            let Poll::Ready(written) = self.poll_some_output(cx) else {
                self.return_buffer();
                return Poll::Pending;
            };
            let written = written?;
            if written == 0 {
                return Poll::Ready(Err(ErrorKind::WriteZero.into()));
            }
            self.codec.output_mut().advance(written);
        }
        self.return_buffer();
        if self.writing == Writing::Answering {
            self.writing = Writing::Open;
        }
        Pin::new(&mut self.io).poll_flush(cx)
    }

    /// Gives the thread its buffer back.
    #[inline]
    fn return_buffer(&mut self) {
        if let Some(buffer) = self.codec.output_mut().take_buffer() {
            chunk::return_write_buffer(buffer);
        }
    }

    /// Writes as much as one call takes, which is most often all, from one piece.
    #[inline(always)]
    fn poll_some_output(&mut self, cx: &mut Context<'_>) -> Poll<Result<usize, Error>> {
        let output = self.codec.output();
        let piece = output.chunk();
        match piece.len() == output.remaining() {
            true => Pin::new(&mut self.io).poll_write(cx, piece),
            false => self.poll_pieces(cx),
        }
    }

    /// Writes from several pieces where the stream gathers. Where it does not, they are
    /// copied together, so that a header is never written alone.
    #[inline(never)]
    fn poll_pieces(&mut self, cx: &mut Context<'_>) -> Poll<Result<usize, Error>> {
        let output = self.codec.output();
        let io = Pin::new(&mut self.io);
        if io.is_write_vectored() {
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
}
