//! One connection, as the rest of the process may hold it.
//!
//! ```text
//! publication ─▶ member ─┬─▶ mailbox ─▶ worker
//!                        └─▶ outbox ──▶ writer
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
mod memberships;

#[cfg(all(test, chanx_loom))]
mod models;

pub(crate) use counters::Counters;
pub use disconnect::Disconnect;
pub(crate) use member::{Member, Unfinished};
pub use memberships::JoinError;
pub(crate) use memberships::Memberships;
pub(crate) use outbox::{Offer, Outbox, Outgoing};
pub(crate) use publication::Outcome;
pub use publication::{AnyEvent, Content, GroupMessage, Origin, Publication, Receipt, Target};
pub(crate) use task_waker::TaskWaker;

use std::{
    future::{Future, poll_fn},
    pin::Pin,
    sync::atomic::{AtomicBool, Ordering},
    task::Poll,
};

use parking_lot::Mutex;
use tokio::sync::Notify;
use tracing::{debug, info};

use self::mailbox::Mailbox;
use crate::{
    identity::{ConnectionId, UserKey},
    options::ChannelOptions,
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
    pub(crate) memberships: Memberships,
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
            memberships: Memberships::new(options),
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
}
