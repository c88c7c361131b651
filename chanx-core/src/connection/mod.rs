//! One connection, as the rest of the process may hold it.
//!
//! ```text
//! publication ─▶ member ─┬─▶ mailbox ─▶ worker
//!                        └─▶ outbox ──▶ writer
//! ```

// The publications.
mod event;
mod frames;
mod publication;
// The queues.
mod mailbox;
mod outbox;
mod stream;
// The task, the counters and the end.
mod counters;
mod disconnect;
mod task_waker;
// The connection as a layer sees it.
mod delivery;
mod member;
mod membership;
mod memberships;
// Its subscriptions.
mod subscription;

#[cfg(all(test, chanx_loom))]
mod models;

pub(crate) use counters::Counters;
pub use counters::WireCounter;
pub(crate) use delivery::Unfinished;
pub(crate) use disconnect::Aftermath;
pub use disconnect::Disconnect;
pub use event::AnyEvent;
pub(crate) use event::EventDecoder;
pub(crate) use frames::Delivering;
pub(crate) use member::Member;
pub use memberships::JoinError;
pub(crate) use memberships::Memberships;
pub(crate) use outbox::{Offer, Outbox, Outgoing};
pub(crate) use publication::Outcome;
pub use publication::{Content, Origin, Publication, Receipt, Target};
pub(crate) use subscription::Subscription;
pub(crate) use task_waker::TaskWaker;

use std::{
    future::{Future, poll_fn},
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU8, AtomicUsize, Ordering},
    },
    task::{Context, Poll},
};

use parking_lot::Mutex;
use tokio::sync::Notify;
use tracing::{debug, info};

use self::{mailbox::Waiting, membership::Membership, stream::Stream};
use crate::{
    identity::{ConnectionId, Topic, UserKey},
    options::{ChannelOptions, CompletionFrames, Compression},
};

/// One connection, shared between its session, its handles and the layer.
///
/// Whoever holds it holds queues and counters, never the consumer or the
/// socket: a handle may outlive its connection, and then finds it closed.
///
/// What a delivery or a message reads and writes stands together, from the last of the
/// counters to the membership: of a connection that was idle no part is in the processor's
/// caches, and each line of them is waited for.
#[derive(Debug)]
#[repr(C)]
pub(crate) struct Connection {
    pub(crate) counters: Counters,
    pub(crate) completion_frames: CompletionFrames,
    /// A [`Stage`], outside the lock because it is read for every message.
    stage: AtomicU8,
    cut: AtomicBool,
    /// True while the worker waits for something to handle.
    pub(crate) is_idle: AtomicBool,
    /// Its place in the outbox, where the connection is a subscription: a topic's own route.
    pub(crate) stream: Option<Arc<Stream>>,
    /// The events that wait, those of subscriptions included.
    pub(crate) waiting: Waiting,
    /// The number of streams of replies that are under way, those of subscriptions
    /// included.
    pub(crate) streams: AtomicUsize,
    pub(crate) outbox: Outbox,
    pub(crate) compression: Option<Compression>,
    /// The membership of the connection itself.
    pub(crate) membership: Membership,
    pub(crate) id: ConnectionId,
    pub(crate) user: Option<UserKey>,
    /// The number of lanes that have something to handle.
    pub(crate) busy_lanes: AtomicUsize,
    subscriptions: Mutex<Vec<Arc<Subscription>>>,
    /// Boxed because it is empty for as long as the connection lasts.
    ending: Mutex<Option<Box<Disconnect>>>,
    /// Told of every change of the stage.
    stage_changed: Notify,
    task: TaskWaker,
}

/// The stage of a connection. The order is that in which the stages are reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(crate) enum Stage {
    /// It may send and receive.
    Open,
    /// It has begun to end; what the client has sent before is still handled.
    Finishing,
    /// It has begun to end, and what waits is dropped.
    Dropping,
}

