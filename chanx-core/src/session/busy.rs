//! The count of lanes that have something to handle.

use std::sync::atomic::{AtomicUsize, Ordering};

/// Counts a lane as long as it has something to handle.
pub(super) struct Busy<'a> {
    lanes: &'a AtomicUsize,
    counts: bool,
}

impl<'a> Busy<'a> {
    pub(super) fn new(lanes: &'a AtomicUsize) -> Self {
        let mut busy = Self {
            lanes,
            counts: false,
        };
        busy.set(true);
        busy
    }

    pub(super) fn set(&mut self, is_busy: bool) {
        match (self.counts, is_busy) {
            (false, true) => self.lanes.fetch_add(1, Ordering::Relaxed),
            (true, false) => self.lanes.fetch_sub(1, Ordering::Relaxed),
            (true, true) | (false, false) => return,
        };
        self.counts = is_busy;
    }
}

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        self.set(false);
    }
}
