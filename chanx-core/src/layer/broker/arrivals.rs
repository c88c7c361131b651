//! The queue between a broker and its node.

use std::{collections::VecDeque, mem::size_of};

use bytes::Bytes;
use parking_lot::Mutex;
use tokio::sync::Notify;

/// The most that may wait, in bytes with the cost of a place in the queue.
const LIMIT: usize = 64 * 1024 * 1024;

/// From here on messages are taken again, so that many are dropped at a time
/// rather than one in two.
const RESUME: usize = LIMIT / 2;

/// The queue of what has come from the broker and is not delivered yet, in its order.
///
/// It is bounded: what comes while it is full is dropped, and a gap stands at
/// the end of what was dropped.
#[derive(Debug, Default)]
pub(super) struct Arrivals {
    queue: Mutex<Queue>,
    /// There is something to take.
    came: Notify,
    /// What was waited for is delivered.
    passed: Notify,
}

#[derive(Debug, Default)]
struct Queue {
    messages: VecDeque<Bytes>,
    size: usize,
    is_dropping: bool,
    /// The number of messages that have been queued, and of those that are delivered.
    queued: u64,
    delivered: u64,
    /// The number whose delivery is waited for.
    awaited: Option<u64>,
}

/// One thing that is taken from the queue.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Arrival {
    Message(Bytes),
    /// Something was dropped, and nothing is dropped any more.
    Gap,
}

impl Arrivals {
    /// Adds a message, or drops it.
    pub(super) fn push(&self, message: Bytes) {
        let size = cost(&message);
        let mut queue = self.queue.lock();
        let has_room = queue.size == 0 || queue.size + size <= LIMIT;
        if queue.is_dropping || !has_room {
            queue.is_dropping = true;
            return;
        }
        queue.size += size;
        queue.queued += 1;
        queue.messages.push_back(message);
        drop(queue);
        self.came.notify_one();
    }

    /// Waits until all that has come by now is delivered. Cancel safe.
    ///
    /// For one at a time.
    pub(super) async fn passed(&self) {
        let last = self.queue.lock().queued;
        loop {
            {
                let mut queue = self.queue.lock();
                if queue.delivered >= last {
                    return;
                }
                queue.awaited = Some(last);
            }
            self.passed.notified().await;
        }
    }

    /// Takes what comes next, waiting for it, when what was taken before is delivered.
    /// Cancel safe.
    pub(super) async fn next(&self) -> Arrival {
        loop {
            if let Some(arrival) = self.take() {
                return arrival;
            }
            self.came.notified().await;
        }
    }

    fn take(&self) -> Option<Arrival> {
        let mut queue = self.queue.lock();
        queue.delivered = queue.queued - queue.messages.len() as u64;
        if queue.awaited.is_some_and(|last| last <= queue.delivered) {
            queue.awaited = None;
            self.passed.notify_one();
        }
        if queue.is_dropping && queue.size <= RESUME {
            queue.is_dropping = false;
            return Some(Arrival::Gap);
        }
        let message = queue.messages.pop_front()?;
        queue.size -= cost(&message);
        if queue.messages.is_empty() {
            // A burst is no reason to keep its room.
            queue.messages.shrink_to(64);
        }
        Some(Arrival::Message(message))
    }
}

fn cost(message: &Bytes) -> usize {
    message.len() + size_of::<Bytes>()
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    const MIB: usize = 1024 * 1024;

    fn of(size: usize) -> Bytes {
        Bytes::from(vec![0; size])
    }

    #[tokio::test]
    async fn messages_come_in_their_order() {
        let arrivals = Arrivals::default();
        arrivals.push("one".into());
        arrivals.push("two".into());

        assert_eq!(arrivals.next().await, Arrival::Message("one".into()));
        assert_eq!(arrivals.next().await, Arrival::Message("two".into()));
    }

    #[tokio::test]
    async fn a_message_has_passed_when_the_next_is_asked_for() {
        let arrivals = Arrivals::default();
        arrivals.passed().await;
        arrivals.push("one".into());
        arrivals.push("two".into());
        let mut passed = std::pin::pin!(arrivals.passed());

        for _ in 0..2 {
            arrivals.next().await;
            assert!(passed.as_mut().now_or_never().is_none());
        }
        arrivals.push("three".into());
        arrivals.next().await;

        assert!(passed.as_mut().now_or_never().is_some());
    }

    #[tokio::test]
    async fn what_does_not_fit_is_dropped_and_told_when_there_is_room_again() {
        let arrivals = Arrivals::default();
        for _ in 0..100 {
            arrivals.push(of(MIB));
        }
        let mut taken = 0;
        while let Arrival::Message(_) = arrivals.next().await {
            taken += 1;
        }

        assert_eq!(taken, 32, "the gap is told when half of 63 are gone");
        arrivals.push("later".into());
        for _ in 0..31 {
            assert_eq!(arrivals.next().await, Arrival::Message(of(MIB)));
        }
        assert_eq!(arrivals.next().await, Arrival::Message("later".into()));
    }

    #[tokio::test]
    async fn a_message_above_the_limit_is_taken_alone() {
        let arrivals = Arrivals::default();
        arrivals.push(of(LIMIT + 1));
        arrivals.push("more".into());

        assert_eq!(arrivals.next().await, Arrival::Message(of(LIMIT + 1)));
        assert_eq!(arrivals.next().await, Arrival::Gap);
    }
}
