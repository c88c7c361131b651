//! Operations: what the application does with messages.

use serde::Serialize;

use super::{Reference, Tag, is_false};

/// The messages that the application receives, or sends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Operation {
    /// The way of the messages, from the server's point of view.
    pub action: Action,
    /// The channel that it belongs to.
    pub channel: Reference,
    /// One line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    /// The rest, in Markdown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The credentials of which a connection has to show one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub security: Vec<Reference>,
    /// Words to group operations by.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<Tag>,
    /// The messages, each of them one of the channel's.
    pub messages: Vec<Reference>,
    /// The answer to a message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply: Option<OperationReply>,
    /// The reasons of the errors that it may be answered with.
    #[serde(rename = "x-reasons", skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<String>,
    /// True if it is there for older clients alone.
    #[serde(rename = "x-deprecated", skip_serializing_if = "is_false")]
    pub deprecated: bool,
}

/// The way that a message goes, from the server's point of view.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// From a client to the server.
    Receive,
    /// From the server to a client.
    Send,
}

/// The answer to a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct OperationReply {
    /// The channel on which it is sent.
    pub channel: Reference,
    /// The messages, each of them one of the channel's.
    pub messages: Vec<Reference>,
    /// True if there may be any number of these, with `complete` behind the last.
    #[serde(rename = "x-stream", skip_serializing_if = "is_false")]
    pub stream: bool,
}
