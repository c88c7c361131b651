//! The layer: who gets what is published.
//!
//! ```text
//! broadcaster ─▶ publication ─▶ layer ─▶ group ─▶ member ─▶ mailbox or outbox
//! ```
//!
//! An application makes one [`ChannelLayer`] and gives it to its channels and
//! its state. The rest is for those who watch what is published, see
//! [`Observer`].

mod broker;
mod decoders;
mod error;
mod group;
mod handle;
mod observer;
mod roster;

pub use broker::{Address, Broker, Health, Inbound, ParseAddressError, Published, retry_delay};
pub use error::{BrokerError, LayerError};
pub use handle::ChannelLayer;
pub use observer::Observer;
pub use roster::LayerStats;

pub use crate::{
    connection::{AnyEvent, Content, Origin, Publication, Target},
    identity::{MemberId, Name, NodeId, ParseNodeIdError, Topic},
    wire::Body,
};

#[cfg(test)]
mod tests;
