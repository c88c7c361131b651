//! The queues between reader, worker and lanes: what a client has sent ahead of its handlers.
//! While nothing waits in them, the worker may read by itself.

mod lane_end;
mod lanes;
mod state;
mod turn;

pub(super) use lanes::{InLane, LaneId, Limit, Queued};
pub(super) use state::Work;

use std::{
    collections::VecDeque,
    future::poll_fn,
    task::{Context, Poll, Waker},
};

use self::{
    lanes::Lanes,
    state::{Intake, State, cost},
};
use super::ask::Ask;
use crate::{
    queue::{shrink, wake},
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    wire::{Frame, Heading},
};

/// The bounded queue between reader and worker, in bytes: with topics a queue for
/// each, and the bound is that of all together.
///
/// While it is full the reader pauses: that is the backpressure. It is bounded
/// in bytes and not in frames so that the reader still gets to a ping or a
/// close behind a burst of small messages while a handler runs.
#[derive(Debug)]
pub(super) struct Inbox {
    capacity: usize,
    /// Bytes that the reader may queue beyond the capacity. Outside the lock
    /// because it is read for every frame, and nearly always zero.
    extra: AtomicUsize,
    /// True while it is the worker's turn to read, and not the reader's. Outside the lock
    /// because it is read for every frame.
    is_workers_turn: AtomicBool,
    state: Mutex<State>,
}

impl Inbox {
    pub(super) fn new(capacity: usize) -> Self {
        Self {
            capacity,
            extra: AtomicUsize::new(0),
            is_workers_turn: AtomicBool::new(false),
            state: Mutex::default(),
        }
    }

    /// With a queue for each topic, up to so many.
    pub(super) fn with_lanes(self, limit: Limit) -> Self {
        self.state.lock().lanes = Some(Box::new(Lanes::new(limit)));
        self
    }

    /// Queues a frame, if there is room for it. An empty inbox takes any frame.
    ///
    /// One that names a topic goes to the lane of that, which is made where it
    /// subscribes; where there is none, to the worker, which refuses it.
    ///
    /// # Errors
    ///
    /// The frame, where it has to wait or is not wanted any more.
    #[inline(always)]
    pub(super) fn try_push(
        &self,
        frame: Frame,
        heading: Option<&Heading<'_>>,
    ) -> Result<(), Frame> {
        let mut state = self.state.lock();
        let cost = cost(&frame);
        if state.intake != Intake::Open || state.paused || self.is_full(&state, cost) {
            return Err(frame);
        }
        let handler = state.queue(frame, cost, heading);
        drop(state);
        wake(handler);
        Ok(())
    }

    /// Queues a frame, waiting for room. A closed inbox forgets it.
    ///
    /// Returns whether it has waited for a handler to make room: not where it
    /// was let in beyond the capacity.
    pub(super) async fn push(&self, frame: Frame, heading: Option<Heading<'_>>) -> bool {
        let mut frame = Some(frame);
        poll_fn(|cx| {
            let mut state = self.state.lock();
            let Some(next) = frame.take() else {
                state.reader.register(cx);
                return match state.intake {
                    Intake::Closed => Poll::Ready(false),
                    Intake::Open | Intake::Sealed => Poll::Pending,
                };
            };
            if state.intake == Intake::Closed {
                return Poll::Ready(std::mem::take(&mut state.paused));
            }
            let cost = cost(&next);
            if self.is_full(&state, cost) && state.intake == Intake::Open {
                state.reader.register(cx);
                state.paused = true;
                frame = Some(next);
                return Poll::Pending;
            }
            let handler = state.queue(next, cost, heading.as_ref());
            let waited = std::mem::take(&mut state.paused) && !self.exceeds_capacity(&state);
            let is_sealed = state.intake == Intake::Sealed;
            let mut others = Vec::new();
            if is_sealed {
                state.reader.register(cx);
                // Nothing comes behind it, which those that have nothing want to know.
                others = state.handlers();
            }
            drop(state);
            wake(handler);
            others.into_iter().for_each(Waker::wake);
            match is_sealed {
                true => Poll::Pending,
                false => Poll::Ready(waited),
            }
        })
        .await
    }

    fn is_full(&self, state: &State, cost: usize) -> bool {
        state.bytes > 0 && state.bytes + cost > self.limit()
    }

    fn limit(&self) -> usize {
        self.capacity
            .saturating_add(self.extra.load(Ordering::Relaxed))
    }

    /// Lets the reader queue so many bytes beyond the capacity, until that is
    /// withdrawn.
    pub(super) fn grant(&self, extra: usize) {
        self.extra.store(extra, Ordering::Relaxed);
        let reader = self.state.lock().reader.take();
        wake(reader);
    }

    /// Holds the reader to the capacity again. What is queued beyond it stays.
    pub(super) fn withdraw(&self) {
        self.extra.store(0, Ordering::Relaxed);
    }

    /// True if more is queued than the capacity, by a grant that still stands.
    pub(super) fn is_past_capacity(&self) -> bool {
        self.has_grant() && self.exceeds_capacity(&self.state.lock())
    }

