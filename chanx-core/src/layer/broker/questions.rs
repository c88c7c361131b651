//! The publications to single connections of other nodes, whose answers are awaited.

use std::collections::HashMap;

use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use tokio::sync::oneshot;

use crate::{
    connection::Receipt,
    identity::{ConnectionId, Name},
    layer::error::LayerError,
};

/// The answer of a node about a publication to one of its connections.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Answer {
    /// It was delivered.
    Delivered {
        /// The same as in [`Receipt`].
        reached: usize,
        /// The same as in [`Receipt`].
        dropped: usize,
    },
    /// The connection is gone.
    NotConnected,
    /// The connection is another consumer's.
    OtherChannel {
        /// The one that it is of.
        actual: Name,
    },
}

impl Answer {
    /// The answer of a node about its own connection; `None` where it cannot say.
    pub(super) fn of(published: Result<Receipt, LayerError>) -> Option<Self> {
        match published {
            Ok(receipt) => Some(Self::Delivered {
                reached: receipt.reached,
                dropped: receipt.dropped,
            }),
            Err(LayerError::NotConnected(_)) => Some(Self::NotConnected),
            Err(LayerError::OtherChannel { actual, .. }) => Some(Self::OtherChannel { actual }),
            Err(LayerError::OtherNodes { .. } | LayerError::Encode(_)) => None,
        }
    }

    /// The receipt, or the error, for the publisher.
    pub(super) fn into_receipt(
        self,
        id: ConnectionId,
        expected: &Name,
    ) -> Result<Receipt, LayerError> {
        match self {
            Self::Delivered { reached, dropped } => Ok(Receipt {
                reached,
                dropped,
                ..Receipt::default()
            }),
            Self::NotConnected => Err(LayerError::NotConnected(id)),
            Self::OtherChannel { actual } => Err(LayerError::OtherChannel {
                id,
                expected: expected.clone(),
                actual,
            }),
        }
    }
}

/// The publishers that wait for an answer, by the id of what they have published.
#[derive(Debug, Default)]
pub(super) struct Questions(Mutex<HashMap<u64, oneshot::Sender<Answer>>>);

/// One that waits; dropped, it waits no more.
#[derive(Debug)]
pub(super) struct Question<'a> {
    questions: &'a Questions,
    id: u64,
    pub(super) answer: oneshot::Receiver<Answer>,
}

impl Questions {
    pub(super) fn ask(&self, id: u64) -> Question<'_> {
        let (sender, answer) = oneshot::channel();
        self.0.lock().insert(id, sender);
        Question {
            questions: self,
            id,
            answer,
        }
    }

    /// Hands an answer to who waits for it, if anybody does.
    pub(super) fn resolve(&self, id: u64, answer: Answer) {
        let asker = self.0.lock().remove(&id);
        if let Some(asker) = asker {
            // An error says that the publisher has just stopped waiting.
            let _ = asker.send(answer);
        }
    }
}

impl Drop for Question<'_> {
    fn drop(&mut self) {
        self.questions.0.lock().remove(&self.id);
    }
}
