//! The frames that wait in an outbox, and the tasks that wait for it.

use std::{collections::VecDeque, sync::Arc, task::Waker};

use bytes::Bytes;

use super::{
    queued::{Dropped, Outgoing, Queued, Source, add_gap, drop_oldest},
    senders::Senders,
};
use crate::{
    connection::stream::{Passage, Stream},
    queue::{WakerSlot, push, shrink},
    wire::page,
};

/// The most that may wait.
#[derive(Debug, Clone, Copy)]
pub(super) struct Capacity {
    pub(super) frames: usize,
    pub(super) bytes: usize,
}

#[derive(Debug, Default)]
pub(super) struct State {
    queue: VecDeque<Queued>,
    pub(super) bytes: usize,
    /// Bytes by which the consumers' own frames go beyond half. They are
    /// added to the capacity, so that publishers keep the other half.
    pub(super) excess: usize,
    /// The gaps in the queue, which take no room.
    gaps: u32,
    pub(super) ping: bool,
    pub(super) intake: Intake,
    /// Boxed because few connections have any.
    held: Option<Box<Held>>,
    /// The writer, waiting for something to write.
    pub(super) writer: WakerSlot,
    /// Boxed because few connections have any.
    senders: Option<Box<Senders>>,
}

/// The publications to the subscriptions that the client has not been told of.
#[derive(Debug, Default)]
struct Held {
    queue: VecDeque<Queued>,
    bytes: usize,
    gaps: u32,
}

/// The state of an outbox: what it takes of what it is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Intake {
    #[default]
    Open,
    /// It refuses what others publish.
    OwnOnly,
    /// It refuses everything, but the writer waits for what may come later.
    Muted,
    /// It refuses everything, and what is queued is the last.
    Closed,
}

impl State {
    #[inline(always)]
    pub(super) fn queue(&mut self, queued: Queued) -> Option<Waker> {
        self.bytes += queued.len();
        push(&mut self.queue, queued);
        self.writer.take()
    }

    /// Queues a frame of a consumer's own, with all that was held for it.
    ///
    /// It is given bytes of its own: what waits keeps no page.
    #[inline(always)]
    pub(super) fn send(
        &mut self,
        frame: Bytes,
        stream: Option<&Arc<Stream>>,
        capacity: Capacity,
    ) -> Option<Waker> {
        let frame = page::own(frame).into();
        let writer = self.queue(Queued::new(frame, Source::Consumer, stream));
        self.excess = self.bytes.saturating_sub(capacity.bytes / 2);
        if let Some(stream) = stream
            && stream.passage() == Passage::Held
        {
            self.open(stream);
        }
        writer
    }

    /// True if it takes a consumer's own frames.
    #[inline]
    pub(super) fn takes_own(&self, stream: Option<&Arc<Stream>>) -> bool {
        let is_open = matches!(self.intake, Intake::Open | Intake::OwnOnly);
        is_open && stream.is_none_or(|stream| stream.passage() != Passage::Closed)
    }

    /// Keeps what comes before `subscribed`.
    pub(super) fn hold(&mut self, queued: Queued) {
        let held = self.held.get_or_insert_default();
        held.bytes += queued.len();
        held.queue.push_back(queued);
    }

    /// Queues what was held, behind `subscribed`.
    fn open(&mut self, stream: &Stream) {
        stream.set(Passage::Open);
        for queued in self.take_held(stream) {
            self.gaps += u32::from(queued.is_gap());
            // The writer has been woken for `subscribed`.
            let _ = self.queue(queued);
        }
    }

    /// Forgets what was held: so many messages.
    pub(super) fn forget(&mut self, stream: &Stream) -> u64 {
        messages(&self.take_held(stream))
    }

    fn take_held(&mut self, stream: &Stream) -> VecDeque<Queued> {
        let Some(held) = &mut self.held else {
            return VecDeque::new();
        };
        let all = std::mem::take(&mut held.queue).into_iter();
        let (its, others): (VecDeque<_>, _) = all.partition(|it| it.is_of(Some(stream)));
        held.queue = others;
        for queued in &its {
            held.bytes -= queued.len();
            held.gaps -= u32::from(queued.is_gap());
        }
        its
    }

