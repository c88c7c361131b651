//! The transport that the parts of a session share.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use futures_util::Sink;
use parking_lot::Mutex;

use super::{
    batch::Batch,
    transport::{TakeText, Transport, TransportError},
};
use crate::wire::Frame;

/// The transport of one session, which its parts use in turns.
///
/// They run in one task, so that none ever waits for another. Once it has
/// been let go, it reads and writes as one that is lost.
pub(super) struct Shared<'a, T>(Mutex<Held<'a, T>>);

struct Held<'a, T> {
    transport: &'a mut Option<T>,
    /// The frames that it has been fed.
    batch: Batch,
}

impl<'a, T: Transport + Unpin> Shared<'a, T> {
    pub(super) fn new(transport: &'a mut Option<T>) -> Self {
        let batch = Batch::default();
        Self(Mutex::new(Held { transport, batch }))
    }

    /// Writes, or flushes what has been written.
    #[inline]
    pub(super) fn write<R>(&self, write: impl FnOnce(&mut Batch, &mut Option<T>) -> R) -> R {
        let held = &mut *self.0.lock();
        write(&mut held.batch, held.transport)
    }

    /// Polls the transport once.
    pub(super) fn with<R>(
        &self,
        poll: impl FnOnce(Pin<&mut T>) -> Poll<Result<R, TransportError>>,
    ) -> Poll<Result<R, TransportError>> {
        match &mut *self.0.lock().transport {
            Some(transport) => poll(Pin::new(transport)),
            None => Poll::Ready(Err(TransportError::Lost)),
        }
    }

    /// Reads a frame, see [`Transport::poll_take`].
    ///
    /// The transport is not there for `take`.
    #[inline(always)]
    pub(super) fn poll_take(
        &self,
        take: TakeText<'_>,
        cx: &mut Context<'_>,
    ) -> Poll<Result<Option<Frame>, TransportError>> {
        match &mut *self.0.lock().transport {
            Some(transport) => Pin::new(transport).poll_take(take, cx),
            None => Poll::Ready(Err(TransportError::Lost)),
        }
    }

    /// Takes the transport out.
    pub(super) fn take(&self) -> Option<T> {
        self.0.lock().transport.take()
    }
}

impl<T: Transport + Unpin> Sink<Frame> for &Shared<'_, T> {
    type Error = TransportError;

    fn poll_ready(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.with(|transport| transport.poll_ready(cx))
    }

    fn start_send(self: Pin<&mut Self>, frame: Frame) -> Result<(), Self::Error> {
        match &mut *self.0.lock().transport {
            Some(transport) => Pin::new(transport).start_send(frame),
            None => Err(TransportError::Lost),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.with(|transport| transport.poll_flush(cx))
    }

    fn poll_close(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.with(|transport| transport.poll_close(cx))
    }
}