impl Connection {
    pub(crate) fn new(
        id: ConnectionId,
        channel: &'static str,
        topic: Option<Topic>,
        user: Option<UserKey>,
        options: &ChannelOptions,
        completion_frames: CompletionFrames,
    ) -> Self {
        Self {
            id,
            user,
            completion_frames,
            compression: options.compression,
            outbox: Outbox::new(options),
            stream: topic.map(Stream::new).map(Arc::new),
            membership: Membership::new(channel, options),
            subscriptions: Mutex::default(),
            waiting: Waiting::default(),
            counters: Counters::default(),
            ending: Mutex::default(),
            stage: AtomicU8::new(Stage::Open as u8),
            stage_changed: Notify::new(),
            is_idle: AtomicBool::new(false),
            busy_lanes: AtomicUsize::new(0),
            streams: AtomicUsize::new(0),
            cut: AtomicBool::new(false),
            task: TaskWaker::default(),
        }
    }

    /// Begins the end of the connection; the first reason stands.
    ///
    /// A later reason that drops what waits still does that. No more events are
    /// handled, and those that wait are dropped and counted. What is queued for
    /// the client is written before the close frame, unless the client was too
    /// slow for it or has left.
    pub(crate) fn end(&self, why: Disconnect) {
        let aftermath = why.aftermath();
        let is_first = {
            let mut ending = self.ending.lock();
            let is_first = ending.is_none();
            let stage = match aftermath {
                Aftermath::Dropped => Stage::Dropping,
                Aftermath::HandledUnheard | Aftermath::HandledAndAnswered => Stage::Finishing,
            };
            if self.stage() >= stage {
                return;
            }
            ending.get_or_insert_with(|| Box::new(why.clone()));
            self.stage.store(stage as u8, Ordering::Release);
            is_first
        };
        self.stage_changed.notify_waiters();
        self.task.wake();
        self.drop_events(0);
        for subscription in self.subscriptions() {
            subscription.drop_events(0);
        }
        match (why, aftermath) {
            (Disconnect::SlowClient, _) => {
                let frames = self.outbox.abandon();
                Counters::add(&self.counters.dropped_frames, frames);
            }
            // `expiring` may send once the running handler has finished.
            (Disconnect::Expired, _) if is_first => self.outbox.mute(),
            (_, Aftermath::Dropped) => self.outbox.close(),
            (_, Aftermath::HandledUnheard) => {
                self.outbox.abandon();
            }
            // The session closes the outbox behind the last answer. Where none is to come,
            // the goodbyes of others that end at the same time are of no use any more.
            (_, Aftermath::HandledAndAnswered) => {
                if self.is_idle.load(Ordering::Relaxed)
                    && self.busy_lanes.load(Ordering::Relaxed) == 0
                {
                    self.outbox.refuse_published();
                }
            }
        }
    }

    /// Drops and counts the events that wait, and so many that were taken already.
    pub(crate) fn drop_events(&self, taken: u64) {
        let dropped = self.membership.mailbox.close(&self.waiting) + taken;
        Counters::add(&self.counters.dropped_events, dropped);
    }

    /// The subscriptions that can be reached.
    pub(crate) fn subscriptions(&self) -> Vec<Arc<Subscription>> {
        self.subscriptions.lock().clone()
    }

    /// The topic, where the connection is a subscription.
    pub(crate) fn topic(&self) -> Option<&Topic> {
        self.stream.as_deref().map(Stream::topic)
    }

    /// The connection itself and its subscriptions.
    pub(crate) fn members(self: &Arc<Self>) -> Vec<Member> {
        let own = Member::Connection(self.clone());
        let subscriptions = self.subscriptions().into_iter();
        let mut members = vec![own];
        members.extend(subscriptions.map(Member::Subscription));
        members
    }

    /// Makes a subscription reachable by the connection's name.
    pub(crate) fn add(&self, subscription: &Arc<Subscription>) {
        self.subscriptions.lock().push(subscription.clone());
    }

