//! The parts that the consumers of one connection share.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use parking_lot::Mutex;
use tokio::time::Instant;
use tracing::Span;

use super::{
    inbox::Inbox,
    observed::Failures,
    pulse::Pulse,
    rate::{Allowance, Rate},
    writer::WriteAtOnce,
};
use crate::{
    connection::{Connection, Counters},
    layer::ChannelLayer,
    options::ChannelOptions,
};

/// The parts that the consumers of one connection share: its own, and those of its
/// subscriptions.
pub(super) struct Common<'a> {
    pub(super) connection: &'a Arc<Connection>,
    pub(super) layer: &'a ChannelLayer,
    pub(super) options: &'a ChannelOptions,
    pub(super) inbox: &'a Inbox,
    pub(super) pulse: &'a Pulse,
    pub(super) writing: &'a dyn WriteAtOnce,
    /// The rate at which the client may send messages, on all topics together.
    pub(super) rate: Option<Box<Mutex<Rate>>>,
    pub(super) failures: &'a Failures,
    /// In which the application's own code runs.
    pub(super) span: &'a Span,
    /// True once no more handlers are run, and every lane is to end.
    pub(super) is_over: AtomicBool,
}

impl Common<'_> {
    /// Counts one message of the client.
    #[inline]
    pub(super) fn allowance(&self) -> Allowance {
        let rate = self.rate.as_ref();
        rate.map_or(Allowance::Within, |rate| rate.lock().check())
    }

    /// Counts the time of a handler that is done.
    #[inline]
    pub(super) fn count_time(&self, began: Instant) {
        self.add_time(self.pulse.done(began));
    }

    /// As [`count_time`](Self::count_time), of a handler during which nothing was read.
    #[inline]
    pub(super) fn count_turn(&self) {
        self.add_time(self.pulse.turn_done());
    }

    #[inline]
    fn add_time(&self, took: Duration) {
        let nanos = u64::try_from(took.as_nanos()).unwrap_or(u64::MAX);
        Counters::add_own(&self.connection.counters.handler_nanos, nanos);
    }

    /// Says that no more handlers are run.
    pub(super) fn finish(&self) {
        self.is_over.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_over(&self) -> bool {
        self.is_over.load(Ordering::Relaxed)
    }
}
