//! The part of a session that reads while the worker does not.

use std::{
    future::poll_fn,
    task::{Context, Poll, ready},
};

use parking_lot::Mutex;

use super::{
    inbox::Inbox,
    pulse::Pulse,
    rate::{Allowance, Rate},
    shared::Shared,
    transport::{TakeText, Transport, TransportError},
};
use crate::{
    connection::{Connection, Counters, Disconnect},
    wire::{Frame, Heading},
};

/// The most pings and pongs that are read before others have their turn.
const CONTROL_FRAMES: usize = 64;

/// The reading of what a client sends, by whichever part has the turn.
///
/// The worker has it while it has nothing to handle, so that a message goes from the
/// socket to its handler by way of no queue and no other part. The reader has it
/// otherwise, and brings what it reads to the inbox: pings are answered and a close is
/// noticed while a handler runs. Whose turn it is, the [`Inbox`] says.
///
/// A socket wakes whoever has polled it last. Nobody sleeps through that, because
/// whoever is given the turn polls next: the worker takes it in order to poll, and the
/// reader is woken when it is handed over.
pub(super) struct Reader<'a, 't, T> {
    transport: &'a Shared<'t, T>,
    connection: &'a Connection,
    inbox: &'a Inbox,
    pulse: &'a Pulse,
    /// The rate of pings and pongs. Boxed where few connections have it.
    rate: Option<Box<Mutex<Rate>>>,
    /// The end, where the worker has come upon it: the reader's to tell.
    end: Mutex<Option<Box<Disconnect>>>,
}

/// The reading of messages by the worker, which does not know the transport.
pub(super) trait ReadMessages: Sync {
    /// Reads the client's next message, for the worker, which has the turn: it is taken
    /// where it stands, or put into its place.
    ///
    /// At the end it stays pending, and the reader has the turn again.
    fn poll_message(
        &self,
        take: TakeText<'_>,
        message: &mut Option<Frame>,
        cx: &mut Context<'_>,
    ) -> Poll<()>;
}

impl<'a, 't, T: Transport + Unpin> Reader<'a, 't, T> {
    /// Pings and pongs are allowed as many as messages, counted apart: a client that
    /// sends more, for longer than a second, is closed.
    pub(super) fn new(
        transport: &'a Shared<'t, T>,
        connection: &'a Connection,
        inbox: &'a Inbox,
        pulse: &'a Pulse,
        rate: Option<Rate>,
    ) -> Self {
        Self {
            transport,
            connection,
            inbox,
            pulse,
            rate: rate.map(|rate| Box::new(Mutex::new(rate))),
            end: Mutex::default(),
        }
    }

    /// Reads in its turns, until the peer closes or the transport fails.
    ///
    /// With `topics`, a frame goes to the lane of the topic that it names.
    pub(super) async fn run(&self, topics: bool) -> Disconnect {
        loop {
            let frame = match poll_fn(|cx| self.poll_in_turn(cx)).await {
                Ok(Some(frame)) => frame,
                // Nobody here takes any.
                Ok(None) => continue,
                Err(end) => return *end,
            };
            let rest = {
                let text = frame.message().filter(|_| topics).cloned();
                let heading = text.as_deref().and_then(Heading::of);
                self.inbox.try_push(frame, heading.as_ref())
            };
            if let Err(frame) = rest
                // Boxed because it is rare: inline it would enlarge every idle connection.
                && Box::pin(push(self.inbox, frame, topics)).await
            {
                // The wait does not count as silence, because what the peer has sent
                // meanwhile is still to be read.
                self.pulse.beat();
            }
        }
    }

    fn poll_in_turn(&self, cx: &mut Context<'_>) -> Poll<Result<Option<Frame>, Box<Disconnect>>> {
        ready!(self.inbox.poll_turn(cx));
        match self.end.lock().take() {
            Some(end) => Poll::Ready(Err(end)),
            None => self.poll_read(&mut |_| false, cx),
        }
    }

