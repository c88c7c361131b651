//! The queue between publishers and worker: the events that wait for one consumer.

use std::{
    collections::VecDeque,
    task::{Context, Poll},
};

use super::{event::AnyEvent, outbox::Pushed};
use crate::{
    options::{ChannelOptions, Overflow},
    queue::{WakerSlot, shrink, wake},
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

/// The bounded queue between the layer and the worker, in events.
///
/// The bound is that of a connection and its subscriptions together: each has
/// a mailbox of its own, and all count what waits in the same [`Waiting`]. When
/// it overflows it is the handler that is slow, not the client.
#[derive(Debug)]
pub(crate) struct Mailbox {
    /// Small, because each subscription has one.
    capacity: u32,
    overflow: Overflow,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    queue: VecDeque<AnyEvent>,
    closed: bool,
    /// The worker, waiting for an event.
    worker: WakerSlot,
}

/// The number of events that wait in all mailboxes of one connection.
#[derive(Debug, Default)]
pub(crate) struct Waiting(AtomicUsize);

impl Waiting {
    /// True if an event waits in any of them.
    #[inline]
    pub(crate) fn is_any(&self) -> bool {
        self.get() > 0
    }

    fn get(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }

    /// Takes the place of one more event, if there is one.
    fn take_place(&self, capacity: usize) -> bool {
        let before = self.0.fetch_add(1, Ordering::Relaxed);
        if before >= capacity {
            self.give_back(1);
        }
        before < capacity
    }

    fn give_back(&self, places: usize) {
        self.0.fetch_sub(places, Ordering::Relaxed);
    }
}

impl Mailbox {
    pub(crate) fn new(options: &ChannelOptions) -> Self {
        Self {
            capacity: u32::try_from(options.mailbox_events.max(1)).unwrap_or(u32::MAX),
            overflow: options.overflow,
            state: Mutex::default(),
        }
    }

    /// Another of the same connection.
    pub(super) fn another(&self) -> Self {
        Self {
            capacity: self.capacity,
            overflow: self.overflow,
            state: Mutex::default(),
        }
    }

    pub(super) fn overflow(&self) -> Overflow {
        self.overflow
    }

    /// True if all mailboxes of the connection together are full.
    pub(super) fn is_full(&self, waiting: &Waiting) -> bool {
        waiting.get() >= self.capacity as usize
    }

    pub(super) fn len(&self) -> usize {
        self.state.lock().queue.len()
    }

    /// Queues an event, without waiting.
    ///
    /// Gives back the event that had to make room, for the caller to drop: its
    /// own `Drop` may publish to this mailbox, or to others.
    pub(crate) fn push(&self, event: AnyEvent, waiting: &Waiting) -> (Pushed, Option<AnyEvent>) {
        let mut state = self.state.lock();
        if state.closed {
            return (Pushed::Closed, None);
        }
        let mut pushed = Pushed::Queued;
        let mut oldest = None;
        if !waiting.take_place(self.capacity as usize) {
            pushed = Pushed::Dropped(1);
            match self.overflow {
                Overflow::Close => return (Pushed::Overflowed, None),
                Overflow::DropNewest => return (pushed, None),
                // It takes the place of the oldest.
                Overflow::DropOldest => match state.queue.pop_front() {
                    Some(event) => oldest = Some(event),
                    None => return (pushed, None),
                },
            }
        }
        state.queue.push_back(event);
        let worker = state.worker.take();
        drop(state);
        wake(worker);
        (pushed, oldest)
    }

    /// Queues an event whatever waits, for a place that another mailbox of the
    /// connection is about to give up; false once it has closed.
    pub(super) fn push_beyond(&self, event: AnyEvent, waiting: &Waiting) -> bool {
        let mut state = self.state.lock();
        if state.closed {
            return false;
        }
        waiting.0.fetch_add(1, Ordering::Relaxed);
        state.queue.push_back(event);
        let worker = state.worker.take();
        drop(state);
        wake(worker);
        true
    }

    /// Gives up one event, so that another mailbox of the connection has room:
    /// the one that the policy says.
    pub(super) fn make_room(&self, waiting: &Waiting) -> Option<AnyEvent> {
        let mut state = self.state.lock();
        let event = match self.overflow {
            Overflow::Close => None,
            Overflow::DropNewest => state.queue.pop_back(),
            Overflow::DropOldest => state.queue.pop_front(),
        };
        drop(state);
        waiting.give_back(event.iter().len());
        event
    }

    /// Takes the oldest event.
    #[inline(always)]
    pub(crate) fn poll_pop(&self, cx: &Context<'_>, waiting: &Waiting) -> Poll<AnyEvent> {
        let mut state = self.state.lock();
        let Some(event) = state.queue.pop_front() else {
            state.worker.register(cx);
            return Poll::Pending;
        };
        shrink(&mut state.queue);
        drop(state);
        waiting.give_back(1);
        Poll::Ready(event)
    }

    /// Refuses everything from now on, and gives up what is queued and who waits.
    ///
    /// Returns how many events were queued.
    pub(crate) fn close(&self, waiting: &Waiting) -> u64 {
        let (queue, worker) = {
            let mut state = self.state.lock();
            state.closed = true;
            (std::mem::take(&mut state.queue), state.worker.take())
        };
        drop(worker);
        waiting.give_back(queue.len());
        queue.len() as u64
    }
}
