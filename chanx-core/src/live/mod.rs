//! The connections of one server: counted while they live, closed together.

mod shutdown;
mod stats;

pub use shutdown::{Shutdown, ShutdownReport};
pub use stats::ChannelStats;

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use parking_lot::Mutex;
use tokio::{
    sync::Notify,
    time::{timeout, timeout_at},
};

use self::{shutdown::close_in_batches, stats::ByChannel};
use crate::{
    connection::{Connection, Disconnect},
    identity::ConnectionId,
    shards::Shards,
    time_limit::deadline_after,
};

/// The time that a shutdown waits for the connections that it has cut off.
const CUT: Duration = Duration::from_secs(1);

/// The connections of one server, across its channels.
///
/// Cheap to clone. Endpoints that share it are counted and shut down together.
#[derive(Debug, Clone)]
pub struct Live(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    members: Shards<ConnectionId, Arc<Connection>>,
    /// The numbers of connections that are over, by channel.
    past: Mutex<ByChannel>,
    shutting_down: AtomicBool,
    /// Connections from the handshake on, those whose socket never comes too.
    reserved: AtomicUsize,
    /// Connections that are over.
    departed: AtomicUsize,
    /// Messages that these have left unhandled.
    unhandled: AtomicU64,
    left: Notify,
}

/// Not derived, so that it is compiled here and not in each application.
impl Default for Live {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl Live {
    /// True once a shutdown has begun.
    #[must_use]
    pub fn is_shutting_down(&self) -> bool {
        self.0.shutting_down.load(Ordering::SeqCst)
    }

    /// The live numbers of each channel that has had a connection, or has a
    /// subscription, by name.
    #[must_use]
    pub fn stats(&self) -> Vec<(&'static str, ChannelStats)> {
        let mut stats = self.0.past.lock().clone();
        self.0.members.for_each(|member| {
            let channel = stats.of(member.membership.channel);
            channel.connections += 1;
            channel.opened += 1;
            channel.add(&member.counters);
            for subscription in member.subscriptions() {
                stats.of(subscription.membership.channel).subscriptions += 1;
            }
        });
        stats.into_sorted()
    }

    /// Closes every connection with 1001 and waits for them to end.
    ///
    /// New handshakes are refused from now on. Each connection's `disconnected`
    /// runs; what has not ended at the deadline is cut off. The report counts
    /// the connections, and the messages that they had sent and nobody handled.
    ///
    /// # Cancel safety
    ///
    /// Cancelled, handshakes stay refused and some connections may not have
    /// been closed; calling it again goes on.
    pub async fn shutdown(&self, shutdown: Shutdown) -> ShutdownReport {
        let deadline = deadline_after(shutdown.deadline);
        self.0.shutting_down.store(true, Ordering::SeqCst);
        let departed = self.0.departed.load(Ordering::SeqCst);
        let unhandled = self.0.unhandled.load(Ordering::SeqCst);
        let members = self.0.members.values();
        let closed = timeout_at(deadline, async {
            close_in_batches(&members, shutdown.spread).await;
            self.all_left().await;
        });
        let in_time = closed.await.is_ok();
        let remaining = if in_time {
            Vec::new()
        } else {
            self.0.members.values()
        };
        let closed = self.0.departed.load(Ordering::SeqCst) - departed;
        if !remaining.is_empty() {
            remaining.iter().for_each(|member| member.cut());
            // A handler that blocks its thread cannot be cut.
            let _ = timeout(CUT, self.all_left()).await;
        }
        let blocked = self.0.members.values();
        let left_by_these = blocked.iter().map(|it| it.counters.messages_unhandled());
        let left_by_others = self.0.unhandled.load(Ordering::SeqCst) - unhandled;
        ShutdownReport {
            closed,
            cut: remaining.len(),
            messages_unhandled: left_by_others + left_by_these.sum::<u64>(),
        }
    }

    async fn all_left(&self) {
        loop {
            let left = self.0.left.notified();
            if self.0.reserved.load(Ordering::SeqCst) == 0 && self.0.members.is_empty() {
                return;
            }
            left.await;
        }
    }

    /// Reserves a place for a connection, until what is returned is dropped.
    pub(crate) fn reserve(&self) -> Reservation {
        self.0.reserved.fetch_add(1, Ordering::SeqCst);
        Reservation(self.clone())
    }
}

/// A connection that a shutdown waits for, from its handshake to its end.
#[derive(Debug)]
pub(crate) struct Reservation(Live);

impl Reservation {
    /// Counts the connection until what is returned is dropped.
    ///
    /// One that comes while the server shuts down is closed at once.
    pub(crate) fn enter(&self, member: Arc<Connection>) -> Entered {
        let live = &self.0;
        live.0.members.insert(member.id, member.clone());
        // After the insertion: whoever shuts down sees the connection, or we see the shutdown.
        if live.is_shutting_down() {
            member.end(Disconnect::Shutdown);
        }
        Entered {
            live: live.clone(),
            member,
        }
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        self.0.0.reserved.fetch_sub(1, Ordering::SeqCst);
        self.0.0.left.notify_waiters();
    }
}

/// A connection's place among the live ones, until it is dropped.
#[derive(Debug)]
pub(crate) struct Entered {
    live: Live,
    member: Arc<Connection>,
}

impl Drop for Entered {
    fn drop(&mut self) {
        let inner = &self.live.0;
        // Handles outlive the connection: whoever sends by one is told, and nothing is kept.
        self.member.end(Disconnect::Lost);
        self.member.forget_task();
        let unhandled = self.member.counters.messages_unhandled();
        {
            let mut past = inner.past.lock();
            let past = past.of(self.member.membership.channel);
            past.opened += 1;
            past.messages_unhandled += unhandled;
            past.add(&self.member.counters);
        }
        inner.unhandled.fetch_add(unhandled, Ordering::SeqCst);
        inner.members.remove(&self.member.id);
        inner.departed.fetch_add(1, Ordering::SeqCst);
        inner.left.notify_waiters();
    }
}
