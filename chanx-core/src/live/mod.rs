//! The connections of one server: counted while they live, closed together.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use dashmap::DashMap;
use tokio::{
    sync::Notify,
    time::{sleep, timeout, timeout_at},
};

use crate::{
    connection::{Counters, Disconnect, Member},
    identity::ConnectionId,
    time_limit::deadline_after,
};

/// How many connections are closed before the next batch waits its turn.
const BATCH: usize = 256;

/// How long a shutdown waits for what it has cut off.
const CUT: Duration = Duration::from_secs(1);

/// The connections of one server, across its channels.
///
/// Cheap to clone. Endpoints that share it are counted and shut down together.
#[derive(Debug, Clone, Default)]
pub struct Live(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    sessions: DashMap<ConnectionId, Member>,
    /// What connections that are over have left behind, by channel.
    past: DashMap<&'static str, ChannelStats>,
    shutting_down: AtomicBool,
    /// Connections from the handshake on, those whose socket never comes too.
    expected: AtomicUsize,
    /// Connections that are over.
    departed: AtomicUsize,
    left: Notify,
}

/// The live numbers of one channel.
///
/// Everything but `connections` counts since the server began.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct ChannelStats {
    /// Connections now.
    pub connections: u64,
    /// Connections so far.
    pub opened: u64,
    /// Messages received.
    pub frames_in: u64,
    /// Bytes of messages received.
    pub bytes_in: u64,
    /// Messages of connections that are over which were read and not handled, or
    /// whose handler was cancelled: the time was over, or the connection was
    /// closed for cause.
    pub messages_unhandled: u64,
    /// Messages sent.
    pub frames_out: u64,
    /// Bytes of messages sent.
    pub bytes_out: u64,
    /// Messages dropped because a client read too slowly.
    pub dropped_frames: u64,
    /// Events dropped because a consumer handled them too slowly, or because they
    /// waited when its connection ended.
    pub dropped_events: u64,
    /// Time spent in handlers, waiting included.
    pub handler_time: Duration,
}

/// What a shutdown has come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct ShutdownReport {
    /// Connections that ended in order meanwhile, their clean-up run.
    pub closed: usize,
    /// Connections that had not ended at the deadline and were cut off:
    /// `disconnected` did not run to its end.
    pub cut: usize,
}

impl Live {
    /// Whether a shutdown has begun.
    #[must_use]
    pub fn is_shutting_down(&self) -> bool {
        self.0.shutting_down.load(Ordering::SeqCst)
    }

    /// The live numbers of each channel that has had a connection, by name.
    #[must_use]
    pub fn stats(&self) -> Vec<(&'static str, ChannelStats)> {
        let past = self.0.past.iter();
        let mut stats: std::collections::BTreeMap<_, _> =
            past.map(|entry| (*entry.key(), *entry.value())).collect();
        for session in &self.0.sessions {
            let channel = stats.entry(session.channel()).or_default();
            channel.connections += 1;
            channel.opened += 1;
            channel.add(&session.0.counters);
        }
        stats.into_iter().collect()
    }

    /// Closes every connection with 1001 and waits for them to end.
    ///
    /// New handshakes are refused from now on. The closes are spread over
    /// `spread`, in batches, so that not all clients reconnect elsewhere at
    /// the same moment. Each connection's `disconnected` runs; what has not
    /// ended after `deadline` is cut off and counted.
    ///
    /// # Cancel safety
    ///
    /// Cancelled, handshakes stay refused and some connections may not have
    /// been closed; calling it again goes on.
    pub async fn shut_down(&self, spread: Duration, deadline: Duration) -> ShutdownReport {
        let deadline = deadline_after(deadline);
        self.0.shutting_down.store(true, Ordering::SeqCst);
        let departed = self.0.departed.load(Ordering::SeqCst);
        let sessions = self.snapshot();
        let closed = timeout_at(deadline, async {
            close_in_batches(&sessions, spread).await;
            self.all_left().await;
        });
        let in_time = closed.await.is_ok();
        let remaining = if in_time { Vec::new() } else { self.snapshot() };
        let closed = self.0.departed.load(Ordering::SeqCst) - departed;
        if !remaining.is_empty() {
            remaining.iter().for_each(|session| session.0.cut());
            // A handler that blocks its thread cannot be cut.
            let _ = timeout(CUT, self.all_left()).await;
        }
        ShutdownReport {
            closed,
            cut: remaining.len(),
        }
    }

