//! One connection, as the rest of the process may hold it.
//!
//! ```text
//! publication ─▶ recipient ─┬─▶ mailbox ─▶ worker
//!                           └─▶ outbox ──▶ writer
//! ```

// What it is to deliver.
mod publication;
// What waits.
mod mailbox;
mod outbox;
// Who is woken, what is counted, why it ended.
mod counters;
mod disconnect;
mod task_waker;
// How a layer sees it.
mod member;

#[cfg(all(test, chanx_loom))]
mod models;

pub(crate) use counters::Counters;
pub use disconnect::Disconnect;
pub use member::Member;
pub(crate) use outbox::{Offer, Outbox, Outgoing};
pub use publication::{
    AnyEvent, Content, GroupMessage, Origin, Outcome, Publication, Receipt, Target,
};
pub(crate) use task_waker::TaskWaker;

use std::{
    future::{Future, poll_fn},
    pin::Pin,
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
    task::Poll,
};

use bytes::Bytes;
use parking_lot::Mutex;
use tokio::sync::Notify;
use tracing::{debug, info, warn};

use self::{mailbox::Mailbox, outbox::Pushed};
use crate::{
    identity::{ConnectionId, GroupName, UserKey},
    options::ChannelOptions,
    wire::GROUP_COMPLETE,
};

/// One connection, shared between its session, its handles and the layer.
///
/// Whoever holds it holds queues and counters, never the consumer or the
/// socket: a handle may outlive its connection, and then finds it closed.
#[derive(Debug)]
pub(crate) struct Connection {
    pub(crate) id: ConnectionId,
    pub(crate) channel: &'static str,
    pub(crate) user: Option<UserKey>,
    pub(crate) completion_frames: bool,
    pub(crate) outbox: Outbox,
    pub(crate) mailbox: Mailbox,
    pub(crate) groups: Mutex<Vec<GroupName>>,
    pub(crate) max_groups: usize,
    pub(crate) max_group_name: usize,
    pub(crate) counters: Counters,
    ending: Mutex<Option<Disconnect>>,
    /// Whether there is an ending: every message asks.
    over: AtomicBool,
    ended: Notify,
    cut: AtomicBool,
    task: TaskWaker,
}

impl Connection {
    pub(crate) fn new(
        channel: &'static str,
        user: Option<UserKey>,
        options: &ChannelOptions,
        completion_frames: bool,
    ) -> Self {
        Self {
            id: ConnectionId::next(),
            channel,
            user,
            completion_frames,
            outbox: Outbox::new(options),
            mailbox: Mailbox::new(options),
            groups: Mutex::default(),
            max_groups: options.max_groups,
            max_group_name: options.max_group_name,
            counters: Counters::default(),
            ending: Mutex::default(),
            over: AtomicBool::new(false),
            ended: Notify::new(),
            cut: AtomicBool::new(false),
            task: TaskWaker::default(),
        }
    }

    /// Ends the connection; the first reason stands.
    ///
    /// Nothing more is queued for the client. What is queued already is still
    /// written before the close frame, unless the client was too slow for it
    /// or has left.
    pub(crate) fn end(&self, why: Disconnect) {
        {
            let mut ending = self.ending.lock();
            if ending.is_some() {
                return;
            }
            *ending = Some(why.clone());
            self.over.store(true, Ordering::Release);
        }
        // The worker is stopped before the writer gets to its close frame:
        // nothing is handled once that has been sent.
        self.ended.notify_waiters();
        self.mailbox.close();
        if why == Disconnect::SlowClient {
            let frames = self.outbox.abandon();
            Counters::add(&self.counters.dropped_frames, frames);
        } else if why.close_frame().is_none() {
            self.outbox.abandon();
        } else {
            self.outbox.close();
        }
    }

    /// Why the connection ended; pending until it did.
    pub(crate) async fn ended(&self) -> Disconnect {
        loop {
            // Made before the check, so that an end between the two is not missed.
            let ended = self.ended.notified();
            if let Some(why) = self.ending() {
                return why;
            }
            ended.await;
        }
    }

    /// Why the connection ended, if it did.
    pub(crate) fn ending(&self) -> Option<Disconnect> {
        let over = self.over.load(Ordering::Acquire);
        over.then(|| self.ending.lock().clone()).flatten()
    }

    /// Ends the session here and now, clean-up hooks and all.
    pub(crate) fn cut(&self) {
        self.cut.store(true, Ordering::SeqCst);
        self.task.wake();
    }

    /// Does something unless the session is to end here and now.
    pub(crate) async fn unless_cut<F: Future>(&self, mut future: Pin<&mut F>) -> Option<F::Output> {
        let mut known = None;
        poll_fn(|cx| {
            self.task.note(cx.waker(), &mut known);
            if self.cut.load(Ordering::SeqCst) {
                return Poll::Ready(None);
            }
            future.as_mut().poll(cx).map(Some)
        })
        .await
    }

    /// Lets go of the session's task: handles keep the connection, not that.
    pub(crate) fn forget_task(&self) {
        self.task.forget();
        self.mailbox.close();
        self.outbox.abandon();
    }

    /// Says how the connection ended and what has passed through it.
    ///
    /// An ordinary end is of interest to nobody but who looks for it.
    pub(crate) fn log_end(&self, why: &Disconnect) {
        let (code, counters) = (why.code(), &self.counters);
        if why.is_ordinary() {
            debug!(code, ?why, ?counters, "connection closed");
        } else {
            info!(code, ?why, ?counters, "connection closed");
        }
    }

    fn deliver_frame(&self, frame: Bytes) -> Outcome {
        let pushed = if self.completion_frames {
            self.outbox.push(&[frame, GROUP_COMPLETE.clone()])
        } else {
            self.outbox.push(std::slice::from_ref(&frame))
        };
        self.settle(
            pushed,
            &self.counters.dropped_frames,
            Disconnect::SlowClient,
        )
    }

    fn settle(&self, pushed: Pushed, dropped: &AtomicU64, slow: Disconnect) -> Outcome {
        match pushed {
            Pushed::Queued => Outcome::Queued,
            Pushed::Closed => Outcome::Closed,
            Pushed::Dropped(count) => {
                Counters::add(dropped, count);
                Outcome::Dropped
            }
            Pushed::Overflowed => {
                Counters::add(dropped, 1);
                warn!(connection = %self.id, channel = self.channel, ?slow, "a queue overflowed");
                self.end(slow);
                Outcome::Dropped
            }
        }
    }
}
