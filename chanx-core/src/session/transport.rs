//! The trait of sockets that a session runs over.

use futures_util::{Sink, Stream};

use crate::wire::Frame;

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
/// When reading has failed, writing may go on: the peer is to be told why.
/// Closing the sink sends no close frame. It sees to it that what has been
/// written arrives, also where the peer has sent what nobody has read, and
/// may take as long as the peer keeps its end open.
pub trait Transport:
    Stream<Item = Result<Frame, TransportError>> + Sink<Frame, Error = TransportError> + Send
{
}

impl<T> Transport for T where
    T: Stream<Item = Result<Frame, TransportError>> + Sink<Frame, Error = TransportError> + Send
{
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