    fn has_grant(&self) -> bool {
        self.extra.load(Ordering::Relaxed) > 0
    }

    /// Without a grant it is false even above the capacity, because an empty
    /// inbox takes a frame of any size.
    fn exceeds_capacity(&self, state: &State) -> bool {
        self.has_grant() && state.bytes > self.capacity
    }

    pub(super) fn is_empty(&self) -> bool {
        self.state.lock().bytes == 0
    }

    /// Asks the worker for something, behind what waits for it.
    pub(super) fn ask(&self, ask: Ask) {
        let worker = {
            let mut state = self.state.lock();
            if state.intake == Intake::Closed {
                return;
            }
            state.queue.push_back(Work::Ask(Box::new(ask)));
            state.worker.take()
        };
        wake(worker);
    }

    /// Keeps what has been read for the worker, and stops the reader.
    pub(super) fn seal(&self) {
        self.turn(|state| {
            if state.intake == Intake::Open {
                state.intake = Intake::Sealed;
            }
        });
    }

    /// Forgets what is queued and all that comes, so that the reader gets to
    /// the peer's close frame.
    pub(super) fn close(&self) {
        self.turn(|state| {
            state.intake = Intake::Closed;
            state.queue = VecDeque::new();
            if let Some(lanes) = &mut state.lanes {
                lanes.clear();
            }
            state.bytes = 0;
            state.paused = false;
        });
    }

    /// Changes the intake, and wakes all ends. It is the reader's turn from then on.
    fn turn(&self, change: impl FnOnce(&mut State)) {
        let (reader, turn, handlers) = {
            let mut state = self.state.lock();
            change(&mut state);
            self.is_workers_turn.store(false, Ordering::Relaxed);
            (state.reader.take(), state.turn.take(), state.handlers())
        };
        wake(reader);
        wake(turn);
        handlers.into_iter().for_each(Waker::wake);
    }

    /// Takes what is oldest of what waits for the worker; `None` when there is
    /// nothing and nothing will come, from a lane neither.
    #[inline(always)]
    pub(super) fn poll_pop(&self, cx: &Context<'_>) -> Poll<Option<Work>> {
        let mut state = self.state.lock();
        let Some(work) = state.queue.pop_front() else {
            let lanes = state.lanes.as_ref();
            if state.is_over() && lanes.is_none_or(|lanes| lanes.are_drained()) {
                return Poll::Ready(None);
            }
            state.worker.register(cx);
            return Poll::Pending;
        };
        if let Work::Frame(frame) = &work {
            state.bytes -= cost(frame);
        }
        shrink(&mut state.queue);
        let reader = state.reader.take();
        drop(state);
        wake(reader);
        Poll::Ready(Some(work))
    }
}

#[cfg(all(test, not(chanx_loom)))]
mod tests {
    use std::{
        pin::pin,
        sync::{Arc, atomic::AtomicU8},
        task::{Wake, Waker},
    };

    use bytes::Bytes;
    use pollster::block_on;

    use super::*;

    /// A reader that runs the moment it is woken, as on another thread.
    struct Reader {
        inbox: Inbox,
        found_free: AtomicU8,
    }

    impl Wake for Reader {
        fn wake(self: Arc<Self>) {
            let free = self.inbox.state.try_lock().is_some();
            self.found_free.fetch_add(free.into(), Ordering::Relaxed);
        }
    }

    #[test]
    fn a_reader_that_is_woken_finds_the_lock_free() {
        let reader = Arc::new(Reader {
            inbox: Inbox::new(1),
            found_free: AtomicU8::new(0),
        });
        let (inbox, waker) = (&reader.inbox, Waker::from(reader.clone()));
        let frame = || Frame::Text(Bytes::from_static(&[b'1'; 1000]));
        block_on(inbox.push(frame(), None));
        let mut waiting = pin!(inbox.push(frame(), None));
        let mut poll = || waiting.as_mut().poll(&mut Context::from_waker(&waker));

        assert!(poll().is_pending());
        inbox.grant(1000);
        assert!(poll().is_pending());
        inbox.close();

        assert!(poll().is_ready());
        assert_eq!(reader.found_free.load(Ordering::Relaxed), 2);
    }

    #[test]
    fn a_short_frame_that_waits_does_not_keep_what_it_was_read_into() {
        let read = Bytes::from(vec![b'1'; 4096]);
        let inbox = Inbox::new(1024);
        block_on(inbox.push(Frame::Text(read.slice(0..1)), None));
        block_on(inbox.push(Frame::Text(read.slice(1..3)), None));
        block_on(poll_fn(|cx| inbox.poll_pop(cx)));

        let waited = block_on(poll_fn(|cx| inbox.poll_pop(cx)));

        let Some(Work::Frame(Frame::Text(bytes))) = waited else {
            panic!("the frame was text");
        };
        assert!(read.is_unique());
        assert_eq!(bytes, "11");
    }
}
