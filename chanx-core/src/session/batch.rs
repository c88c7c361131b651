//! What is written together.

use std::{
    mem,
    pin::Pin,
    task::{Context, Poll, Waker, ready},
};

use bytes::Bytes;
use tokio::task::coop;

use crate::{
    connection::{Connection, Counters, Outgoing},
    identity::Topic,
    session::transport::{Transport, TransportError},
    wire::{Frame, Text, lagged_frame},
};

/// The most that is fed before it is flushed.
const BATCH_FRAMES: usize = 64;
const BATCH_BYTES: usize = 64 * 1024;

/// Frames that are fed and then flushed once, because a flush is a system call.
#[derive(Default)]
pub(super) struct Batch {
    /// Taken from the outbox, and not fed yet.
    next: Option<Outgoing>,
    /// True if something has been fed.
    is_fed: bool,
    /// True once all of it has been fed.
    is_whole: bool,
    frames: usize,
    bytes: usize,
    /// True if answers have been fed without the writer, and nobody has flushed them.
    is_owed: bool,
    /// The reason for which one of these was not written, for the writer to end with.
    failure: Option<TransportError>,
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
    pub(super) fn poll_all<T: Transport + Unpin>(
        &mut self,
        connection: &Connection,
        transport: &mut Option<T>,
        cx: &mut Context<'_>,
    ) -> Poll<Result<(), TransportError>> {
        let Some(mut transport) = transport.as_mut().map(Pin::new) else {
            return Poll::Ready(Err(TransportError::Lost));
        };
        loop {
            let mut stop = Stop::Full;
            if !self.is_whole {
                stop = ready!(self.poll_feed(connection, transport.as_mut(), cx))?;
                self.is_whole = self.is_fed;
            }
            if self.is_whole {
                ready!(self.poll_flush(connection, transport.as_mut(), cx))?;
            }
            match stop {
                // Not every transport counts what it writes against the budget of its task.
                Stop::Full => ready!(coop::poll_proceed(cx)).made_progress(),
                Stop::Empty => return Poll::Pending,
                Stop::Closed => return Poll::Ready(Ok(())),
            }
        }
    }

    fn has_room(&self) -> bool {
        self.frames < BATCH_FRAMES && self.bytes < BATCH_BYTES
    }

    /// Writes what has been fed and counts it, and begins anew.
    fn poll_flush<T: Transport + Unpin>(
        &mut self,
        connection: &Connection,
        transport: Pin<&mut T>,
        cx: &mut Context<'_>,
    ) -> Poll<Result<(), TransportError>> {
        self.is_whole = true;
        match self.failure {
            None => ready!(transport.poll_flush(cx))?,
            Some(error) => return Poll::Ready(Err(error)),
        }
        let counters = &connection.counters;
        Counters::add_own(&counters.frames_out, self.frames as u64);
        Counters::add_own(&counters.bytes_out, self.bytes as u64);
        *self = Self::default();
        Poll::Ready(Ok(()))
    }

    /// Keeps a failure, which a transport tells once, for the writer to end with.
    pub(super) fn fail(&mut self, failure: Option<TransportError>) {
        self.is_whole |= failure.is_some();
        self.failure = self.failure.or(failure);
    }

    /// True if an answer may be fed that comes behind all that the outbox has given.
    pub(super) fn takes_answer(&self) -> bool {
        let is_free = self.next.is_none() && self.failure.is_none();
        is_free && self.has_room() && !self.is_whole
    }

    /// Feeds an answer.
    ///
    /// # Errors
    ///
    /// The answer, where the transport takes none now: the writer is to ask that again,
    /// which waits for it.
    pub(super) fn feed_answer<T: Transport + Unpin>(
        &mut self,
        transport: &mut Option<T>,
        answer: Bytes,
    ) -> Result<(), Bytes> {
        let Some(mut transport) = transport.as_mut().map(Pin::new) else {
            return Err(answer);
        };
        let cx = &mut Context::from_waker(Waker::noop());
        let Poll::Ready(ready) = transport.as_mut().poll_ready(cx) else {
            return Err(answer);
        };
        // What has failed is met by the flush, which leaves it to the writer.
        self.is_owed = true;
        if let Err(error) = ready {
            self.failure = Some(error);
            return Err(answer);
        }
        self.is_fed = true;
        self.count(answer.len());
        self.failure = transport.start_send(Frame::Text(answer)).err();
        Ok(())
    }

    /// Flushes if answers have been fed; false where the writer is to go on with it.
    pub(super) fn flush_answers<T: Transport + Unpin>(
        &mut self,
        connection: &Connection,
        transport: &mut Option<T>,
    ) -> bool {
        if !mem::take(&mut self.is_owed) {
            return true;
        }
        let Some(transport) = transport.as_mut().map(Pin::new) else {
            return false;
        };
        let cx = &mut Context::from_waker(Waker::noop());
        let flushed = self.poll_flush(connection, transport, cx);
        if let Poll::Ready(Err(error)) = flushed {
            self.failure = Some(error);
        }
        flushed == Poll::Ready(Ok(()))
    }

    /// Feeds whatever waits, up to the size of a batch.
    fn poll_feed<T: Transport + Unpin>(
        &mut self,
        connection: &Connection,
        mut transport: Pin<&mut T>,
        cx: &mut Context<'_>,
    ) -> Poll<Result<Stop, TransportError>> {
        while self.has_room() {
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
            let frame = self.frame_of(outgoing, connection);
            transport.as_mut().start_send(frame)?;
            if is_last {
                return Poll::Ready(Ok(Stop::Empty));
            }
        }
        Poll::Ready(Ok(Stop::Full))
    }

    fn frame_of(&mut self, outgoing: Outgoing, connection: &Connection) -> Frame {
        let text = match outgoing {
            Outgoing::Ping => return Frame::Ping(Bytes::new()),
            Outgoing::Text(text) => text,
            Outgoing::Lagged(topic) => {
                let topic = topic.as_ref().or(connection.topic());
                lagged_frame(topic.map(Topic::as_str)).into()
            }
        };
        self.count(text.bytes().len());
        match text {
            Text::Plain(text) => Frame::Text(text),
            Text::Shared(shared) => Frame::SharedText(shared),
        }
    }

    fn count(&mut self, bytes: usize) {
        self.frames += 1;
        self.bytes += bytes;
    }
}
