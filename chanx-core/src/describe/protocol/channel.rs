//! A channel of a protocol, with its handlers.

use schemars::Schema;
use serde::{Deserialize, Serialize};

use crate::describe::{Direction, Security};

/// A channel, where it is served.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ProtocolChannel {
    /// The channel's name; of one that is subscribed to, the hub's and the topic's method's:
    /// `hub_room`.
    pub name: String,
    /// The whole path, with `{parameters}` as axum writes them.
    pub path: String,
    /// The topics by which its messages go, where clients subscribe to it at a hub: its
    /// path is the hub's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<ProtocolTopic>,
    /// The purpose of the channel.
    pub description: Option<String>,
    /// Words to group channels by.
    pub tags: Vec<String>,
    /// The parts of the request that the handshake reads.
    pub handshake: ProtocolHandshake,
    /// The handlers, in order of declaration.
    pub operations: Vec<ProtocolOperation>,
    /// The keys of the messages that are sent outside any one handler.
    pub sends: Vec<String>,
    /// The keys of the protocol's own messages that the channel sends.
    pub frames: Vec<String>,
}

/// The topics that lead to one channel: all that match a pattern of a hub's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ProtocolTopic {
    /// The name of the hub's method.
    pub name: String,
    /// The method's purpose, in one line.
    pub summary: Option<String>,
    /// The rest of its doc comment, in Markdown.
    pub description: Option<String>,
    /// True if the topics are there for older clients alone.
    #[serde(default)]
    pub deprecated: bool,
    /// The pattern of the topics' names, such as `room:{room}`.
    pub pattern: String,
    /// The names of the pattern's parameters, in order.
    pub parameters: Vec<String>,
}

/// The parts of a request that a channel's handshake reads, as far as they are
/// declared.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ProtocolHandshake {
    /// The credentials, any one of which is enough.
    pub security: Vec<Security>,
    /// The query parameter that may carry a bearer token.
    pub bearer_query: Option<String>,
    /// The path's parameters.
    pub path: Option<Schema>,
    /// The query.
    pub query: Option<Schema>,
    /// The headers.
    pub headers: Option<Schema>,
}

/// One handler, or one event that passes through.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ProtocolOperation {
    /// The method's name; of an event that passes through, its action.
    pub name: String,
    /// Its purpose, in one line.
    pub summary: Option<String>,
    /// The rest of its doc comment, in Markdown.
    pub description: Option<String>,
    /// Words to group operations by.
    pub tags: Vec<String>,
    /// The reasons of the errors that it may answer with, as far as they are declared.
    #[serde(default)]
    pub reasons: Vec<String>,
    /// True if it is there for older clients alone.
    #[serde(default)]
    pub deprecated: bool,
    /// The side that sets it off.
    pub direction: Direction,
    /// The keys of the messages that it takes from the client; none for events.
    pub messages: Vec<String>,
    /// The keys of the messages that it returns.
    pub replies: Vec<String>,
    /// True if `replies` may be a stream: any number of them, then `complete` where the
    /// question has a `ref`.
    #[serde(default)]
    pub may_stream: bool,
    /// The keys of the messages that it declares to send besides.
    pub sends: Vec<String>,
}
