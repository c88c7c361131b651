//! The half of a socket that reads.

use std::{
    mem,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::{Buf, BytesMut};
use chanx_core::{TakeText, Transport, TransportError, wire::Frame};
use chanx_websocket::Received;
use futures_util::Stream;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    task::coop,
};

use super::{
    Socket, chunk,
    frames::{received, transport_error},
    state::Reading,
};

impl<T: AsyncRead + AsyncWrite + Unpin> Stream for Socket<T> {
    type Item = Result<Frame, TransportError>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.reading != Reading::Open {
            return Poll::Ready(None);
        }
        let read = self.get_mut().poll_read(&mut |_| false, cx);
        read.map(Result::transpose)
    }
}

/// Text that came in one piece is shown where it stands, in the thread's chunk.
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Transport for Socket<T> {
    fn poll_take(self: Pin<&mut Self>, take: TakeText<'_>, cx: &mut Context<'_>) -> Poll<Read> {
        self.get_mut().poll_read(take, cx)
    }
}

/// A frame, `None` where it has been taken, or why reading has failed.
type Read = Result<Option<Frame>, TransportError>;

impl<T: AsyncRead + AsyncWrite + Unpin> Socket<T> {
    /// The next frame, once what is owed to the peer is on its way.
    #[inline]
    fn poll_read(&mut self, take: TakeText<'_>, cx: &mut Context<'_>) -> Poll<Read> {
        if self.reading != Reading::Open {
            return Poll::Ready(Err(TransportError::Lost));
        }
        let frame = match self.answer(cx) {
            Ok(()) => ready!(self.poll_frame(take, cx)),
            Err(error) => Err(error),
        };
        self.note(&frame);
        // A ping is answered before whoever reads has looked at it. Where that
        // fails, reading fails next.
        if frame.is_ok() {
            let _ = self.answer(cx);
        }
        Poll::Ready(frame)
    }

    /// The next frame; pending where more has to be read first.
    #[inline]
    fn poll_frame(&mut self, take: TakeText<'_>, cx: &mut Context<'_>) -> Poll<Read> {
        if !self.unread.is_empty()
            && let Some(frame) = self.decode_unread(take)
        {
            return Poll::Ready(frame);
        }
        chunk::lend(self.chunk_size, |chunk| {
            loop {
                let mut buffer = ReadBuf::new(chunk);
                let read = ready!(Pin::new(&mut self.io).poll_read(cx, &mut buffer));
                let mut input = buffer.filled_mut();
                if read.is_err() || input.is_empty() {
                    return Poll::Ready(Err(TransportError::Lost));
                }
                let frame = self.decode(take, &mut input);
                if !input.is_empty() {
                    self.unread = BytesMut::from(&*input);
                }
                if let Some(frame) = frame {
                    return Poll::Ready(frame);
                }
            }
        })
    }

    /// The first frame of what was read before.
    fn decode_unread(&mut self, take: TakeText<'_>) -> Option<Read> {
        let mut unread = mem::take(&mut self.unread);
        let mut input = &mut unread[..];
        let frame = self.decode(take, &mut input);
        let left = input.len();
        if left > 0 {
            unread.advance(unread.len() - left);
            self.unread = unread;
        }
        frame
    }

    /// The first frame of what has been read; what is left of that is behind it.
    fn decode(&mut self, take: TakeText<'_>, input: &mut &mut [u8]) -> Option<Read> {
        match self.codec.read(input) {
            Ok(None) => None,
            Ok(Some(frame)) => {
                if let Some(deflating) = &self.deflating {
                    deflating.note(&frame);
                }
                let is_taken = matches!(&frame, Received::Text(text) if take(text));
                Some(Ok((!is_taken).then(|| received(frame))))
            }
            Err(error) => Some(Err(transport_error(error))),
        }
    }

    /// Notes what a frame changes.
    #[inline]
    fn note(&mut self, frame: &Read) {
        match frame {
            Ok(Some(Frame::Ping(_))) => self.owe_answer(),
            Ok(Some(Frame::Close(_))) => {
                self.owe_answer();
                self.reading = Reading::Ended;
            }
            Ok(_) => {}
            Err(TransportError::Lost) => self.reading = Reading::Ended,
            Err(_) => self.reading = Reading::Failed,
        }
    }

    /// Reads and forgets until the peer has closed its end.
    pub(super) fn poll_discard(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        chunk::lend(self.chunk_size, |chunk| {
            loop {
                // Not every stream counts what it reads against the budget of its task.
                let budget = ready!(coop::poll_proceed(cx));
                let mut buffer = ReadBuf::new(chunk);
                let read = ready!(Pin::new(&mut self.io).poll_read(cx, &mut buffer));
                budget.made_progress();
                if read.is_err() || buffer.filled().is_empty() {
                    return Poll::Ready(());
                }
            }
        })
    }
}