    /// Notes that something has not come this far: a client is told of it behind all that
    /// waits by now, and ahead of all that comes. The writer is to be woken.
    pub(super) fn lag(&mut self, stream: Option<&Arc<Stream>>) -> Option<Waker> {
        let passage = stream.map_or(Passage::Open, |stream| stream.passage());
        if self.intake != Intake::Open || passage == Passage::Closed {
            return None;
        }
        if passage == Passage::Held {
            let held = self.held.get_or_insert_default();
            held.gaps += u32::from(add_gap(&mut held.queue, stream));
            return None;
        }
        self.gaps += u32::from(add_gap(&mut self.queue, stream));
        self.writer.take()
    }

    /// The next thing to write.
    #[inline]
    pub(super) fn take(&mut self, capacity: Capacity) -> Option<Outgoing> {
        if self.ping {
            self.ping = false;
            return Some(Outgoing::Ping);
        }
        let queued = self.queue.pop_front()?;
        self.forget_bytes(queued.len(), capacity);
        shrink(&mut self.queue);
        if queued.is_gap() {
            self.gaps -= 1;
        }
        Some(queued.into_outgoing())
    }

    /// True if something is there to write.
    #[inline]
    pub(super) fn has_more(&self) -> bool {
        !self.queue.is_empty() || self.ping
    }

    #[inline]
    fn forget_bytes(&mut self, bytes: usize, capacity: Capacity) {
        self.bytes -= bytes;
        if self.bytes <= capacity.bytes / 2 {
            self.excess = 0;
        }
    }

    /// Makes room by dropping the message that was published first; false where none
    /// waits.
    pub(super) fn drop_oldest(&mut self, capacity: Capacity) -> bool {
        if let Some(Dropped { bytes, gaps }) = drop_oldest(&mut self.queue) {
            self.forget_bytes(bytes, capacity);
            self.gaps = self.gaps.saturating_add_signed(gaps);
            return true;
        }
        let Some(held) = &mut self.held else {
            return false;
        };
        let Some(Dropped { bytes, gaps }) = drop_oldest(&mut held.queue) else {
            return false;
        };
        held.bytes -= bytes;
        held.gaps = held.gaps.saturating_add_signed(gaps);
        true
    }

    /// Gives up what waits: so many messages.
    pub(super) fn clear(&mut self) -> u64 {
        let held = self.held.take().map_or(0, |held| messages(&held.queue));
        let queue = std::mem::take(&mut self.queue);
        self.bytes = 0;
        self.gaps = 0;
        messages(&queue) + held
    }

    /// The frames in the queue.
    #[inline]
    fn frames(&self) -> usize {
        self.queue.len() - self.gaps as usize
    }

    #[inline]
    pub(super) fn above_half(&self, capacity: Capacity) -> bool {
        self.frames() > capacity.frames / 2 || self.bytes > capacity.bytes / 2
    }

    /// An empty queue takes anything, or a frame above the capacity could never be sent.
    pub(super) fn is_full(&self, capacity: Capacity, frames: usize, bytes: usize) -> bool {
        let held = self.held.as_ref();
        let (held, held_bytes) =
            held.map_or((0, 0), |it| (it.queue.len() - it.gaps as usize, it.bytes));
        let waiting = self.frames() + held;
        waiting > 0
            && (waiting + frames > capacity.frames
                || self.bytes + held_bytes + bytes > capacity.bytes.saturating_add(self.excess))
    }

    pub(super) fn arrive(&mut self) -> u64 {
        self.senders.get_or_insert_default().arrive()
    }

    /// The sender that may try, now that there may be room for one more.
    #[inline]
    pub(super) fn next_sender(&mut self, capacity: Capacity) -> Option<Waker> {
        if self.senders.is_none() || self.above_half(capacity) {
            return None;
        }
        self.senders.as_mut()?.next()
    }

    /// Has a sender wait for its turn.
    pub(super) fn wait(&mut self, turn: u64, sender: Waker) {
        self.senders.get_or_insert_default().wait(turn, sender);
    }

    /// Has a sender wait no longer; false where it did not, because it was woken.
    pub(super) fn leave(&mut self, turn: u64) -> bool {
        let senders = self.senders.as_mut();
        senders.is_some_and(|senders| senders.leave(turn))
    }

    /// The senders that wait, who wait no longer.
    pub(super) fn take_senders(&mut self) -> VecDeque<(u64, Waker)> {
        let senders = self.senders.as_mut();
        senders
            .map(|senders| senders.take_all())
            .unwrap_or_default()
    }
}

fn messages<'a>(queue: impl IntoIterator<Item = &'a Queued>) -> u64 {
    queue.into_iter().filter(|it| it.is_message()).count() as u64
}