    /// The next message, `None` where it has been taken, or why none comes any more. What
    /// else the client sends is dealt with.
    #[inline(always)]
    fn poll_read(
        &self,
        take: TakeText<'_>,
        cx: &mut Context<'_>,
    ) -> Poll<Result<Option<Frame>, Box<Disconnect>>> {
        for _ in 0..CONTROL_FRAMES {
            let mut is_noted = false;
            let mut noted = |text: &[u8]| {
                self.note_message(text);
                is_noted = true;
                take(text)
            };
            let frame = match ready!(self.transport.poll_take(&mut noted, cx)) {
                Ok(Some(frame)) => frame,
                Ok(None) => return Poll::Ready(Ok(None)),
                Err(error) => return Poll::Ready(Err(Box::new(error.into()))),
            };
            if let Some(bytes) = frame.message() {
                if !is_noted {
                    self.note_message(bytes);
                }
                return Poll::Ready(Ok(Some(frame)));
            }
            if let Some(end) = self.on_control(frame) {
                return Poll::Ready(Err(Box::new(end)));
            }
        }
        // The transport may never pause.
        cx.waker().wake_by_ref();
        Poll::Pending
    }

    /// Notes a message, before anything is done with it.
    #[inline]
    fn note_message(&self, bytes: &[u8]) {
        self.pulse.message(self.inbox);
        let counters = &self.connection.counters;
        Counters::add_own(&counters.frames_in, 1);
        Counters::add_own(&counters.bytes_in, bytes.len() as u64);
    }

    /// Notes a control frame, and tells why that is the end where it is.
    #[cold]
    fn on_control(&self, frame: Frame) -> Option<Disconnect> {
        if let (Frame::Ping(_) | Frame::Pong(_), Some(rate)) = (&frame, &self.rate)
            && rate.lock().check() == Allowance::StillAbove
        {
            // Read on: the client's answer to the close is still to come.
            self.connection.end(Disconnect::RateLimited);
        }
        match frame {
            Frame::Pong(_) => self.pulse.pong(self.inbox),
            Frame::Close(close) => {
                let (code, reason) = close.map_or((1005, String::new()), |close| {
                    (close.code, close.reason.to_string())
                });
                return Some(Disconnect::Client { code, reason });
            }
            _ => self.pulse.beat(),
        }
        None
    }
}

impl<T: Transport + Unpin> ReadMessages for Reader<'_, '_, T> {
    fn poll_message(
        &self,
        take: TakeText<'_>,
        message: &mut Option<Frame>,
        cx: &mut Context<'_>,
    ) -> Poll<()> {
        match ready!(self.poll_read(take, cx)) {
            Ok(untaken) => {
                *message = untaken;
                Poll::Ready(())
            }
            Err(end) => {
                // At once, because the writer may be polled before the reader is.
                self.connection.end((*end).clone());
                *self.end.lock() = Some(end);
                self.inbox.hand_over();
                Poll::Pending
            }
        }
    }
}

/// Queues a frame that has to wait for room, and tells whether a handler has made it.
async fn push(inbox: &Inbox, frame: Frame, topics: bool) -> bool {
    let text = frame.message().filter(|_| topics).cloned();
    let heading = text.as_deref().and_then(Heading::of);
    let has_waited = inbox.push(frame, heading).await;
    // A closed inbox forgets it at once, and the transport may never pause.
    tokio::task::coop::consume_budget().await;
    has_waited
}

impl From<TransportError> for Disconnect {
    fn from(error: TransportError) -> Self {
        match error {
            TransportError::TooBig => Self::Protocol { code: 1009 },
            TransportError::InvalidUtf8 => Self::Protocol { code: 1007 },
            TransportError::Protocol => Self::Protocol { code: 1002 },
            TransportError::Lost => Self::Lost,
        }
    }
}
