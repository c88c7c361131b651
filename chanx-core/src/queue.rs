//! The parts that inbox, mailbox and outbox share: the waker of a task that waits, and
//! the rule for giving back memory.

use std::{
    collections::VecDeque,
    task::{Context, Waker},
};

/// The waker of the one task that waits for something.
///
/// It is part of the state that the task waits for, under that state's lock: so
/// whoever changes the state finds the waker, or the task finds the change. Take
/// it under the lock and [`wake`] it after the lock has been let go, because the
/// woken task may run at once and wants the lock too.
#[derive(Debug, Default)]
pub(crate) struct WakerSlot(Option<Waker>);

impl WakerSlot {
    /// Notes the task that is being polled as the one that waits.
    ///
    /// Without a clone where it is noted already, which it is whenever the task
    /// was woken for something else.
    pub(crate) fn register(&mut self, cx: &Context<'_>) {
        let is_known = |known: &Waker| known.will_wake(cx.waker());
        if !self.0.as_ref().is_some_and(is_known) {
            self.0 = Some(cx.waker().clone());
        }
    }

    /// True if a task waits.
    pub(crate) fn is_known(&self) -> bool {
        self.0.is_some()
    }

    /// Takes out the task that waits, if there is one, so that it can be woken.
    #[must_use = "a waker that is dropped wakes nobody"]
    pub(crate) fn take(&mut self) -> Option<Waker> {
        self.0.take()
    }
}

/// Wakes a task that was taken out of its slot.
pub(crate) fn wake(waker: Option<Waker>) {
    if let Some(waker) = waker {
        waker.wake();
    }
}

/// Queues an item. The first takes no more room than its own, because most queues never
/// hold a second.
// Always inlined, as all that a message passes on its way to a queue is: each call
// would copy the message once more.
#[inline(always)]
pub(crate) fn push<T>(queue: &mut VecDeque<T>, item: T) {
    if queue.capacity() == 0 {
        queue.reserve_exact(1);
    }
    queue.push_back(item);
}

/// The capacity, in items, that an empty queue keeps for the next burst.
const KEPT: usize = 64;

/// Frees the memory of a queue that a burst has made large, once it is empty.
pub(crate) fn shrink<T>(queue: &mut VecDeque<T>) {
    if queue.is_empty() && queue.capacity() > KEPT {
        *queue = VecDeque::new();
    }
}
