//! All that a protocol holds.

use std::collections::BTreeMap;

use schemars::Schema;
use serde::{Deserialize, Serialize};

use super::{ProtocolChannel, ProtocolMessage};

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
