//! A client that takes everything and says nothing.

use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    task::{Context, Poll},
};

use chanx::wire::Frame;
use chanx_core::{Transport, TransportError};
use futures_util::{Sink, Stream};

/// The socket of a client that takes everything and says nothing.
#[derive(Debug)]
pub struct Swallow {
    taken: Arc<AtomicU64>,
}

impl Swallow {
    /// Counts the messages it takes in `taken`, along with others.
    #[must_use]
    pub fn new(taken: Arc<AtomicU64>) -> Self {
        Self { taken }
    }
}

impl Stream for Swallow {
    type Item = Result<Frame, TransportError>;

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Pending
    }
}

impl Sink<Frame> for Swallow {
    type Error = TransportError;

    fn poll_ready(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<(), TransportError>> {
        Poll::Ready(Ok(()))
    }

    fn start_send(self: Pin<&mut Self>, frame: Frame) -> Result<(), TransportError> {
        if let Frame::Text(_) = frame {
            self.taken.fetch_add(1, Ordering::Relaxed);
        }
        Ok(())
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<(), TransportError>> {
        Poll::Ready(Ok(()))
    }

    fn poll_close(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<(), TransportError>> {
        Poll::Ready(Ok(()))
    }
}

impl Transport for Swallow {}
