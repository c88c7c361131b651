//! The queue in front of the writer: the frames that wait for one client.

use std::{
    collections::{BTreeMap, VecDeque},
    future::{Future, poll_fn},
    pin::Pin,
    task::{Context, Poll, Waker},
};

use bytes::Bytes;

use crate::{
    options::{ChannelOptions, Overflow},
    queue::{WakerSlot, shrink, wake},
    sync::Mutex,
    wire::{GROUP_COMPLETE, Text},
};

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
    queue: VecDeque<Text>,
    bytes: usize,
    /// Bytes by which the connection's own frames go beyond half. They are
    /// added to the capacity, so that publishers keep the other half.
    excess: usize,
    lagged: bool,
    ping: bool,
    intake: Intake,
    /// The writer, waiting for something to write.
    writer: WakerSlot,
    /// Senders that wait for room, in order of arrival.
    senders: BTreeMap<u64, Waker>,
    arrivals: u64,
}

/// The state of an outbox: what it takes of what it is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Intake {
    #[default]
    Open,
    /// It refuses what others publish.
    OwnOnly,
    /// It refuses everything, but the writer waits for what may come later.
    Muted,
    /// It refuses everything, and what is queued is the last.
    Closed,
}

/// The next thing for the writer to do.
#[derive(Debug)]
pub(crate) enum Outgoing {
    Text(Text),
    Ping,
}

/// The outcome of something that a publisher delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pushed {
    Queued,
    /// So many messages were dropped.
    Dropped(u64),
    /// Nothing fits and the policy is to close.
    Overflowed,
    Closed,
}

impl Outbox {
    pub(crate) fn new(options: &ChannelOptions) -> Self {
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
    pub(crate) fn send(&self, frame: Bytes) -> Offer<'_> {
        Offer {
            outbox: self,
            frame: Some(frame),
            turn: None,
        }
    }

    /// Queues what a publisher delivers, without waiting.
    ///
    /// All of `frames` or none of them: what completes a message never comes alone.
    pub(crate) fn push(&self, frames: &[Text]) -> Pushed {
        let mut state = self.state.lock();
        if state.intake != Intake::Open {
            return Pushed::Closed;
        }
        let mut dropped = 0;
        while state.is_full(self.capacity, frames) {
            match self.overflow {
                Overflow::Close => return Pushed::Overflowed,
                Overflow::DropNewest => {
                    state.lagged = true;
                    return Pushed::Dropped(1);
                }
                Overflow::DropOldest => {
                    state.lagged = true;
                    dropped += state.pop(self.capacity).as_ref().map_or(0, message);
                    while state.queue.front().is_some_and(completes) {
                        state.pop(self.capacity);
                    }
                }
            }
        }
        let mut writer = None;
        for frame in frames {
            writer = state.queue(frame.clone()).or(writer);
        }
        drop(state);
        wake(writer);
        match dropped {
            0 => Pushed::Queued,
            dropped => Pushed::Dropped(dropped),
        }
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
        self.refuse(|state| state.intake = Intake::Closed);
    }

    /// Refuses everything until it is opened again.
    pub(crate) fn mute(&self) {
        self.refuse(|state| {
            if state.intake != Intake::Closed {
                state.intake = Intake::Muted;
            }
        });
    }

    /// Takes the connection's own frames alone from now on.
    pub(crate) fn refuse_published(&self) {
        let mut state = self.state.lock();
        if state.intake == Intake::Open {
            state.intake = Intake::OwnOnly;
        }
    }

    /// Opens it again, unless it has been closed.
    pub(crate) fn unmute(&self) {
        let mut state = self.state.lock();
        if state.intake == Intake::Muted {
            state.intake = Intake::Open;
        }
    }

    /// Refuses everything from now on, and gives up what is queued: so many messages.
    pub(crate) fn abandon(&self) -> u64 {
        let mut abandoned = VecDeque::new();
        self.refuse(|state| {
            state.intake = Intake::Closed;
            state.bytes = 0;
            abandoned = std::mem::take(&mut state.queue);
        });
        abandoned.iter().map(message).sum()
    }

    fn refuse(&self, change: impl FnOnce(&mut State)) {
        let (writer, senders) = {
            let mut state = self.state.lock();
            change(&mut state);
            (state.writer.take(), std::mem::take(&mut state.senders))
        };
        wake(writer);
        senders.into_values().for_each(Waker::wake);
    }

    /// The next thing to write; pending while there is nothing.
    ///
    /// With it comes whether there is more to take at once. `None` once the
    /// outbox has closed and is empty. Cancel safe.
    pub(crate) async fn next(&self, lagged: &Bytes) -> Option<(Outgoing, bool)> {
        poll_fn(|cx| {
            let mut state = self.state.lock();
            if let Some(outgoing) = state.take(self.capacity, lagged) {
                let sender = state.next_sender(self.capacity);
                let more = state.has_more();
                drop(state);
                wake(sender);
                return Poll::Ready(Some((outgoing, more)));
            }
            if state.intake == Intake::Closed {
                return Poll::Ready(None);
            }
            state.writer.register(cx);
            Poll::Pending
        })
        .await
    }

