//! The queue in front of the writer: the frames that wait for one client.

mod offer;
mod queued;
mod senders;
mod state;

pub(crate) use offer::Offer;
pub(crate) use queued::Outgoing;

use std::{
    sync::Arc,
    task::{Context, Poll},
};

use bytes::Bytes;

use self::{
    queued::{Queued, Source},
    state::{Capacity, Intake, State},
};
use super::stream::{Passage, Stream};
use crate::{
    options::{ChannelOptions, Overflow},
    queue::wake,
    sync::Mutex,
    wire::Text,
};

/// The bounded queue in front of the writer, in frames and in bytes.
///
/// The consumer's own sends wait above half, so that a long reply leaves
/// headroom; a publisher never waits, and only what it delivers overflows. A
/// connection and its subscriptions share it.
#[derive(Debug)]
pub(crate) struct Outbox {
    capacity: Capacity,
    overflow: Overflow,
    state: Mutex<State>,
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

    /// Queues a frame of a consumer's own, waiting while more than half is taken.
    ///
    /// Cancel safe: until it is ready, nothing has been queued. Ready with the
    /// frame itself once the outbox, or the subscription, has closed.
    pub(crate) fn send<'a>(&'a self, frame: Bytes, stream: Option<&'a Arc<Stream>>) -> Offer<'a> {
        Offer::new(self, frame, stream)
    }

    /// Queues a frame of a consumer's own, without waiting.
    ///
    /// # Errors
    ///
    /// The frame, where there is no room for it now, or none any more.
    #[inline(always)]
    pub(crate) fn try_send(&self, frame: Bytes, stream: Option<&Arc<Stream>>) -> Result<(), Bytes> {
        let mut state = self.state.lock();
        if !state.takes_own(stream) || state.above_half(self.capacity) {
            return Err(frame);
        }
        let writer = state.send(frame, stream, self.capacity);
        drop(state);
        wake(writer);
        Ok(())
    }

    /// True if a frame of a consumer's own would be the next to be written: the writer
    /// waits for what comes, which it does once nothing is left.
    #[inline]
    pub(crate) fn is_next(&self, stream: Option<&Arc<Stream>>) -> bool {
        let state = self.state.lock();
        let is_open = stream.is_none_or(|stream| stream.passage() == Passage::Open);
        is_open && state.takes_own(None) && state.writer.is_known()
    }

    /// Has the writer go on.
    pub(crate) fn wake_writer(&self) {
        let writer = self.state.lock().writer.take();
        wake(writer);
    }

    /// Queues what a publisher delivers, without waiting, and behind it what completes it.
    ///
    /// Both or neither: what completes a message never comes alone.
    // Inlined, as the queueing of it is: each call would copy the message once more.
    #[inline(always)]
    pub(crate) fn push(
        &self,
        frame: Text,
        completion: Option<Bytes>,
        stream: Option<&Arc<Stream>>,
    ) -> Pushed {
        let mut state = self.state.lock();
        let passage = stream.map_or(Passage::Open, |stream| stream.passage());
        if state.intake != Intake::Open || passage == Passage::Closed {
            return Pushed::Closed;
        }
        let (mut frames, mut bytes) = (1, frame.bytes().len());
        if let Some(completion) = &completion {
            frames += 1;
            bytes += completion.len();
        }
        let mut dropped = 0;
        while state.is_full(self.capacity, frames, bytes) {
            match self.overflow {
                Overflow::Close => return Pushed::Overflowed,
                Overflow::DropOldest if state.drop_oldest(self.capacity) => dropped += 1,
                // The oldest too may be what is left: of the consumer's own, nothing is
                // dropped.
                Overflow::DropNewest | Overflow::DropOldest => {
                    let writer = state.lag(stream);
                    drop(state);
                    wake(writer);
                    return Pushed::Dropped(dropped + 1);
                }
            }
        }
        let mut writer = None;
        let frame = Queued::new(frame, Source::Publisher, stream);
        if passage == Passage::Held {
            state.hold(frame);
        } else {
            writer = state.queue(frame);
        }
        if let Some(completion) = completion {
            let completion = Queued::new(completion.into(), Source::Publisher, stream);
            if passage == Passage::Held {
                state.hold(completion);
            } else {
                // The writer has been woken for what it completes.
                let _ = state.queue(completion);
            }
        }
        drop(state);
        wake(writer);
        match dropped {
            0 => Pushed::Queued,
            dropped => Pushed::Dropped(dropped),
        }
    }

    /// Ends a subscription: `last` is the last of its frames that is queued,
    /// whatever room there is, unless the client has not been told of it at all.
    ///
    /// Returns how many messages were held for it, and are dropped.
    pub(crate) fn end(&self, stream: &Stream, last: Option<Bytes>) -> u64 {
        let (mut dropped, mut writer) = (0, None);
        self.change(|state| {
            let was = stream.passage();
            stream.set(Passage::Closed);
            dropped = state.forget(stream);
            if let (Passage::Open, Some(last), Intake::Open | Intake::OwnOnly) =
                (was, last, state.intake)
            {
                writer = state.queue(Queued::new(last.into(), Source::Consumer, None));
            }
        });
        wake(writer);
        dropped
    }

    /// Asks the writer for a ping frame, ahead of what waits.
    pub(crate) fn ping(&self) {
        let writer = {
            let mut state = self.state.lock();
            state.ping = true;
            state.writer.take()
        };
        wake(writer);
    }

    /// Has the client told that something has not come this far: behind all that waits
    /// by now, and ahead of all that comes.
    pub(crate) fn lag(&self, stream: Option<&Arc<Stream>>) {
        let writer = self.state.lock().lag(stream);
        wake(writer);
    }

    /// Refuses everything from now on; what is queued stays for the writer.
    pub(crate) fn close(&self) {
        self.change(|state| state.intake = Intake::Closed);
    }

    /// Refuses everything until it is opened again.
    pub(crate) fn mute(&self) {
        self.change(|state| {
            if state.intake != Intake::Closed {
                state.intake = Intake::Muted;
            }
        });
    }

    /// Takes the consumers' own frames alone from now on.
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
        let mut abandoned = 0;
        self.change(|state| {
            state.intake = Intake::Closed;
            abandoned = state.clear();
        });
        abandoned
    }

    /// Changes what is taken, and wakes all who wait.
    fn change(&self, change: impl FnOnce(&mut State)) {
        let (writer, senders) = {
            let mut state = self.state.lock();
            change(&mut state);
            (state.writer.take(), state.take_senders())
        };
        wake(writer);
        for (_, sender) in senders {
            sender.wake();
        }
    }

    /// The next thing to write; pending while there is nothing.
    ///
    /// With it comes whether it is the last for now: then the writer is woken for
    /// what comes, as if it had asked again. `None` once the outbox has closed and
    /// is empty.
    pub(crate) fn poll_next(&self, cx: &Context<'_>) -> Poll<Option<(Outgoing, bool)>> {
        let mut state = self.state.lock();
        let outgoing = state.take(self.capacity);
        let is_closed = state.intake == Intake::Closed;
        if outgoing.is_none() && is_closed {
            return Poll::Ready(None);
        }
        let is_last = !is_closed && !state.has_more();
        if is_last || outgoing.is_none() {
            state.writer.register(cx);
        }
        let Some(outgoing) = outgoing else {
            return Poll::Pending;
        };
        let sender = state.next_sender(self.capacity);
        drop(state);
        wake(sender);
        Poll::Ready(Some((outgoing, is_last)))
    }
}

#[cfg(all(test, not(chanx_loom)))]
mod tests;
