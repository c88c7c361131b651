//! A subscription as the outbox sees it.

use std::sync::atomic::{AtomicU8, Ordering};

use crate::identity::Topic;

/// A subscription as the outbox sees it: its topic, and whether its frames may pass.
///
/// How far it has got changes under the outbox's lock alone, so that nothing
/// of it is queued ahead of `subscribed` or behind `unsubscribed`.
#[derive(Debug)]
pub(crate) struct Stream {
    topic: Topic,
    passage: AtomicU8,
}

/// The passage of a subscription's frames.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Passage {
    /// Publications are held until the first frame of its own is queued, which is
    /// `subscribed`.
    Held,
    Open,
    /// No more of it is sent.
    Closed,
}

impl Stream {
    pub(crate) fn new(topic: Topic) -> Self {
        Self {
            topic,
            passage: AtomicU8::new(Passage::Held as u8),
        }
    }

    pub(crate) fn topic(&self) -> &Topic {
        &self.topic
    }

    pub(crate) fn passage(&self) -> Passage {
        match self.passage.load(Ordering::Acquire) {
            0 => Passage::Held,
            1 => Passage::Open,
            _ => Passage::Closed,
        }
    }

    /// For the outbox, under its lock.
    pub(super) fn set(&self, passage: Passage) {
        self.passage.store(passage as u8, Ordering::Release);
    }
}
