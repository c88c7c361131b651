//! The protocol of an application as data that is nobody's but its holder's.
//!
//! ```text
//! Documented ─▶ Collector ─┬─▶ channels  ─▶ Protocol
//!                          └─▶ Mentioned: messages, types
//! ```

mod channel;
mod collector;
mod documented;
mod mentioned;
mod message;

use std::collections::BTreeMap;

pub use channel::{ProtocolChannel, ProtocolHandshake, ProtocolOperation, ProtocolTopic};
pub use documented::Documented;
pub use message::ProtocolMessage;
use schemars::Schema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::directions;

/// The channels of an application, their messages and their types, as owned data.
///
/// It can be written to a file and read again, so that a tool may work on it
/// without the application: documents and clients are made from it. The same
/// channels give the same data.
///
/// # Examples
///
/// ```
/// use chanx::{
///     Connect, Consumer, Ping, Pong, channel,
///     describe::{ChannelDescription, Documented, Protocol},
/// };
///
/// #[derive(Default, Connect, Consumer)]
/// struct Echo;
///
/// #[channel(name = "echo")]
/// impl Echo {
///     #[ws_handler]
///     async fn ping(&mut self, _: Ping) -> Pong {
///         Pong
///     }
/// }
///
/// let echo = Documented::new("/ws/echo", ChannelDescription::of::<Echo>());
/// let protocol = Protocol::of(&[echo]);
///
/// let ping = &protocol.channels[0].operations[0];
/// assert_eq!(ping.messages, ["Ping"]);
/// assert_eq!(protocol.messages["Ping"].action, "ping");
///
/// let written = serde_json::to_string(&protocol)?;
/// assert_eq!(serde_json::from_str::<Protocol>(&written)?, protocol);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Protocol {
    /// The channels, in the order in which they were given.
    pub channels: Vec<ProtocolChannel>,
    /// The messages of all channels, each of them once, or twice where it is
    /// written otherwise than it is read. A key is the name of the Rust type,
    /// with `Received` or `Sent` behind it for the second, and with a number
    /// where another has that name.
    pub messages: BTreeMap<String, ProtocolMessage>,
    /// The named types, in JSON Schema 2020-12; schemas refer to them as
    /// `#/$defs/<key>`. A type that is written otherwise than it is read is
    /// there twice, with `Sent` behind the name of what is written.
    #[serde(rename = "$defs")]
    pub types: BTreeMap<String, Schema>,
    /// The types that are there twice: the key of what is written, by the key
    /// of what is read.
    #[serde(default)]
    pub written_as: BTreeMap<String, String>,
}

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