    /// The next thing to write, if there is one, and whether there is more.
    pub(crate) fn try_next(&self, lagged: &Bytes) -> Option<(Outgoing, bool)> {
        let mut state = self.state.lock();
        let outgoing = state.take(self.capacity, lagged)?;
        let sender = state.next_sender(self.capacity);
        let more = state.has_more();
        drop(state);
        wake(sender);
        Some((outgoing, more))
    }
}

/// A frame of the connection's own on its way into the outbox.
///
/// Senders that wait are let in one by one, each by the frame of the one
/// before when that is taken. Dropped while it is its turn, it passes it on.
#[derive(Debug)]
pub(crate) struct Offer<'a> {
    outbox: &'a Outbox,
    frame: Option<Bytes>,
    /// Its place among those that wait, or that were just woken.
    turn: Option<u64>,
}

impl Future for Offer<'_> {
    type Output = Result<(), Bytes>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        let mut state = this.outbox.state.lock();
        let is_open = matches!(state.intake, Intake::Open | Intake::OwnOnly);
        if is_open && state.above_half(this.outbox.capacity) {
            let turn = *this.turn.get_or_insert_with(|| state.arrive());
            state.senders.insert(turn, cx.waker().clone());
            return Poll::Pending;
        }
        let frame = this.frame.take().expect("polled again after it was ready");
        if let Some(turn) = this.turn.take() {
            state.senders.remove(&turn);
        }
        if !is_open {
            return Poll::Ready(Err(frame));
        }
        let writer = state.queue(frame.into());
        state.excess = state.bytes.saturating_sub(this.outbox.capacity.bytes / 2);
        drop(state);
        wake(writer);
        Poll::Ready(Ok(()))
    }
}

impl Drop for Offer<'_> {
    fn drop(&mut self) {
        let Some(turn) = self.turn else {
            return;
        };
        let next = {
            let mut state = self.outbox.state.lock();
            match state.senders.remove(&turn) {
                Some(_) => None,
                None => state.next_sender(self.outbox.capacity),
            }
        };
        wake(next);
    }
}

impl State {
    fn queue(&mut self, frame: Text) -> Option<Waker> {
        self.bytes += frame.bytes().len();
        self.queue.push_back(frame);
        self.writer.take()
    }

    /// The next thing to write. `lagged` is the error frame that stands for what was
    /// dropped.
    fn take(&mut self, capacity: Capacity, lagged: &Bytes) -> Option<Outgoing> {
        if std::mem::take(&mut self.ping) {
            return Some(Outgoing::Ping);
        }
        if std::mem::take(&mut self.lagged) {
            return Some(Outgoing::Text(lagged.clone().into()));
        }
        let frame = self.pop(capacity)?;
        shrink(&mut self.queue);
        Some(Outgoing::Text(frame))
    }

    fn has_more(&self) -> bool {
        self.ping || self.lagged || !self.queue.is_empty()
    }

    fn pop(&mut self, capacity: Capacity) -> Option<Text> {
        let frame = self.queue.pop_front()?;
        self.bytes -= frame.bytes().len();
        if self.bytes <= capacity.bytes / 2 {
            self.excess = 0;
        }
        Some(frame)
    }

    fn above_half(&self, capacity: Capacity) -> bool {
        self.queue.len() > capacity.frames / 2 || self.bytes > capacity.bytes / 2
    }

    /// An empty queue takes anything, or a frame above the capacity could never be sent.
    fn is_full(&self, capacity: Capacity, frames: &[Text]) -> bool {
        let bytes: usize = frames.iter().map(|frame| frame.bytes().len()).sum();
        !self.queue.is_empty()
            && (self.queue.len() + frames.len() > capacity.frames
                || self.bytes + bytes > capacity.bytes.saturating_add(self.excess))
    }

    fn arrive(&mut self) -> u64 {
        self.arrivals += 1;
        self.arrivals
    }

    /// The sender that may try, now that there may be room for one more.
    fn next_sender(&mut self, capacity: Capacity) -> Option<Waker> {
        if self.above_half(capacity) {
            return None;
        }
        self.senders.pop_first().map(|(_, sender)| sender)
    }
}

/// One for a message, nothing for what completes it.
fn message(frame: &Text) -> u64 {
    u64::from(!completes(frame))
}

/// True if it says that a group message has been dealt with.
fn completes(frame: &Text) -> bool {
    *frame.bytes() == GROUP_COMPLETE
}