    /// Undoes that.
    pub(crate) fn remove(&self, subscription: &Arc<Subscription>) {
        let mut subscriptions = self.subscriptions.lock();
        subscriptions.retain(|one| !Arc::ptr_eq(one, subscription));
    }

    /// Waits until the connection has begun to end, and returns why.
    pub(crate) async fn ended(&self) -> Disconnect {
        self.reached(Stage::Finishing).await;
        self.ending().expect("a reason is noted before the stage")
    }

    /// Does something until the connection has begun to end, for the session: whatever
    /// ends it wakes the session's task. Returns why.
    pub(crate) fn unless_ended(
        &self,
        mut parts: impl Future<Output = Disconnect> + Unpin,
    ) -> impl Future<Output = Disconnect> {
        poll_fn(move |cx| match self.ending() {
            Some(why) => Poll::Ready(why),
            None => Pin::new(&mut parts).poll(cx),
        })
    }

    /// Waits until what the client has sent is no longer to be handled.
    pub(crate) async fn dropping(&self) {
        self.reached(Stage::Dropping).await;
    }

    async fn reached(&self, stage: Stage) {
        loop {
            // Made before the check, so that a change between the two is not missed.
            let changed = self.stage_changed.notified();
            if self.stage() >= stage {
                return;
            }
            changed.await;
        }
    }

    /// The stage of the connection.
    pub(crate) fn stage(&self) -> Stage {
        match self.stage.load(Ordering::Acquire) {
            0 => Stage::Open,
            1 => Stage::Finishing,
            _ => Stage::Dropping,
        }
    }

    /// The reason for which the connection has begun to end, if it has.
    pub(crate) fn ending(&self) -> Option<Disconnect> {
        let is_over = self.stage() > Stage::Open;
        let ending = || self.ending.lock().as_deref().cloned();
        is_over.then(ending).flatten()
    }

    /// Ends the session here and now, clean-up hooks and all.
    pub(crate) fn cut(&self) {
        self.cut.store(true, Ordering::SeqCst);
        self.task.wake();
    }

    /// Polls something unless the session is to end here and now.
    ///
    /// With it comes whether the session's task has another waker than before.
    pub(crate) fn unless_cut<T>(
        &self,
        mut poll: impl FnMut(&mut Context<'_>, bool) -> Poll<T>,
    ) -> impl Future<Output = Option<T>> {
        let mut known = None;
        poll_fn(move |cx| {
            let is_new = self.task.note(cx.waker(), &mut known);
            if self.cut.load(Ordering::SeqCst) {
                return Poll::Ready(None);
            }
            poll(cx, is_new).map(Some)
        })
    }

    /// Lets go of the session's task: handles keep the connection, not that.
    pub(crate) fn forget_task(&self) {
        self.task.forget();
        self.drop_events(0);
        self.drop_unsent();
    }

    /// Drops and counts the messages that still wait for the client: none where it has
    /// left, because they were given up then. Says how many they were.
    fn drop_unsent(&self) -> u64 {
        let unsent = self.outbox.abandon();
        Counters::add(&self.counters.dropped_frames, unsent);
        unsent
    }

    /// Logs how the connection ended and what has passed through it: at level
    /// debug where somebody meant it to end and nothing was lost by that.
    pub(crate) fn log_end(&self, why: &Disconnect) {
        let unsent = self.drop_unsent();
        let (code, counters) = (why.code(), &self.counters);
        let messages_unhandled = counters.messages_unhandled();
        if why.is_ordinary() && messages_unhandled == 0 && unsent == 0 {
            debug!(
                code,
                ?why,
                messages_unhandled,
                ?counters,
                "connection closed"
            );
        } else {
            info!(
                code,
                ?why,
                messages_unhandled,
                ?counters,
                "connection closed"
            );
        }
    }
}
