//! The half of a socket that reads.

use std::{
    mem,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::{Buf, BytesMut};
use chanx_core::{TransportError, wire::Frame};
use futures_util::Stream;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::{
    Socket, chunk,
    frames::{received, transport_error},
    state::Reading,
};

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

impl<T: AsyncRead + AsyncWrite + Unpin> Socket<T> {
    /// The next frame; pending where more has to be read first.
    #[inline]
    fn poll_frame(&mut self, cx: &mut Context<'_>) -> Poll<Result<Frame, TransportError>> {
        if !self.unread.is_empty()
            && let Some(frame) = self.decode_unread()
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
                let frame = self.decode(&mut input);
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
    fn decode_unread(&mut self) -> Option<Result<Frame, TransportError>> {
        let mut unread = mem::take(&mut self.unread);
        let mut input = &mut unread[..];
        let frame = self.decode(&mut input);
        let left = input.len();
        if left > 0 {
            unread.advance(unread.len() - left);
            self.unread = unread;
        }
        frame
    }

    /// The first frame of what has been read; what is left of that is behind it.
    fn decode(&mut self, input: &mut &mut [u8]) -> Option<Result<Frame, TransportError>> {
        match self.codec.read(input) {
            Ok(None) => None,
            Ok(Some(frame)) => {
                if let Some(deflating) = &self.deflating {
                    deflating.note(&frame);
                }
                Some(Ok(received(frame)))
            }
            Err(error) => Some(Err(transport_error(error))),
        }
    }

    /// Notes what a frame changes.
    #[inline]
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

    /// Reads and forgets until the peer has closed its end.
    pub(super) fn poll_discard(&mut self, cx: &mut Context<'_>) -> Poll<()> {
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
