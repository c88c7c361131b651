//! A session that waits for its socket.

use std::sync::Arc;

use parking_lot::Mutex;
use tokio::time::{Instant, sleep_until};

/// Something that waits for the upgrade to complete, until a deadline.
///
/// The response may be held back or replaced by a middleware; the socket then
/// never comes, and what waits for it must not stay.
#[derive(Debug)]
pub(crate) struct Waiting<T>(Mutex<Option<T>>);

impl<T: Send + 'static> Waiting<T> {
    pub(crate) fn new(value: T) -> Arc<Self> {
        Arc::new(Self(Mutex::new(Some(value))))
    }

    /// The value, once, unless the deadline has passed.
    pub(crate) fn take(&self) -> Option<T> {
        self.0.lock().take()
    }

    /// Drops the value at the deadline, if it still waits then.
    pub(crate) fn give_up_at(self: &Arc<Self>, deadline: Instant) {
        let waiting = Arc::downgrade(self);
        tokio::spawn(async move {
            sleep_until(deadline).await;
            if let Some(waiting) = waiting.upgrade() {
                drop(waiting.take());
            }
        });
    }
}
