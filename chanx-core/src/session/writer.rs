//! The part of a session that writes.

use std::{
    future::poll_fn,
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
    let why = connection.ended().await;
    let _ = close(transport, &why, peer_left).await;
    why
}

async fn write_all<T: Transport + Unpin>(
    transport: &Shared<'_, T>,
    connection: &Connection,
) -> Result<(), TransportError> {
    let mut batch = Batch::default();
    poll_fn(|cx| {
        loop {
            if batch.is_empty() {
                match ready!(connection.outbox.poll_next(cx)) {
                    Some((first, more)) => batch = Batch::of(first, more),
                    None => return Poll::Ready(Ok(())),
                }
            }
            ready!(transport.with(|transport| batch.poll_write(connection, transport, cx)))?;
            let counters = &connection.counters;
            Counters::add_own(&counters.frames_out, batch.frames as u64);
            Counters::add_own(&counters.bytes_out, batch.bytes as u64);
            batch = Batch::default();
        }
    })
    .await
}

/// Frames that are fed and then flushed once, because a flush is a system call.
#[derive(Default)]
struct Batch {
    next: Option<Outgoing>,
    /// True if there was something behind the last that was taken.
    more: bool,
    /// True if something has been fed.
    is_fed: bool,
    frames: usize,
    bytes: usize,
}

impl Batch {
    fn of(first: Outgoing, more: bool) -> Self {
        Self {
            next: Some(first),
            more,
            ..Self::default()
        }
    }

    fn is_empty(&self) -> bool {
        self.next.is_none() && !self.is_fed
    }

    /// Feeds whatever is ready, up to the size of a batch, and flushes it.
    fn poll_write<T: Transport + Unpin>(
        &mut self,
        connection: &Connection,
        mut transport: Pin<&mut T>,
        cx: &mut Context<'_>,
    ) -> Poll<Result<(), TransportError>> {
        while self.next.is_some() {
            ready!(transport.as_mut().poll_ready(cx))?;
            if let Some(outgoing) = self.next.take() {
                self.is_fed = true;
                transport
                    .as_mut()
                    .start_send(self.count(outgoing, connection))?;
            }
            if self.more && self.frames < BATCH_FRAMES && self.bytes < BATCH_BYTES {
                let (next, more) = connection.outbox.try_next().unzip();
                (self.next, self.more) = (next, more.unwrap_or(false));
            }
        }
        transport.poll_flush(cx)
    }

    fn count(&mut self, outgoing: Outgoing, connection: &Connection) -> Frame {
        let text = match outgoing {
            Outgoing::Ping => return Frame::Ping(Bytes::new()),
            Outgoing::Text(text) => text,
            Outgoing::Lagged(topic) => {
                let topic = topic.as_ref().or(connection.membership.topic.as_ref());
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
