//! The part of a session that writes.

#[cfg(all(test, not(chanx_loom)))]
mod tests;

use std::{
    future::{Future, poll_fn},
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use futures_util::SinkExt;
use tokio::sync::Notify;

use super::{
    batch::Batch,
    shared::Shared,
    transport::{Transport, TransportError},
};
use crate::{
    connection::{Connection, Disconnect, Member, Stage},
    wire::{CloseFrame, Frame},
};

/// The writing half of a session: what the outbox holds goes to its transport.
pub(super) struct Writing<'a, T> {
    pub(super) transport: &'a Shared<'a, T>,
    connection: &'a Connection,
}

/// The way for answers that need not wait: past the outbox, and without the writer, which
/// would have to be woken for each.
///
/// An answer takes it only where the outbox would hand it on at once, so that it changes
/// neither the order of frames nor what may wait.
pub(super) trait WriteAtOnce: Send + Sync {
    /// Feeds an answer of a member's own to the transport, if it is the next to be written.
    ///
    /// It is flushed by whoever runs handlers, see [`flushed`].
    ///
    /// # Errors
    ///
    /// The answer, where it belongs behind something else, or has to wait.
    fn try_write(&self, member: &Member, answer: Bytes) -> Result<(), Bytes>;

    /// Flushes the answers that were fed so.
    fn flush(&self);
}

/// Runs handlers, and flushes what they have written whenever they stop for a while.
pub(super) fn flushed<F: Future + Unpin>(
    mut handlers: F,
    writing: &dyn WriteAtOnce,
) -> impl Future<Output = F::Output> {
    poll_fn(move |cx| {
        let polled = Pin::new(&mut handlers).poll(cx);
        writing.flush();
        polled
    })
}

impl<'a, T: Transport + Unpin> Writing<'a, T> {
    pub(super) fn new(transport: &'a Shared<'a, T>, connection: &'a Connection) -> Self {
        Self {
            transport,
            connection,
        }
    }

    /// Writes what the outbox holds until it has closed, then the close frame.
    ///
    /// Lets go of the connection once the peer has nothing more to say, which
    /// `peer_left` tells.
    pub(super) async fn run(&self, peer_left: &Notify) -> Disconnect {
        let connection = self.connection;
        if let Err(error) = poll_fn(|cx| self.poll_all(cx)).await {
            // Nobody writes any more, so nobody is to wait for room.
            connection.outbox.abandon();
            if connection.ending().is_none() {
                return error.into();
            }
        }
        // Boxed because it runs once: inline it would enlarge every idle connection.
        Box::pin(async {
            let why = connection.ended().await;
            let _ = close(self.transport, &why, peer_left).await;
            why
        })
        .await
    }

    /// Writes what the outbox holds, for as long as that is all there is to do: ready where
    /// the rest is for [`run`](Self::run), which meets the end anew.
    pub(super) fn poll_alone(&self, cx: &mut Context<'_>) -> Poll<()> {
        if self.connection.stage() > Stage::Open {
            return Poll::Ready(());
        }
        self.transport.write(|batch, transport| {
            let written = batch.poll_all(self.connection, transport, cx);
            written.map(|written| batch.fail(written.err()))
        })
    }

    fn poll_all(&self, cx: &mut Context<'_>) -> Poll<Result<(), TransportError>> {
        self.transport
            .write(|batch, transport| batch.poll_all(self.connection, transport, cx))
    }
}

impl<T: Transport + Unpin> WriteAtOnce for Writing<'_, T> {
    fn try_write(&self, member: &Member, answer: Bytes) -> Result<(), Bytes> {
        self.transport.write(|batch, transport| {
            if !batch.takes_answer() || !member.is_next() {
                return Err(answer);
            }
            batch.feed_answer(transport, answer)
        })
    }

    fn flush(&self) {
        let flush = |batch: &mut Batch, transport: &mut Option<T>| {
            batch.flush_answers(self.connection, transport)
        };
        if !self.transport.write(flush) {
            self.connection.outbox.wake_writer();
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