    fn snapshot(&self) -> Vec<Member> {
        let sessions = self.0.sessions.iter();
        sessions.map(|session| session.clone()).collect()
    }

    async fn all_left(&self) {
        loop {
            let left = self.0.left.notified();
            if self.0.expected.load(Ordering::SeqCst) == 0 && self.0.sessions.is_empty() {
                return;
            }
            left.await;
        }
    }

    /// Expects a connection, until what is returned is dropped.
    pub(crate) fn expect(&self) -> Expected {
        self.0.expected.fetch_add(1, Ordering::SeqCst);
        Expected(self.clone())
    }
}

/// A connection that a shutdown waits for, from its handshake to its end.
#[derive(Debug)]
pub(crate) struct Expected(Live);

impl Expected {
    /// Counts the connection until what is returned is dropped.
    ///
    /// One that comes while the server shuts down is closed at once.
    pub(crate) fn enter(&self, session: Member) -> Entered {
        let live = &self.0;
        live.0.sessions.insert(session.id(), session.clone());
        // After the insertion: whoever shuts down sees the connection, or we see the shutdown.
        if live.is_shutting_down() {
            session.0.end(Disconnect::Shutdown);
        }
        Entered {
            live: live.clone(),
            session,
        }
    }
}

impl Drop for Expected {
    fn drop(&mut self) {
        self.0.0.expected.fetch_sub(1, Ordering::SeqCst);
        self.0.0.left.notify_waiters();
    }
}

async fn close_in_batches(sessions: &[Member], spread: Duration) {
    let batches = sessions.len().div_ceil(BATCH).max(1);
    let pause = spread / u32::try_from(batches).unwrap_or(u32::MAX);
    for (n, batch) in sessions.chunks(BATCH).enumerate() {
        if n > 0 {
            sleep(pause.mul_f64(0.5 + fraction(&batch[0]))).await;
        }
        for session in batch {
            session.0.end(Disconnect::Shutdown);
        }
    }
}

/// A number from 0 to 1 that differs from server to server: the jitter.
fn fraction(session: &Member) -> f64 {
    use std::hash::{BuildHasher, RandomState};

    let hash = RandomState::new().hash_one(session.id());
    f64::from(u32::try_from(hash >> 32).unwrap_or(0)) / f64::from(u32::MAX)
}

/// A connection's place among the live ones, until it is dropped.
#[derive(Debug)]
pub(crate) struct Entered {
    live: Live,
    session: Member,
}

impl Drop for Entered {
    fn drop(&mut self) {
        let inner = &self.live.0;
        // Handles outlive the session: whoever sends by one is told, and nothing is kept.
        self.session.0.end(Disconnect::Lost);
        self.session.0.forget_task();
        let mut past = inner.past.entry(self.session.channel()).or_default();
        past.opened += 1;
        past.messages_unhandled += self.session.0.counters.messages_unhandled();
        past.add(&self.session.0.counters);
        drop(past);
        inner.sessions.remove(&self.session.id());
        inner.departed.fetch_add(1, Ordering::SeqCst);
        inner.left.notify_waiters();
    }
}

impl ChannelStats {
    fn add(&mut self, counters: &Counters) {
        let read = |counter: &std::sync::atomic::AtomicU64| counter.load(Ordering::Relaxed);
        self.frames_in += read(&counters.frames_in);
        self.bytes_in += read(&counters.bytes_in);
        self.frames_out += read(&counters.frames_out);
        self.bytes_out += read(&counters.bytes_out);
        self.dropped_frames += read(&counters.dropped_frames);
        self.dropped_events += read(&counters.dropped_events);
        self.handler_time += Duration::from_nanos(read(&counters.handler_nanos));
    }
}
