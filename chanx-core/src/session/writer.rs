//! The part of a session that writes.

use std::{
    future::{Future, poll_fn},
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use futures_util::SinkExt;
use tokio::sync::Notify;

use super::{
    shared::Shared,
    transport::{Transport, TransportError},
};
use crate::{
    connection::{Connection, Counters, Disconnect, Outgoing},
    identity::Topic,
    wire::{CloseFrame, Frame, Text, lagged_frame},
};

/// The most that is fed before it is flushed.
const BATCH_FRAMES: usize = 64;
const BATCH_BYTES: usize = 64 * 1024;

/// Writes what the outbox holds until it has closed, then the close frame.
///
/// Lets go of the connection once the peer has nothing more to say, which
/// `peer_left` tells.
pub(super) async fn write<T: Transport + Unpin>(
    transport: &Shared<'_, T>,
    connection: &Connection,
    peer_left: &Notify,
) -> Disconnect {
    if let Err(error) = write_all(transport, connection).await {
        // Nobody writes any more, so nobody is to wait for room.
        connection.outbox.abandon();
        if connection.ending().is_none() {
            return error.into();
        }
    }
    // Boxed because it runs once: inline it would enlarge every idle connection.
    Box::pin(async {
        let why = connection.ended().await;
        let _ = close(transport, &why, peer_left).await;
        why
    })
    .await
}

fn write_all<T: Transport + Unpin>(
    transport: &Shared<'_, T>,
    connection: &Connection,
) -> impl Future<Output = Result<(), TransportError>> {
    let mut batch = Batch::default();
    poll_fn(move |cx| transport.with(|transport| batch.poll_all(connection, transport, cx)))
}

/// Frames that are fed and then flushed once, because a flush is a system call.
#[derive(Default)]
struct Batch {
    next: Option<Outgoing>,
    /// True if something has been fed.
    is_fed: bool,
    /// True once all of it has been fed.
    is_whole: bool,
    frames: usize,
    bytes: usize,
}

/// The reasons for which nothing more is fed to a batch.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stop {
    /// It is large enough.
    Full,
    /// Nothing waits now; the writer is woken for what comes.
    Empty,
    /// Nothing will come.
    Closed,
}

impl Batch {
    /// Writes batches until the outbox has closed and is empty.
    fn poll_all<T: Transport + Unpin>(
        &mut self,
        connection: &Connection,
        mut transport: Pin<&mut T>,
        cx: &mut Context<'_>,
    ) -> Poll<Result<(), TransportError>> {
        loop {
            let mut stop = Stop::Full;
            if !self.is_whole {
                stop = ready!(self.poll_feed(connection, transport.as_mut(), cx))?;
                self.is_whole = self.is_fed;
            }
            if self.is_whole {
                ready!(transport.as_mut().poll_flush(cx))?;
                let counters = &connection.counters;
                Counters::add_own(&counters.frames_out, self.frames as u64);
                Counters::add_own(&counters.bytes_out, self.bytes as u64);
                *self = Self::default();
            }
            match stop {
                Stop::Full => {}
                Stop::Empty => return Poll::Pending,
                Stop::Closed => return Poll::Ready(Ok(())),
            }
        }
    }

    /// Feeds whatever waits, up to the size of a batch.
    fn poll_feed<T: Transport + Unpin>(
        &mut self,
        connection: &Connection,
        mut transport: Pin<&mut T>,
        cx: &mut Context<'_>,
    ) -> Poll<Result<Stop, TransportError>> {
        while self.frames < BATCH_FRAMES && self.bytes < BATCH_BYTES {
            let (outgoing, is_last) = match self.next.take() {
                // More may have come since it was taken.
                Some(outgoing) => (outgoing, false),
                None => match connection.outbox.poll_next(cx) {
                    Poll::Ready(Some(next)) => next,
                    Poll::Ready(None) => return Poll::Ready(Ok(Stop::Closed)),
                    Poll::Pending => return Poll::Ready(Ok(Stop::Empty)),
                },
            };
            if transport.as_mut().poll_ready(cx)?.is_pending() {
                self.next = Some(outgoing);
                return Poll::Pending;
            }
            self.is_fed = true;
            let frame = self.count(outgoing, connection);
            transport.as_mut().start_send(frame)?;
            if is_last {
                return Poll::Ready(Ok(Stop::Empty));
            }
        }
        Poll::Ready(Ok(Stop::Full))
    }

    fn count(&mut self, outgoing: Outgoing, connection: &Connection) -> Frame {
        let text = match outgoing {
            Outgoing::Ping => return Frame::Ping(Bytes::new()),
            Outgoing::Text(text) => text,
            Outgoing::Lagged(topic) => {
                let topic = topic.as_ref().or(connection.topic());
                lagged_frame(topic.map(Topic::as_str)).into()
            }
        };
        self.frames += 1;
        self.bytes += text.bytes().len();
        match text {
            Text::Plain(text) => Frame::Text(text),
            Text::Shared(shared) => Frame::SharedText(shared),
        }
    }
}

/// Sends the close frame, or the answer to the peer's, and lets go of the connection.
///
/// # Errors
///
/// When the transport fails, which changes nothing: the connection is over.
async fn close<T: Transport + Unpin>(
    mut transport: &Shared<'_, T>,
    why: &Disconnect,
    peer_left: &Notify,
) -> Result<(), TransportError> {
    if let Some((code, reason)) = why.close_frame() {
        let frame = Frame::Close(Some(CloseFrame::new(code, reason.to_owned())));
        // The peer may have closed meanwhile: then its own close is to be answered.
        let _ = transport.send(frame).await;
    }
    peer_left.notified().await;
    transport.close().await
}
