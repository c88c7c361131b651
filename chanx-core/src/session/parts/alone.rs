//! The way past all parts but the last.

use std::{
    sync::Arc,
    task::{Context, Poll, Waker},
};

use super::{LAST, Woken};
use crate::sync::atomic::Ordering;

/// The last part, where it has been woken alone.
///
/// An idle connection wakes for little else than to write what is published. The futures
/// around its writer lie in many lines of the processor's caches. In a large group these
/// are cold, and each is waited for. The writer that is polled here needs none of them.
pub(in crate::session) struct Alone {
    woken: Arc<Woken>,
    waker: Waker,
}

impl Alone {
    pub(in crate::session) fn new() -> Self {
        let woken = Arc::<Woken>::default();
        Self {
            waker: woken.clone().into(),
            woken,
        }
    }

    /// The parts, the last of which this is: by this, they know of the task.
    pub(in crate::session) fn woken(&self) -> Arc<Woken> {
        self.woken.clone()
    }

    /// Notes by which waker the task is polled from now on.
    pub(in crate::session) fn set_task(&self, waker: &Waker) {
        self.woken.task.set(waker);
    }

    /// Polls the last part, if it is the only one to poll: true if nothing else is to be
    /// done until the task is woken.
    ///
    /// `last` does what that part does until its end, which is left to the part itself.
    pub(in crate::session) fn poll(&self, last: impl FnOnce(&mut Context<'_>) -> Poll<()>) -> bool {
        let woken = &self.woken;
        if woken.parts.load(Ordering::Relaxed) != LAST {
            return false;
        }
        let others = woken.begin() & !LAST;
        let polled = last(&mut Context::from_waker(&self.waker));
        if others == 0 && polled.is_pending() && woken.finish() {
            return true;
        }
        woken.give_back(others | LAST);
        false
    }
}
