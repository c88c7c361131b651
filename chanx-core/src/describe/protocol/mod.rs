//! The protocol of an application as data that is nobody's but its holder's.
//!
//! ```text
//! Documented ─▶ Collector ─┬─▶ channels  ─▶ Protocol
//!                          └─▶ Mentioned: messages, types
//! ```

mod channel;
mod collector;
mod data;
mod documented;
mod mentioned;
mod message;

pub use channel::{ProtocolChannel, ProtocolHandshake, ProtocolOperation, ProtocolTopic};
pub use data::Protocol;
pub use documented::Documented;
pub use message::ProtocolMessage;
use serde_json::Value;

use super::directions;

impl Protocol {
    /// The protocol of channels that are served together.
    ///
    /// One schema is for both ways where it is true of both: a property that a
    /// client may leave out is not required there, even if the server always
    /// writes it.
    #[must_use]
    pub fn of(channels: &[Documented]) -> Self {
        collector::collect(channels, directions::serves)
    }

    /// The protocol of channels that are served together, with everything that
    /// is always there required in what is written.
    ///
    /// More types are there twice than in [`of`](Self::of), because what has a
    /// default may be left out in one direction alone.
    #[must_use]
    pub fn of_each_way(channels: &[Documented]) -> Self {
        collector::collect(channels, Value::eq)
    }
}
