//! Messages: one action each, and what they carry.

use serde::Serialize;
use serde_json::Value;

use super::{Reference, is_false};

/// One message: an action with its payload.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct MessageObject {
    /// The name of the message's Rust type.
    pub title: String,
    /// The meaning of the message, in Markdown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The place of the `ref` by which a reply names the message that it answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub correlation_id: Option<Reference>,
    /// The schema of the whole frame, its action included.
    pub payload: Reference,
    /// Frames that show the message in use.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub examples: Vec<MessageExample>,
    /// True if the message is there for older clients alone (`x-deprecated`).
    #[serde(rename = "x-deprecated", skip_serializing_if = "is_false")]
    pub deprecated: bool,
}

/// A frame that shows a message in use.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct MessageExample {
    /// The whole frame, its action included.
    pub payload: Value,
}

/// The place in a frame of the value that tells which message a reply answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CorrelationId {
    /// The use of the value, in Markdown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The place, as a runtime expression of AsyncAPI.
    pub location: &'static str,
}

impl CorrelationId {
    pub(crate) fn of_replies() -> Self {
        Self {
            description: Some("A reply carries the `ref` of its message.".to_owned()),
            location: "$message.payload#/ref",
        }
    }
}
