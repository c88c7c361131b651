//! Channels: an address, and the messages that travel there.

use schemars::Schema;
use serde::Serialize;

use super::{Entries, Reference};

/// One WebSocket path.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ChannelObject {
    /// The whole path, with `{parameters}`.
    pub address: String,
    /// The channel's name.
    pub title: String,
    /// Its purpose, in Markdown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The parameters of the address.
    #[serde(skip_serializing_if = "Entries::is_empty")]
    pub parameters: Entries<Parameter>,
    /// Every message of the channel, either way.
    pub messages: Entries<Reference>,
    /// Words to group channels by.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<Tag>,
    /// The request that opens a connection.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bindings: Option<ChannelBindings>,
    /// The topics that it is, where it is a stream of the connection at this address.
    #[serde(rename = "x-topic", skip_serializing_if = "Option::is_none")]
    pub topic: Option<TopicObject>,
}

/// The topics that a channel is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct TopicObject {
    /// The word that the topic goes by.
    pub name: String,
    /// The topics by name: `room:{room}`.
    pub pattern: String,
    /// The names of the pattern's parameters, in order.
    pub parameters: Vec<String>,
}

/// One parameter of an address.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Parameter {
    /// The value that stands there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// All it may be.
    #[serde(rename = "enum", skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<String>,
    /// Its value unless another is given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default: Option<String>,
    /// Some of what it may be.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub examples: Vec<String>,
    /// Its type, for which AsyncAPI 3 has no word of its own.
    #[serde(rename = "x-schema", skip_serializing_if = "Option::is_none")]
    pub schema: Option<Schema>,
}

/// A word to group by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Tag {
    /// The word.
    pub name: String,
}

/// The transport of a channel.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ChannelBindings {
    /// Of its WebSocket.
    pub ws: WebSocketBinding,
}

/// The request that opens a WebSocket.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct WebSocketBinding {
    /// The request's method.
    pub method: &'static str,
    /// The query that the handshake reads.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub query: Option<Schema>,
    /// The headers that the handshake reads.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub headers: Option<Schema>,
    /// The version of this binding's own format.
    pub binding_version: &'static str,
}

impl Tag {
    pub(crate) fn all(names: &[String]) -> Vec<Self> {
        let tag = |name: &String| Self { name: name.clone() };
        names.iter().map(tag).collect()
    }
}

impl WebSocketBinding {
    pub(crate) fn new(query: Option<Schema>, headers: Option<Schema>) -> Self {
        Self {
            method: "GET",
            query,
            headers,
            binding_version: "0.1.0",
        }
    }
}
