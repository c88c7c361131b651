//! The builders of publications, which are sent when awaited.
//!
//! ```text
//! Broadcaster ─┬─▶ Broadcast, EventBroadcast, Unsubscribe ─▶ groups
//!              └─▶ Direct ─▶ DirectMessage, DirectEvent, Close, Unsubscribe ─▶ a connection, a user
//! ```

mod address;
mod broadcast;
mod broadcaster;
mod close;
mod direct;
mod event;
#[cfg(feature = "axum-core")]
mod extract;
mod groups;
mod outgoing;
mod unsubscribe;

pub use broadcast::Broadcast;
pub use broadcaster::Broadcaster;
pub use close::Close;
pub use direct::{Direct, DirectEvent, DirectMessage};
pub use event::EventBroadcast;
#[cfg(feature = "axum-core")]
pub use extract::HasLayer;
pub use groups::Groups;
pub use unsubscribe::Unsubscribe;

use crate::{consumer::Failure, layer::LayerError, wire::EncodeError};

/// The reasons for which something was not published.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PublishError {
    /// No group was named, and there is none to fall back on.
    #[error("no group: name one with `.to(…)`, join one, or declare `groups` on the channel")]
    NoGroup,
    /// The message cannot be represented as JSON.
    #[error("the message could not be encoded")]
    Encode(#[from] EncodeError),
    /// The layer refused or failed.
    #[error(transparent)]
    Layer(#[from] LayerError),
    /// A blocking publication was tried on a thread of an async runtime.
    #[error("`.blocking()` was called inside an async runtime: await the publication instead")]
    InsideRuntime,
}

impl Failure for PublishError {}
