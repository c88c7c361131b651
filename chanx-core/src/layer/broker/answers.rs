//! The answers to other nodes about publications to connections of this one.

use std::collections::VecDeque;

use bytes::Bytes;
use parking_lot::Mutex;
use tokio::sync::Notify;

use crate::identity::NodeId;

/// The most answers that may wait.
const LIMIT: usize = 1024;

/// The answers that wait to be published.
///
/// One that finds no place is dropped: the publisher is told then that nobody
/// knows what became of its publication.
#[derive(Debug, Default)]
pub(super) struct Answers {
    waiting: Mutex<VecDeque<(NodeId, Bytes)>>,
    came: Notify,
}

impl Answers {
    pub(super) fn push(&self, node: NodeId, answer: Bytes) {
        let mut waiting = self.waiting.lock();
        if waiting.len() < LIMIT {
            waiting.push_back((node, answer));
            drop(waiting);
            self.came.notify_one();
        }
    }

    /// Takes the next, waiting for it. Cancel safe.
    pub(super) async fn next(&self) -> (NodeId, Bytes) {
        loop {
            let next = self.waiting.lock().pop_front();
            if let Some(next) = next {
                return next;
            }
            self.came.notified().await;
        }
    }
}
