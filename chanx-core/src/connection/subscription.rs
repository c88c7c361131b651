//! One subscription, as the rest of the process may hold it.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use parking_lot::Mutex;
use tokio::sync::Notify;

use super::{
    Connection, Counters, Disconnect, TaskWaker,
    membership::Membership,
    stream::{Passage, Stream},
};
use crate::{identity::Topic, wire::unsubscribed_frame};

/// One subscription, shared between its lane, its handles and the layer.
///
/// It has groups and a mailbox of its own, and shares the connection's outbox.
#[derive(Debug)]
pub(crate) struct Subscription {
    pub(crate) connection: Arc<Connection>,
    pub(crate) membership: Membership,
    pub(crate) stream: Arc<Stream>,
    /// Boxed because it is empty for as long as the subscription lasts.
    ending: Mutex<Option<Box<Disconnect>>>,
    /// True once there is a reason. It stands outside the lock because it is read
    /// often.
    has_ended: AtomicBool,
    ended: Notify,
    /// Woken by the end.
    pub(crate) task: TaskWaker,
}

impl Subscription {
    /// A subscription of a connection, of which the client has not been told yet.
    pub(crate) fn new(connection: &Arc<Connection>, channel: &'static str, topic: &Topic) -> Self {
        Self {
            connection: connection.clone(),
            membership: connection.membership.another(channel),
            stream: Arc::new(Stream::new(topic.clone())),
            ending: Mutex::default(),
            has_ended: AtomicBool::new(false),
            ended: Notify::new(),
            task: TaskWaker::default(),
        }
    }

    pub(crate) fn topic(&self) -> &Topic {
        self.stream.topic()
    }

    /// Begins the end of the subscription; the first reason stands.
    ///
    /// Unless the client has asked for it, it is told. Nothing of the
    /// subscription is queued behind that, and what waits for its consumer is
    /// dropped and counted.
    pub(crate) fn end(&self, why: Disconnect) {
        let told = why.unsubscribed();
        let told = told.filter(|_| self.stream.passage() != Passage::Closed);
        let last = told.map(|told| unsubscribed_frame(self.topic(), &told));
        {
            let mut ending = self.ending.lock();
            if ending.is_some() {
                return;
            }
            *ending = Some(Box::new(why));
            self.has_ended.store(true, Ordering::Release);
        }
        let dropped = self.connection.outbox.end(&self.stream, last);
        Counters::add(&self.connection.counters.dropped_frames, dropped);
        self.drop_events(0);
        self.ended.notify_waiters();
        self.task.wake();
    }

    /// Drops and counts the events that wait, and so many that were taken already.
    pub(crate) fn drop_events(&self, taken: u64) {
        let dropped = self.membership.mailbox.close(&self.connection.waiting) + taken;
        Counters::add(&self.connection.counters.dropped_events, dropped);
    }

    /// The reason for which the subscription has begun to end, if it has.
    pub(crate) fn ending(&self) -> Option<Disconnect> {
        let ending = || self.ending.lock().as_deref().cloned();
        self.has_ended().then(ending).flatten()
    }

    pub(crate) fn has_ended(&self) -> bool {
        self.has_ended.load(Ordering::Acquire)
    }

    /// Waits until the subscription has begun to end, be it with its connection.
    pub(crate) async fn ended(&self) {
        let ended = async {
            loop {
                // Made before the check, so that a change between the two is not missed.
                let ended = self.ended.notified();
                if self.has_ended() {
                    return;
                }
                ended.await;
            }
        };
        tokio::select! {
            () = ended => {}
            _ = self.connection.ended() => {}
        }
    }
}
