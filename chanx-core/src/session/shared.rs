//! A transport that reader and writer share.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use futures_util::{Sink, Stream};
use parking_lot::{Mutex, MutexGuard};

use super::transport::{Transport, TransportError};
use crate::wire::Frame;

/// The transport of one session, which two of its parts use in turns.
///
/// They run in one task, so that neither ever waits for the other.
pub(super) struct Shared<'a, T>(Mutex<Pin<&'a mut T>>);

impl<'a, T> Shared<'a, T> {
    pub(super) fn new(transport: Pin<&'a mut T>) -> Self {
        Self(Mutex::new(transport))
    }

    /// The transport, for one poll.
    pub(super) fn lock(&self) -> MutexGuard<'_, Pin<&'a mut T>> {
        self.0.lock()
    }
}

impl<T: Transport> Stream for &Shared<'_, T> {
    type Item = Result<Frame, TransportError>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.lock().as_mut().poll_next(cx)
    }
}

impl<T: Transport> Sink<Frame> for &Shared<'_, T> {
    type Error = TransportError;

    fn poll_ready(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.lock().as_mut().poll_ready(cx)
    }

    fn start_send(self: Pin<&mut Self>, frame: Frame) -> Result<(), Self::Error> {
        self.lock().as_mut().start_send(frame)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.lock().as_mut().poll_flush(cx)
    }

    fn poll_close(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.lock().as_mut().poll_close(cx)
    }
}
