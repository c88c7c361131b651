//! The questions of a lane to the worker, which alone has the hub's consumer.

use std::fmt;

use tokio::sync::oneshot;

use crate::{
    channel::Served,
    identity::Topic,
    wire::{Correlation, ErrorPayload},
};

/// A question of a lane to the worker, which alone has the hub's consumer.
///
/// Where the worker drops it, the session is about to end.
pub(super) enum Ask {
    /// To admit a subscription. Where the hub refuses, the worker answers.
    Admit {
        topic: Topic,
        correlation: Correlation<'static>,
        admitted: oneshot::Sender<Option<Box<dyn Served>>>,
    },
    /// To answer with an error, as the hub renders it.
    Refuse {
        error: ErrorPayload,
        correlation: Correlation<'static>,
        refused: oneshot::Sender<()>,
    },
}

impl fmt::Debug for Ask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Admit { topic, .. } => f
                .debug_struct("Admit")
                .field("topic", topic)
                .finish_non_exhaustive(),
            Self::Refuse { error, .. } => f
                .debug_struct("Refuse")
                .field("error", error)
                .finish_non_exhaustive(),
        }
    }
}
