//! What has passed through one connection.

use std::sync::atomic::{AtomicU64, Ordering};

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
