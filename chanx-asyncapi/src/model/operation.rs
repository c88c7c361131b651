//! Operations: what the application does with messages.

use serde::Serialize;

use super::{Reference, Tag, is_false};

/// The messages that one handler receives, or that are sent for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Operation {
    /// The direction of the messages.
    pub action: Action,
    /// The channel that the operation belongs to.
    pub channel: Reference,
    /// The operation's purpose in one line, in Markdown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    /// The rest of its description, in Markdown.
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
    /// The values of `reason` that errors may answer with (`x-reasons`).
    #[serde(rename = "x-reasons", skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<String>,
    /// True if the operation is there for older clients alone (`x-deprecated`).
    #[serde(rename = "x-deprecated", skip_serializing_if = "is_false")]
    pub deprecated: bool,
}

/// The direction of a message, from the server's point of view.
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
    /// True if any number of these may come, and `complete` behind the last (`x-stream`).
    #[serde(rename = "x-stream", skip_serializing_if = "is_false")]
    pub stream: bool,
}
