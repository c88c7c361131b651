//! A message on its way to one client.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use tokio::task::coop;

use crate::{
    connection::{Counters, Member, Offer},
    wire::EncodeError,
};

/// A message on its way to one client, queued when awaited.
///
/// Made by [`Handle::send`](crate::Handle::send). Dropped without being
/// awaited, nothing is sent.
///
/// It is encoded already, so it holds nothing of the message itself: where a
/// message was not declared as sent, that is the only error.
///
/// # Backpressure
///
/// Waits while more than half of the outbox is taken, so that a slow client
/// slows its own consumer down. Each message counts against the budget of
/// tokio's task: whoever sends without end leaves other tasks their turn.
///
/// # Cancel safety
///
/// Cancelled, the message has not been queued.
#[derive(Debug)]
#[must_use = "a message is sent when it is awaited"]
pub struct SendFuture<'a> {
    /// The error, until it has been told.
    queued: Result<Offer<'a>, Option<EncodeError>>,
    /// True if it is an error that the connection has closed.
    minds_closed: bool,
}

/// The reasons for which a message was not queued for the client.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SendError {
    /// The connection has closed, or is about to. Only a
    /// [`Handle`](crate::Handle) is told: a handler goes on.
    #[error("the connection has closed")]
    Closed,
    /// The message has no form in JSON, such as a NaN.
    #[error("the message could not be encoded")]
    Encode(#[from] EncodeError),
}

impl<'a> SendFuture<'a> {
    pub(super) fn new(member: &'a Member, frame: Result<Bytes, EncodeError>) -> Self {
        Self {
            queued: match frame {
                Ok(frame) => Ok(member.send(frame)),
                Err(error) => {
                    Counters::add(&member.counters().messages_unsendable, 1);
                    Err(Some(error))
                }
            },
            minds_closed: true,
        }
    }

    /// The same, from a handler: that the client has left is no error to it.
    pub(super) fn of_handler(recipient: &'a Member, frame: Result<Bytes, EncodeError>) -> Self {
        Self {
            minds_closed: false,
            ..Self::new(recipient, frame)
        }
    }
}

impl Future for SendFuture<'_> {
    type Output = Result<(), SendError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let minds_closed = self.minds_closed;
        // Nothing else would ever interrupt a handler that sends to a client who has left.
        let turn = ready!(coop::poll_proceed(cx));
        let sent = match &mut self.queued {
            Ok(offer) => match ready!(Pin::new(offer).poll(cx)) {
                Err(_) if minds_closed => Err(SendError::Closed),
                Ok(()) | Err(_) => Ok(()),
            },
            Err(error) => {
                let error = error.take().expect("polled again after it was ready");
                Err(error.into())
            }
        };
        turn.made_progress();
        Poll::Ready(sent)
    }
}
