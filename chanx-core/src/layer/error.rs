//! The errors of a layer, and of the broker below it.

use std::{error::Error, time::Duration};

use crate::{
    connection::Receipt,
    identity::{ConnectionId, Name},
    wire::EncodeError,
};

/// The error of a layer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LayerError {
    /// The connection is gone, or never was.
    #[error("there is no connection {0}")]
    NotConnected(ConnectionId),
    /// The connection is another consumer's.
    #[error("connection {id} belongs to channel `{actual}`, not `{expected}`")]
    OtherChannel {
        /// The connection.
        id: ConnectionId,
        /// The channel that was published to.
        expected: Name,
        /// The channel that the connection belongs to.
        actual: Name,
    },
    /// The members of this node have it, and those of other nodes may not.
    #[error("other nodes may not have got it")]
    OtherNodes {
        /// The receipt of this node.
        here: Receipt,
        /// The reason for which the others may not.
        source: BrokerError,
    },
    /// It cannot be represented as JSON, which other nodes need; nobody has got it.
    #[error(transparent)]
    Encode(#[from] EncodeError),
}

/// The error of a broker.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BrokerError {
    /// The broker cannot be reached.
    #[error("the broker cannot be reached")]
    Away,
    /// The broker has not answered in time: it may have done it or not.
    #[error("the broker has not answered within {within:?}")]
    TimedOut {
        /// The time that it was given.
        within: Duration,
    },
    /// The message is larger than the broker takes.
    #[error("a message of {size} bytes is larger than the {limit} that the broker takes")]
    TooLarge {
        /// The bytes of the message.
        size: usize,
        /// The bytes that the broker takes.
        limit: usize,
    },
    /// The broker does not allow it, such as by the permissions of its user.
    #[error("the broker does not allow it")]
    Refused(#[source] Box<dyn Error + Send + Sync>),
    /// The broker, or its client, says something else.
    #[error("the broker has failed")]
    Failed(#[source] Box<dyn Error + Send + Sync>),
}

impl BrokerError {
    /// A refusal in the words of the broker, or of its client.
    pub fn refused(error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Refused(error.into())
    }

    /// An error in the words of the broker, or of its client.
    pub fn failed(error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Failed(error.into())
    }
}
