//! Whose turn it is to read, the reader's or the worker's.

use std::task::{Context, Poll};

use super::{Inbox, state::Intake};
use crate::{queue::wake, sync::atomic::Ordering};

/// Reader and worker are polled by one task, so that the turn never changes while one of
/// them reads.
impl Inbox {
    /// True while it is the worker's turn. Nothing waits in the inbox then.
    #[inline]
    pub(in crate::session) fn is_workers_turn(&self) -> bool {
        self.is_workers_turn.load(Ordering::Relaxed)
    }

    /// Gives the worker the turn, where what it reads would come next: nothing waits, and
    /// the reader has no frame in hand.
    ///
    /// Not where the channel has topics, as the frames of these are not the worker's; and
    /// not once the connection has begun to end.
    pub(in crate::session) fn take_turn(&self) -> bool {
        let state = self.state.lock();
        let is_next = state.queue.is_empty() && !state.paused;
        let takes = is_next && state.lanes.is_none() && state.intake == Intake::Open;
        self.is_workers_turn.store(takes, Ordering::Relaxed);
        takes
    }

    /// Gives the reader the turn.
    #[inline]
    pub(in crate::session) fn hand_over(&self) {
        if self.is_workers_turn() {
            self.is_workers_turn.store(false, Ordering::Relaxed);
            let reader = self.state.lock().turn.take();
            wake(reader);
        }
    }

    /// Waits until it is the reader's turn. Where it is, the reader is woken all the same
    /// when the turn comes back to it.
    pub(in crate::session) fn poll_turn(&self, cx: &Context<'_>) -> Poll<()> {
        self.state.lock().turn.register(cx);
        match self.is_workers_turn() {
            true => Poll::Pending,
            false => Poll::Ready(()),
        }
    }
}
