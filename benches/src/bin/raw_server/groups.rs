//! Who gets what is broadcast: a channel per group.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::extract::ws::Utf8Bytes;
use tokio::sync::broadcast;

/// The number of messages by which a member may fall behind before it misses some.
const CAPACITY: usize = 256;

/// Groups exist while they have members.
#[derive(Debug, Clone, Default)]
pub(crate) struct Groups {
    senders: Arc<Mutex<HashMap<String, broadcast::Sender<Utf8Bytes>>>>,
}

impl Groups {
    pub(crate) fn join(
        &self,
        group: &str,
    ) -> (broadcast::Sender<Utf8Bytes>, broadcast::Receiver<Utf8Bytes>) {
        let mut senders = self.lock();
        let sender = senders
            .entry(group.to_owned())
            .or_insert_with(|| broadcast::Sender::new(CAPACITY));
        (sender.clone(), sender.subscribe())
    }

    /// To be called once the member's receiver is gone.
    pub(crate) fn leave(&self, group: &str) {
        let mut senders = self.lock();
        if senders
            .get(group)
            .is_some_and(|sender| sender.receiver_count() == 0)
        {
            senders.remove(group);
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, broadcast::Sender<Utf8Bytes>>> {
        self.senders.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
