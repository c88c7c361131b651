//! The trait of sockets that a session runs over.

use std::{
    ops::DerefMut,
    pin::Pin,
    task::{Context, Poll, ready},
};

use futures_sink::Sink;
use futures_util::Stream;

use crate::wire::Frame;

/// Looks at the text of a message, and takes the message if it returns true.
pub type TakeText<'t> = &'t mut dyn FnMut(&[u8]) -> bool;

/// A WebSocket as a session sees it: frames in, frames out.
///
/// A transport answers ping frames and close frames by itself (RFC 6455
/// §5.5), as WebSocket libraries do; it hands them over all the same, so that
/// the session knows that the peer lives. Messages arrive whole, control
/// frames between their fragments do not disturb them.
///
/// Text for many may come to be written as [`Frame::SharedText`]: it goes out as
/// [`Frame::Text`] does, or in the form that the transport keeps beside it.
///
/// A stream and sink of frames is made one by `impl Transport for MySocket {}`.
///
/// When reading has failed, writing may go on: the peer is to be told why.
/// Closing the sink sends no close frame. It sees to it that what has been
/// written arrives, also where the peer has sent what nobody has read, and
/// may take as long as the peer keeps its end open.
pub trait Transport:
    Stream<Item = Result<Frame, TransportError>> + Sink<Frame, Error = TransportError> + Send
{
    /// Reads as `poll_next` does, and shows each message of text to `take` where it stands,
    /// before a frame is made of it: `None` where that has taken it, and nowhere else.
    ///
    /// A transport whose messages are frames already has nothing to add to what is
    /// written here. `take` runs code of the application, which does not panic out of it.
    ///
    /// # Errors
    ///
    /// As the stream's; [`Lost`](TransportError::Lost) where that has ended.
    fn poll_take(
        self: Pin<&mut Self>,
        take: TakeText<'_>,
        cx: &mut Context<'_>,
    ) -> Poll<Result<Option<Frame>, TransportError>> {
        let Some(read) = ready!(self.poll_next(cx)) else {
            return Poll::Ready(Err(TransportError::Lost));
        };
        let untaken = |frame: Frame| {
            let is_taken = frame.text().is_some_and(|text| take(text));
            (!is_taken).then_some(frame)
        };
        Poll::Ready(read.map(untaken))
    }
}

impl<T: Transport + Unpin + ?Sized> Transport for Box<T> {
    #[inline]
    fn poll_take(
        mut self: Pin<&mut Self>,
        take: TakeText<'_>,
        cx: &mut Context<'_>,
    ) -> Poll<Result<Option<Frame>, TransportError>> {
        Pin::new(&mut **self).poll_take(take, cx)
    }
}

impl<T: Transport + Unpin + ?Sized> Transport for &mut T {
    #[inline]
    fn poll_take(
        mut self: Pin<&mut Self>,
        take: TakeText<'_>,
        cx: &mut Context<'_>,
    ) -> Poll<Result<Option<Frame>, TransportError>> {
        Pin::new(&mut **self).poll_take(take, cx)
    }
}

impl<P> Transport for Pin<P>
where
    P: DerefMut<Target: Transport> + Unpin + Send,
{
    #[inline]
    fn poll_take(
        self: Pin<&mut Self>,
        take: TakeText<'_>,
        cx: &mut Context<'_>,
    ) -> Poll<Result<Option<Frame>, TransportError>> {
        self.get_mut().as_mut().poll_take(take, cx)
    }
}

/// The reason for which a transport cannot go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TransportError {
    /// A message is larger than allowed (close code 1009).
    #[error("message too big")]
    TooBig,
    /// A text message is not UTF-8 (close code 1007).
    #[error("text is not utf-8")]
    InvalidUtf8,
    /// The peer broke RFC 6455 (close code 1002).
    #[error("websocket protocol error")]
    Protocol,
    /// The connection is gone.
    #[error("connection lost")]
    Lost,
}
