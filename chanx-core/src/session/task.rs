//! The task that a session runs in.

use std::task::Waker;

use parking_lot::Mutex;

/// Wakes the task, whichever it is.
///
/// A session stays in one task as a rule: that is looked at before a lock is
/// taken for it. `AtomicWaker` takes two, and gives its waker away each time.
#[derive(Debug, Default)]
pub(super) struct Task(Mutex<Option<Waker>>);

impl Task {
    /// Says by which waker the task is polled now, where it is another than `known`.
    pub(super) fn is(&self, waker: &Waker, known: &mut Option<Waker>) {
        if !known.as_ref().is_some_and(|known| known.will_wake(waker)) {
            *self.0.lock() = Some(waker.clone());
            *known = Some(waker.clone());
        }
    }

    pub(super) fn wake(&self) {
        let waker = self.0.lock();
        if let Some(waker) = &*waker {
            waker.wake_by_ref();
        }
    }
}
