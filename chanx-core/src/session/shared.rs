//! A transport that reader and writer share.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use futures_util::{Sink, Stream};
use parking_lot::Mutex;

use super::transport::{Transport, TransportError};
use crate::wire::Frame;

/// The transport of one session, which two of its parts use in turns.
///
/// They run in one task, so that neither ever waits for the other. Once it has
/// been let go, it reads and writes as one that is lost.
pub(super) struct Shared<'a, T>(Mutex<&'a mut Option<T>>);

impl<'a, T: Transport + Unpin> Shared<'a, T> {
    pub(super) fn new(transport: &'a mut Option<T>) -> Self {
        Self(Mutex::new(transport))
    }

    /// Polls the transport once.
    pub(super) fn with<R>(
        &self,
        poll: impl FnOnce(Pin<&mut T>) -> Poll<Result<R, TransportError>>,
    ) -> Poll<Result<R, TransportError>> {
        match &mut **self.0.lock() {
            Some(transport) => poll(Pin::new(transport)),
            None => Poll::Ready(Err(TransportError::Lost)),
        }
    }

    /// Takes the transport out.
    pub(super) fn take(&self) -> Option<T> {
        self.0.lock().take()
    }
}

impl<T: Transport + Unpin> Stream for &Shared<'_, T> {
    type Item = Result<Frame, TransportError>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        match &mut **self.0.lock() {
            Some(transport) => Pin::new(transport).poll_next(cx),
            None => Poll::Ready(None),
        }
    }
}

impl<T: Transport + Unpin> Sink<Frame> for &Shared<'_, T> {
    type Error = TransportError;

    fn poll_ready(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.with(|transport| transport.poll_ready(cx))
    }

    fn start_send(self: Pin<&mut Self>, frame: Frame) -> Result<(), Self::Error> {
        match &mut **self.0.lock() {
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
