//! A message on its way to one client.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;

use crate::{session::Recipient, wire::EncodeError};

/// A message on its way to one client, queued when awaited.
///
/// It is encoded already, so it holds nothing of the message itself: where a
/// message was not declared as sent, that is the only error.
///
/// # Backpressure
///
/// Waits while more than half of the outbox is taken, so that a slow client
/// slows its own consumer down.
///
/// # Cancel safety
///
/// Cancelled, the message has not been queued.
#[derive(Debug)]
#[must_use = "a message is sent when it is awaited"]
pub struct Sending<'a> {
    recipient: &'a Recipient,
    frame: Option<Bytes>,
    error: Option<EncodeError>,
}

/// Why a message was not queued for the client.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SendError {
    /// The connection has closed, or is about to.
    #[error("the connection has closed")]
    Closed,
    /// The message cannot be represented as JSON.
    #[error("the message could not be encoded")]
    Encode(#[from] EncodeError),
}

impl<'a> Sending<'a> {
    pub(super) fn new(recipient: &'a Recipient, frame: Result<Bytes, EncodeError>) -> Self {
        let (frame, error) = match frame {
            Ok(frame) => (Some(frame), None),
            Err(error) => (None, Some(error)),
        };
        Self {
            recipient,
            frame,
            error,
        }
    }
}

impl Future for Sending<'_> {
    type Output = Result<(), SendError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        if let Some(error) = self.error.take() {
            return Poll::Ready(Err(error.into()));
        }
        let Self {
            recipient, frame, ..
        } = &mut *self;
        let queued = recipient.0.outbox.poll_send(cx, frame);
        queued.map_err(|_| SendError::Closed)
    }
}
