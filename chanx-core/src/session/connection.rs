//! What the rest of the process may hold of one connection.

use std::{
    future::{Future, poll_fn},
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    task::Poll,
};

use bytes::Bytes;
use parking_lot::Mutex;
use tokio::sync::Notify;
use tracing::{debug, info, warn};

use super::{
    mailbox::Mailbox,
    outbox::{Outbox, Pushed},
    task_waker::TaskWaker,
};
use crate::{
    ConnectionId, Disconnect, Options, UserKey,
    layer::{Delivery, GroupName},
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

/// What has passed through a connection so far.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    pub(crate) frames_in: AtomicU64,
    pub(crate) bytes_in: AtomicU64,
    pub(crate) frames_out: AtomicU64,
    pub(crate) bytes_out: AtomicU64,
    pub(crate) dropped_frames: AtomicU64,
    pub(crate) dropped_events: AtomicU64,
    pub(crate) handler_nanos: AtomicU64,
}

impl Counters {
    /// Adds what anybody may count.
    pub(crate) fn add(counter: &AtomicU64, n: u64) {
        counter.fetch_add(n, Ordering::Relaxed);
    }

    /// Adds what the session's own task alone counts, which needs no atomic addition.
    pub(crate) fn add_own(counter: &AtomicU64, n: u64) {
        counter.store(counter.load(Ordering::Relaxed) + n, Ordering::Relaxed);
    }
}

impl Connection {
    pub(crate) fn new(
        channel: &'static str,
        user: Option<UserKey>,
        options: &Options,
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
        if why == Disconnect::SlowConsumer {
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

    fn deliver_frame(&self, frame: Bytes) -> Delivery {
        let pushed = if self.completion_frames {
            self.outbox.push(&[frame, GROUP_COMPLETE.clone()])
        } else {
            self.outbox.push(std::slice::from_ref(&frame))
        };
        self.settle(
            pushed,
            &self.counters.dropped_frames,
            Disconnect::SlowConsumer,
        )
    }

    fn settle(&self, pushed: Pushed, dropped: &AtomicU64, slow: Disconnect) -> Delivery {
        match pushed {
            Pushed::Queued => Delivery::Queued,
            Pushed::Closed => Delivery::Closed,
            Pushed::Dropped(count) => {
                Counters::add(dropped, count);
                Delivery::Dropped
            }
            Pushed::Overflowed => {
                Counters::add(dropped, 1);
                warn!(connection = %self.id, channel = self.channel, ?slow, "a queue overflowed");
                self.end(slow);
                Delivery::Dropped
            }
        }
    }
}

/// A connection as a layer sees it: a place to deliver to.
#[derive(Debug, Clone)]
pub struct Recipient(pub(crate) Arc<Connection>);

impl Recipient {
    /// The connection's name.
    #[must_use]
    pub fn id(&self) -> ConnectionId {
        self.0.id
    }

    /// The channel that the connection belongs to.
    #[must_use]
    pub fn channel(&self) -> &'static str {
        self.0.channel
    }

    /// The user that the connection belongs to.
    #[must_use]
    pub fn user(&self) -> Option<&UserKey> {
        self.0.user.as_ref()
    }

    /// The groups that the connection is in, in order of joining.
    #[must_use]
    pub fn groups(&self) -> Vec<GroupName> {
        self.0.groups.lock().clone()
    }

    /// Hands over what was published, without waiting.
    ///
    /// A full queue drops it, counts it and, by default, closes the connection.
    pub fn deliver(&self, publication: &crate::layer::Publication) -> Delivery {
        use crate::layer::Content;

        match &publication.content {
            Content::Message(message) => self
                .0
                .deliver_frame(message.frame_for(self, publication.origin.as_ref())),
            Content::Event(event) => {
                let pushed = self.0.mailbox.push(event.clone());
                if matches!(pushed, Pushed::Dropped(_)) {
                    self.0.outbox.lag();
                }
                let dropped = &self.0.counters.dropped_events;
                self.0.settle(pushed, dropped, Disconnect::SlowHandler)
            }
            Content::Close { code, reason } => {
                let why = Disconnect::by_server(self.id(), *code, reason.clone());
                self.0.end(why);
                Delivery::Queued
            }
        }
    }
}
