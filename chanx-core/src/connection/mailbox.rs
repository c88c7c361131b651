//! The queue between publishers and worker: the events that wait for one consumer.

use std::{
    collections::VecDeque,
    task::{Context, Poll},
};

use super::{event::AnyEvent, outbox::Pushed};
use crate::{
    options::{ChannelOptions, Overflow},
    queue::{WakerSlot, shrink, wake},
    sync::Mutex,
};

/// The bounded queue between the layer and the worker, in events.
///
/// When it overflows it is the handler that is slow, not the client.
#[derive(Debug)]
pub(crate) struct Mailbox {
    capacity: usize,
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

impl Mailbox {
    pub(crate) fn new(options: &ChannelOptions) -> Self {
        Self {
            capacity: options.mailbox_events.max(1),
            overflow: options.overflow,
            state: Mutex::default(),
        }
    }

    /// Queues an event, without waiting.
    ///
    /// Gives back the event that had to make room, for the caller to drop: its
    /// own `Drop` may publish to this mailbox, or to others.
    pub(crate) fn push(&self, event: AnyEvent) -> (Pushed, Option<AnyEvent>) {
        let mut state = self.state.lock();
        if state.closed {
            return (Pushed::Closed, None);
        }
        let mut pushed = Pushed::Queued;
        let mut oldest = None;
        if state.queue.len() >= self.capacity {
            pushed = Pushed::Dropped(1);
            match self.overflow {
                Overflow::Close => return (Pushed::Overflowed, None),
                Overflow::DropNewest => return (pushed, None),
                Overflow::DropOldest => oldest = state.queue.pop_front(),
            }
        }
        state.queue.push_back(event);
        let worker = state.worker.take();
        drop(state);
        wake(worker);
        (pushed, oldest)
    }

    /// Takes the oldest event.
    pub(crate) fn poll_pop(&self, cx: &Context<'_>) -> Poll<AnyEvent> {
        let mut state = self.state.lock();
        let Some(event) = state.queue.pop_front() else {
            state.worker.register(cx);
            return Poll::Pending;
        };
        shrink(&mut state.queue);
        Poll::Ready(event)
    }

    /// Refuses everything from now on, and gives up what is queued and who waits.
    ///
    /// Returns how many events were queued.
    pub(crate) fn close(&self) -> u64 {
        let (queue, worker) = {
            let mut state = self.state.lock();
            state.closed = true;
            (std::mem::take(&mut state.queue), state.worker.take())
        };
        drop(worker);
        queue.len() as u64
    }
}
