//! A client that asks, waits for the answer, and asks again.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, Waker},
};

use bytes::Bytes;
use chanx::{Channel, Disconnect, RequestInfo, wire::Frame};
use chanx_core::{Endpoint, Session, Transport, TransportError};
use futures_util::{Sink, Stream};

/// The socket of a client that sends the same message again and again, each
/// time the last has been answered, and hangs up at the end.
///
/// It has no task of its own and no queue, so that what is measured is the
/// session alone.
#[derive(Debug)]
pub struct Loopback {
    /// The message that it sends before all others.
    first: Option<Bytes>,
    message: Bytes,
    left: u64,
    /// The number of frames that answer one message.
    answers: u64,
    /// The number of these that have not come yet.
    missing: u64,
    reader: Option<Waker>,
}

impl Loopback {
    /// A client that sends `message` so many times, each answered by one frame.
    #[must_use]
    pub fn new(message: impl Into<Bytes>, times: u64) -> Self {
        Self {
            first: None,
            message: message.into(),
            left: times,
            answers: 1,
            missing: 0,
            reader: None,
        }
    }

    /// Sends something else first, which is answered by one frame.
    #[must_use]
    pub fn after(mut self, first: impl Into<Bytes>) -> Self {
        self.first = Some(first.into());
        self
    }

    /// Expects so many frames for each message.
    #[must_use]
    pub fn answers(mut self, frames: u64) -> Self {
        self.answers = frames;
        self
    }
}

/// Serves one client of `endpoint` until it hangs up.
///
/// # Panics
///
/// When the client has not got all its answers: counting errors would flatter.
pub async fn exchange<C: Channel>(endpoint: &Arc<Endpoint<C>>, consumer: C, client: Loopback) {
    let session = Session::new(endpoint, consumer, RequestInfo::default());
    let why = session.run(client).await;
    assert_eq!(why, Disconnect::Lost, "the client did not hang up");
}

impl Stream for Loopback {
    type Item = Result<Frame, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.missing > 0 {
            self.reader = Some(cx.waker().clone());
            return Poll::Pending;
        }
        if let Some(first) = self.first.take() {
            self.missing = 1;
            return Poll::Ready(Some(Ok(Frame::Text(first))));
        }
        if self.left == 0 {
            return Poll::Ready(None);
        }
        self.left -= 1;
        self.missing = self.answers;
        Poll::Ready(Some(Ok(Frame::Text(self.message.clone()))))
    }
}

impl Sink<Frame> for Loopback {
    type Error = TransportError;

    fn poll_ready(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<(), TransportError>> {
        Poll::Ready(Ok(()))
    }

    fn start_send(mut self: Pin<&mut Self>, frame: Frame) -> Result<(), TransportError> {
        if let Frame::Text(text) = frame {
            assert!(
                !text.starts_with(br#"{"action":"error""#),
                "the client was refused: {text:?}"
            );
            self.missing = self.missing.saturating_sub(1);
        }
        Ok(())
    }

    fn poll_flush(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Result<(), TransportError>> {
        if self.missing == 0
            && let Some(reader) = self.reader.take()
        {
            reader.wake();
        }
        Poll::Ready(Ok(()))
    }

    fn poll_close(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<(), TransportError>> {
        Poll::Ready(Ok(()))
    }
}

impl Transport for Loopback {}
