//! A stream remembers one waker for writing, and two parts of a session may wait.

use std::{
    sync::Arc,
    task::{Wake, Waker},
};

/// A waker that wakes two.
pub(super) fn both(one: &Waker, other: &Waker) -> Waker {
    Waker::from(Arc::new(Both(one.clone(), other.clone())))
}

struct Both(Waker, Waker);

impl Wake for Both {
    fn wake(self: Arc<Self>) {
        self.0.wake_by_ref();
        self.1.wake_by_ref();
    }
}
