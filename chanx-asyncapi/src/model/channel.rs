//! Channels: an address, and the messages that travel there.

use schemars::Schema;
use serde::Serialize;

use super::{Entries, Reference, is_false};

/// The messages that travel at one WebSocket path, or on one topic's pattern there.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ChannelObject {
    /// The whole path, with `{parameters}`.
    pub address: String,
    /// The channel's name, which is its key in the document too.
    pub title: String,
    /// The purpose of a topic, in one line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    /// The channel's purpose, in Markdown.
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
    /// The topics by which its messages go, where clients subscribe to the channel over
    /// the connection at this address (`x-topic`).
    #[serde(rename = "x-topic", skip_serializing_if = "Option::is_none")]
    pub topic: Option<TopicObject>,
    /// True if the topics are there for older clients alone (`x-deprecated`).
    #[serde(rename = "x-deprecated", skip_serializing_if = "is_false")]
    pub deprecated: bool,
}

/// The topics that lead to one channel: all that match a pattern.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct TopicObject {
    /// The name of the hub's method that admits subscriptions.
    pub name: String,
    /// The pattern of the topics' names, such as `room:{room}`.
    pub pattern: String,
    /// The names of the pattern's parameters, in order.
    pub parameters: Vec<String>,
}

/// One parameter of an address.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Parameter {
    /// The meaning of the value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// All values that it may have (`enum`); empty where it may have others.
    #[serde(rename = "enum", skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<String>,
    /// The value that it has unless another is given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default: Option<String>,
    /// Some of the values that it may have.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub examples: Vec<String>,
    /// The type of the value (`x-schema`).
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
    /// The request that opens its WebSocket.
    pub ws: WebSocketBinding,
}

/// The request that opens a WebSocket.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct WebSocketBinding {
    /// The method of the request: `GET`.
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
