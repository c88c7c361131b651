//! The layer: who gets what is published.
//!
//! ```text
//! broadcaster ─▶ publication ─▶ layer ─▶ group ─▶ member ─▶ mailbox or outbox
//! ```
//!
//! An application makes one [`ChannelLayer`] and gives it to its channels and
//! its state. The rest is for those who watch what is published, see
//! [`Observer`].

mod group;
mod handle;
mod hub;
mod observer;

pub use handle::ChannelLayer;
pub use hub::LayerStats;
pub use observer::Observer;

pub use crate::connection::{AnyEvent, Content, GroupMessage, Origin, Publication, Target};

use crate::identity::ConnectionId;

#[cfg(test)]
mod tests;

/// Why a layer could not do what it was asked.
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
        expected: &'static str,
        /// The channel that the connection belongs to.
        actual: &'static str,
    },
}
