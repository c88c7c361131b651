//! What a client has sent ahead of its handlers.

use std::{
    collections::VecDeque,
    future::poll_fn,
    sync::atomic::{AtomicBool, Ordering},
    task::{Context, Poll, Waker},
};

use bytes::Bytes;
use parking_lot::Mutex;

use crate::wire::Frame;

/// What a queued frame costs beside its bytes.
const OVERHEAD: usize = 64;

/// What is copied rather than kept in the buffer that it was read into.
const SHORT: usize = 4096;

/// How much is read beyond the capacity to find the answer to a ping.
const LOOK_AHEAD: usize = 64 * 1024;

/// The bounded queue between reader and worker, in bytes.
///
/// While it is full the reader pauses: that is the backpressure. It is bounded
/// in bytes and not in frames so that, behind a burst of small messages, a
/// ping or close is still seen while a handler runs. The answer to a ping of
/// ours stands behind what the client has sent before: to find it, a bounded
/// amount is read ahead.
#[derive(Debug)]
pub(super) struct Inbox {
    capacity: usize,
    /// Not in the state: every frame asks, and hardly ever is it so.
    looking_ahead: AtomicBool,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    queue: VecDeque<Frame>,
    bytes: usize,
    closed: bool,
    reader: Option<Waker>,
    /// Until the reader goes on, not only until there is room.
    paused: bool,
    worker: Option<Waker>,
}

impl Inbox {
    pub(super) fn new(capacity: usize) -> Self {
        Self {
            capacity,
            looking_ahead: AtomicBool::new(false),
            state: Mutex::default(),
        }
    }

    /// Queues a frame, waiting for room. An empty inbox takes any frame, a
    /// closed one forgets it.
    ///
    /// Says whether it had to wait for a handler.
    pub(super) async fn push(&self, frame: Frame) -> bool {
        let mut frame = Some(frame);
        poll_fn(|cx| {
            let mut state = self.state.lock();
            if state.closed {
                return Poll::Ready(std::mem::take(&mut state.paused));
            }
            let cost = frame.as_ref().map_or(0, cost);
            if !state.queue.is_empty() && state.bytes + cost > self.room() {
                state.reader = Some(cx.waker().clone());
                state.paused = true;
                return Poll::Pending;
            }
            state.bytes += cost;
            if state.queue.is_empty() {
                state.queue.extend(frame.take());
            } else {
                state.queue.extend(frame.take().map(owned));
            }
            let waited = std::mem::take(&mut state.paused) && !self.is_beyond(&state);
            let worker = state.worker.take();
            drop(state);
            if let Some(worker) = worker {
                worker.wake();
            }
            Poll::Ready(waited)
        })
        .await
    }

    fn room(&self) -> usize {
        let ahead = if self.looks_ahead() { LOOK_AHEAD } else { 0 };
        self.capacity.saturating_add(ahead)
    }

    /// Lets the reader go on for a bit, to find the answer to a ping.
    pub(super) fn look_ahead(&self) {
        self.looking_ahead.store(true, Ordering::Relaxed);
        let reader = self.state.lock().reader.take();
        if let Some(reader) = reader {
            reader.wake();
        }
    }

    fn looks_ahead(&self) -> bool {
        self.looking_ahead.load(Ordering::Relaxed)
    }

    /// Whether what is read now may have been sent long ago.
    pub(super) fn is_looking_ahead(&self) -> bool {
        self.looks_ahead() && self.is_beyond(&self.state.lock())
    }

    /// A ping that is not answered is no reason alone: where handlers keep up,
    /// what is read is new.
    fn is_beyond(&self, state: &State) -> bool {
        self.looks_ahead() && state.bytes > self.capacity
    }

    /// The reader has found the answer.
    pub(super) fn look_no_further(&self) {
        self.looking_ahead.store(false, Ordering::Relaxed);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.state.lock().queue.is_empty()
    }

    /// Forgets what is queued and all that comes, so that the reader gets to
    /// the peer's close frame.
    pub(super) fn close(&self) {
        let mut state = self.state.lock();
        state.closed = true;
        state.queue = VecDeque::new();
        let reader = state.reader.take();
        drop(state);
        if let Some(reader) = reader {
            reader.wake();
        }
    }

    /// Takes the oldest frame.
    pub(super) fn poll_pop(&self, cx: &Context<'_>) -> Poll<Frame> {
        let mut state = self.state.lock();
        let Some(frame) = state.queue.pop_front() else {
            if !state
                .worker
                .as_ref()
                .is_some_and(|waker| waker.will_wake(cx.waker()))
            {
                state.worker = Some(cx.waker().clone());
            }
            return Poll::Pending;
        };
        state.bytes -= cost(&frame);
        if state.queue.is_empty() && state.queue.capacity() > 64 {
            state.queue = VecDeque::new();
        }
        let reader = state.reader.take();
        drop(state);
        if let Some(reader) = reader {
            reader.wake();
        }
        Poll::Ready(frame)
    }
}

/// A short frame in memory of its own.
///
/// It is a slice of the buffer that it was read into, and would keep all of
/// that for as long as it waits.
fn owned(frame: Frame) -> Frame {
    match frame {
        Frame::Text(bytes) if bytes.len() < SHORT => Frame::Text(Bytes::copy_from_slice(&bytes)),
        Frame::Binary(bytes) if bytes.len() < SHORT => {
            Frame::Binary(Bytes::copy_from_slice(&bytes))
        }
        other => other,
    }
}

fn cost(frame: &Frame) -> usize {
    let bytes = match frame {
        Frame::Text(bytes) | Frame::Binary(bytes) | Frame::Ping(bytes) | Frame::Pong(bytes) => {
            bytes.len()
        }
        Frame::Close(_) => 0,
    };
    bytes + OVERHEAD
}

#[cfg(test)]
mod tests {
    use std::{
        pin::pin,
        sync::{Arc, atomic::AtomicU8},
        task::Wake,
    };

    use futures_executor::block_on;

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
        let frame = || Frame::Text(Bytes::from_static(&[b'1'; LOOK_AHEAD]));
        block_on(inbox.push(frame()));
        let mut waiting = pin!(inbox.push(frame()));
        let mut poll = || waiting.as_mut().poll(&mut Context::from_waker(&waker));

        assert!(poll().is_pending());
        inbox.look_ahead();
        assert!(poll().is_pending());
        inbox.close();

        assert!(poll().is_ready());
        assert_eq!(reader.found_free.load(Ordering::Relaxed), 2);
    }

    #[test]
    fn a_short_frame_that_waits_does_not_keep_what_it_was_read_into() {
        let read = Bytes::from(vec![b'1'; 4096]);
        let inbox = Inbox::new(1024);
        block_on(inbox.push(Frame::Text(read.slice(0..1))));
        block_on(inbox.push(Frame::Text(read.slice(1..3))));
        block_on(poll_fn(|cx| inbox.poll_pop(cx)));

        let waited = block_on(poll_fn(|cx| inbox.poll_pop(cx)));

        let Frame::Text(bytes) = waited else {
            panic!("the frame was text");
        };
        assert!(read.is_unique());
        assert_eq!(bytes, "11");
    }
}
