//! The waker of the task that a session runs in.

use std::task::Waker;

use crate::sync::Mutex;

/// The waker of the task that a session runs in, for whoever has to wake it.
///
/// A session stays in one task as a rule, so `note` compares wakers before it
/// takes the lock. `AtomicWaker` would take two atomic operations for each poll,
/// and a new clone after each wake-up.
#[derive(Debug, Default)]
pub(crate) struct TaskWaker(Mutex<Option<Waker>>);

impl TaskWaker {
    /// Notes by which waker the task is polled, where it is another than `known`, and
    /// tells whether it is.
    #[inline]
    pub(crate) fn note(&self, waker: &Waker, known: &mut Option<Waker>) -> bool {
        let is_new = !known.as_ref().is_some_and(|known| known.will_wake(waker));
        if is_new {
            self.set(waker);
            *known = Some(waker.clone());
        }
        is_new
    }

    /// Notes by which waker the task is polled.
    pub(crate) fn set(&self, waker: &Waker) {
        let old = self.0.lock().replace(waker.clone());
        drop(old);
    }

    /// Wakes the task, under the lock: a clone for each delivery would cost more
    /// than the wake-up. The woken task never takes this lock and another one together.
    pub(crate) fn wake(&self) {
        if let Some(waker) = &*self.0.lock() {
            waker.wake_by_ref();
        }
    }

    /// Drops the waker, because a waker keeps its task's memory alive.
    pub(crate) fn forget(&self) {
        let waker = self.0.lock().take();
        drop(waker);
    }
}

#[cfg(test)]
mod tests {
    use std::{sync::Arc, task::Wake};

    use super::*;

    struct Nobody;

    impl Wake for Nobody {
        fn wake(self: Arc<Self>) {}
    }

    #[test]
    fn a_forgotten_task_is_kept_by_nobody() {
        let task = Arc::new(Nobody);
        let waker = TaskWaker::default();
        waker.note(&task.clone().into(), &mut None);
        assert_eq!(Arc::strong_count(&task), 2);

        waker.forget();

        assert_eq!(Arc::strong_count(&task), 1);
    }
}
