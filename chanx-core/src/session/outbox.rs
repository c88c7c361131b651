//! What waits to be written to one client.

use std::{
    collections::VecDeque,
    future::poll_fn,
    task::{Context, Poll, Waker},
};

use bytes::Bytes;
use parking_lot::Mutex;

use crate::{Options, Overflow};

/// The bounded queue in front of the writer, in frames and in bytes.
///
/// The consumer's own sends wait above half, so that a long reply leaves
/// headroom; a publisher never waits, and only what it delivers overflows.
#[derive(Debug)]
pub(crate) struct Outbox {
    capacity: Capacity,
    overflow: Overflow,
    state: Mutex<State>,
}

#[derive(Debug, Clone, Copy)]
struct Capacity {
    frames: usize,
    bytes: usize,
}

#[derive(Debug, Default)]
struct State {
    queue: VecDeque<Bytes>,
    bytes: usize,
    lagged: bool,
    ping: bool,
    closed: bool,
    /// The writer, waiting for something to write.
    writer: Option<Waker>,
    /// Senders, waiting for room.
    senders: Vec<Waker>,
}

/// What the writer is to do next.
#[derive(Debug)]
pub(crate) enum Outgoing {
    Frame(Bytes),
    Ping,
}

/// What became of a frame that a publisher delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pushed {
    Queued,
    Dropped,
    /// Nothing fits and the policy is to close.
    Overflowed,
    Closed,
}

impl Outbox {
    pub(crate) fn new(options: &Options) -> Self {
        Self {
            capacity: Capacity {
                frames: options.outbox_frames.max(1),
                bytes: options.outbox_bytes,
            },
            overflow: options.overflow,
            state: Mutex::default(),
        }
    }

    /// Queues a frame of the connection's own, waiting while more than half is taken.
    ///
    /// Cancel safe: until it is ready, nothing has been queued. Ready with the
    /// frame itself once the outbox has closed.
    pub(crate) async fn send(&self, frame: Bytes) -> Result<(), Bytes> {
        let mut frame = Some(frame);
        poll_fn(|cx| self.poll_send(cx, &mut frame)).await
    }

    /// As [`send`](Self::send), taking the frame once it is ready.
    pub(crate) fn poll_send(
        &self,
        cx: &mut Context<'_>,
        frame: &mut Option<Bytes>,
    ) -> Poll<Result<(), Bytes>> {
        let mut state = self.state.lock();
        if !state.closed && state.above_half(self.capacity) {
            state.senders.retain(|waker| !waker.will_wake(cx.waker()));
            state.senders.push(cx.waker().clone());
            return Poll::Pending;
        }
        let frame = frame.take().expect("polled again after it was ready");
        if state.closed {
            return Poll::Ready(Err(frame));
        }
        let writer = state.queue(frame);
        drop(state);
        wake(writer);
        Poll::Ready(Ok(()))
    }

    /// Queues what a publisher delivers, without waiting.
    ///
    /// All of `frames` or none of them: what completes a message never comes alone.
    pub(crate) fn push(&self, frames: &[Bytes]) -> Pushed {
        let mut state = self.state.lock();
        if state.closed {
            return Pushed::Closed;
        }
        let mut pushed = Pushed::Queued;
        while state.is_full(self.capacity, frames) {
            match self.overflow {
                Overflow::Close => return Pushed::Overflowed,
                Overflow::DropNewest => {
                    state.lagged = true;
                    return Pushed::Dropped;
                }
                Overflow::DropOldest => {
                    state.lagged = true;
                    pushed = Pushed::Dropped;
                    state.drop_oldest();
                }
            }
        }
        let mut writer = None;
        for frame in frames {
            writer = state.queue(frame.clone()).or(writer);
        }
        drop(state);
        wake(writer);
        pushed
    }

    /// Asks the writer for a ping frame.
    pub(crate) fn ping(&self) {
        self.ask(|state| state.ping = true);
    }

    /// Asks the writer to say that something has not come this far.
    pub(crate) fn lag(&self) {
        self.ask(|state| state.lagged = true);
    }

