//! A transport of two halves.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use futures_util::{Sink, Stream};

use super::transport::{Transport, TransportError};
use crate::wire::Frame;

/// A transport that reads from a stream and writes to a sink, where these are two values.
///
/// A half that is not [`Unpin`] is boxed: `Box::pin(half)`.
#[derive(Debug)]
pub struct Halves<R, W> {
    read: R,
    write: W,
}

impl<R, W> Halves<R, W> {
    /// Joins the two halves.
    pub fn new(read: R, write: W) -> Self {
        Self { read, write }
    }
}

impl<R: Stream + Unpin, W: Unpin> Stream for Halves<R, W> {
    type Item = R::Item;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<R::Item>> {
        Pin::new(&mut self.read).poll_next(cx)
    }
}

impl<R: Unpin, W: Sink<T> + Unpin, T> Sink<T> for Halves<R, W> {
    type Error = W::Error;

    fn poll_ready(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), W::Error>> {
        Pin::new(&mut self.write).poll_ready(cx)
    }

    fn start_send(mut self: Pin<&mut Self>, item: T) -> Result<(), W::Error> {
        Pin::new(&mut self.write).start_send(item)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), W::Error>> {
        Pin::new(&mut self.write).poll_flush(cx)
    }

    fn poll_close(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), W::Error>> {
        Pin::new(&mut self.write).poll_close(cx)
    }
}

impl<R, W> Transport for Halves<R, W>
where
    R: Stream<Item = Result<Frame, TransportError>> + Unpin + Send,
    W: Sink<Frame, Error = TransportError> + Unpin + Send,
{
}
