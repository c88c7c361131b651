//! The counters of a link.

use std::sync::atomic::{AtomicU64, Ordering};

/// The counters behind [`Health`](crate::layer::Health).
#[derive(Debug, Default)]
pub(super) struct Counts {
    pub(super) gaps: AtomicU64,
    pub(super) told: AtomicU64,
    pub(super) failed: AtomicU64,
    pub(super) unpublished: AtomicU64,
    pub(super) unreadable: AtomicU64,
}

impl Counts {
    pub(super) fn add(counter: &AtomicU64) -> u64 {
        counter.fetch_add(1, Ordering::Relaxed)
    }
}