    fn ask(&self, change: impl FnOnce(&mut State)) {
        let writer = {
            let mut state = self.state.lock();
            change(&mut state);
            state.writer.take()
        };
        wake(writer);
    }

    /// Refuses everything from now on; what is queued stays for the writer.
    pub(crate) fn close(&self) {
        self.end(|_| {});
    }

    /// Refuses everything from now on, and gives up what is queued.
    pub(crate) fn abandon(&self) {
        self.end(|state| {
            state.queue = VecDeque::new();
            state.bytes = 0;
        });
    }

    fn end(&self, change: impl FnOnce(&mut State)) {
        let (writer, senders) = {
            let mut state = self.state.lock();
            state.closed = true;
            change(&mut state);
            (state.writer.take(), std::mem::take(&mut state.senders))
        };
        wake(writer);
        senders.into_iter().for_each(Waker::wake);
    }

    /// What to write next; pending while there is nothing.
    ///
    /// `None` once the outbox has closed and is empty. Cancel safe.
    pub(crate) async fn next(&self, lagged: &Bytes) -> Option<Outgoing> {
        poll_fn(|cx| {
            let mut state = self.state.lock();
            if let Some(outgoing) = self.take(&mut state, lagged) {
                let senders = state.senders_with_room(self.capacity);
                drop(state);
                senders.into_iter().for_each(Waker::wake);
                return Poll::Ready(Some(outgoing));
            }
            if state.closed {
                return Poll::Ready(None);
            }
            if !state
                .writer
                .as_ref()
                .is_some_and(|waker| waker.will_wake(cx.waker()))
            {
                state.writer = Some(cx.waker().clone());
            }
            Poll::Pending
        })
        .await
    }

    /// What to write next, if there is anything.
    pub(crate) fn try_next(&self, lagged: &Bytes) -> Option<Outgoing> {
        let mut state = self.state.lock();
        let outgoing = self.take(&mut state, lagged)?;
        let senders = state.senders_with_room(self.capacity);
        drop(state);
        senders.into_iter().for_each(Waker::wake);
        Some(outgoing)
    }

    /// `lagged` is the error frame that stands for what was dropped.
    #[expect(clippy::unused_self, reason = "reads as an operation of the outbox")]
    fn take(&self, state: &mut State, lagged: &Bytes) -> Option<Outgoing> {
        if std::mem::take(&mut state.ping) {
            return Some(Outgoing::Ping);
        }
        if std::mem::take(&mut state.lagged) {
            return Some(Outgoing::Frame(lagged.clone()));
        }
        let frame = state.queue.pop_front()?;
        state.bytes -= frame.len();
        if state.queue.is_empty() && state.queue.capacity() > 64 {
            state.queue = VecDeque::new();
        }
        Some(Outgoing::Frame(frame))
    }
}

impl State {
    fn queue(&mut self, frame: Bytes) -> Option<Waker> {
        self.bytes += frame.len();
        self.queue.push_back(frame);
        self.writer.take()
    }

    fn drop_oldest(&mut self) {
        if let Some(frame) = self.queue.pop_front() {
            self.bytes -= frame.len();
        }
    }

    fn above_half(&self, capacity: Capacity) -> bool {
        self.queue.len() > capacity.frames / 2 || self.bytes > capacity.bytes / 2
    }

    /// An empty queue takes anything, or a frame above the capacity could never be sent.
    fn is_full(&self, capacity: Capacity, frames: &[Bytes]) -> bool {
        let bytes: usize = frames.iter().map(Bytes::len).sum();
        !self.queue.is_empty()
            && (self.queue.len() + frames.len() > capacity.frames
                || self.bytes + bytes > capacity.bytes)
    }

    fn senders_with_room(&mut self, capacity: Capacity) -> Vec<Waker> {
        if self.senders.is_empty() || self.above_half(capacity) {
            return Vec::new();
        }
        std::mem::take(&mut self.senders)
    }
}

fn wake(waker: Option<Waker>) {
    if let Some(waker) = waker {
        waker.wake();
    }
}
