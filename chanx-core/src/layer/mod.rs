//! The layer: who gets what is published.
//!
//! ```text
//! broadcaster ─▶ publication ─▶ layer ─▶ group ─▶ member ─▶ mailbox or outbox
//! ```
//!
//! An application makes one [`ChannelLayer`] and gives it to its channels and
//! its state. The rest is for those who watch what is published, see
//! [`Observer`].

#[cfg(feature = "broker")]
mod broker;
#[cfg(feature = "broker")]
mod connect;
mod error;
mod group;
mod handle;
mod health;
#[cfg(not(feature = "broker"))]
mod no_broker;
mod observer;
mod roster;

#[cfg(feature = "broker")]
pub use broker::{Address, Broker, Inbound, ParseAddressError, Published, retry_delay};
pub use error::{BrokerError, LayerError};
pub use handle::ChannelLayer;
pub use health::Health;
pub use observer::Observer;
pub use roster::LayerStats;

pub use crate::{
    connection::{AnyEvent, Content, Origin, Publication, Target},
    identity::{MemberId, Name, NodeId, ParseNodeIdError, Topic},
    wire::Body,
};

#[cfg(not(feature = "broker"))]
use no_broker as broker;

#[cfg(test)]
mod tests;
