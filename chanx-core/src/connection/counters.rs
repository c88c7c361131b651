//! The counters of one connection.

use std::sync::{
    Arc,
    atomic::{AtomicI64, AtomicU64, Ordering},
};

use super::Connection;

/// The counters of one connection.
///
/// Those of every message stand last, in front of what else a delivery needs of the
/// connection.
#[derive(Debug, Default)]
#[repr(C)]
pub(crate) struct Counters {
    pub(crate) dropped_frames: AtomicU64,
    pub(crate) dropped_events: AtomicU64,
    /// Messages that have no form in JSON.
    pub(crate) messages_unsendable: AtomicU64,
    /// The bytes that compression adds on the wire: as a rule less than none.
    pub(crate) added_in: AtomicI64,
    pub(crate) added_out: AtomicI64,
    pub(crate) handler_nanos: AtomicU64,
    pub(crate) frames_in: AtomicU64,
    /// Messages dealt with, those that were refused among them.
    pub(crate) frames_handled: AtomicU64,
    pub(crate) bytes_in: AtomicU64,
    pub(crate) frames_out: AtomicU64,
    pub(crate) bytes_out: AtomicU64,
}

impl Counters {
    /// Adds what anybody may count.
    pub(crate) fn add(counter: &AtomicU64, n: u64) {
        counter.fetch_add(n, Ordering::Relaxed);
    }

    /// The number of messages that were read and not dealt with: for a connection that
    /// is over, because before that they merely wait.
    pub(crate) fn messages_unhandled(&self) -> u64 {
        let handled = self.frames_handled.load(Ordering::Relaxed);
        self.frames_in
            .load(Ordering::Relaxed)
            .saturating_sub(handled)
    }

    /// Adds what the session's own task alone counts, which needs no atomic addition.
    pub(crate) fn add_own(counter: &AtomicU64, n: u64) {
        counter.store(counter.load(Ordering::Relaxed) + n, Ordering::Relaxed);
    }
}

/// Counts what compression makes of a connection's messages, for its socket.
#[derive(Debug, Clone)]
pub struct WireCounter(Arc<Connection>);

impl WireCounter {
    pub(crate) fn of(connection: Arc<Connection>) -> Self {
        Self(connection)
    }

    /// Counts a message that came as `compressed` bytes and has `bytes`.
    pub fn received(&self, bytes: usize, compressed: usize) {
        add(&self.0.counters.added_in, bytes, compressed);
    }

    /// Counts a message that has `bytes` and goes out as `compressed` bytes.
    pub fn sent(&self, bytes: usize, compressed: usize) {
        add(&self.0.counters.added_out, bytes, compressed);
    }
}

/// Only the session's own task counts here.
fn add(counter: &AtomicI64, bytes: usize, compressed: usize) {
    let added = compressed as i64 - bytes as i64;
    counter.store(counter.load(Ordering::Relaxed) + added, Ordering::Relaxed);
}
