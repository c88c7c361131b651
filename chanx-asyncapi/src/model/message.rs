//! Messages: one action each, and what they carry.

use serde::Serialize;
use serde_json::Value;

use super::{Reference, is_false};

/// One message.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct MessageObject {
    /// The name of its type.
    pub title: String,
    /// Its meaning, in Markdown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The id that tells which message it answers, or is answered by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub correlation_id: Option<Reference>,
    /// The frame: the action and what goes with it.
    pub payload: Reference,
    /// Frames that show it in use.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub examples: Vec<MessageExample>,
    /// True if it is there for older clients alone.
    #[serde(rename = "x-deprecated", skip_serializing_if = "is_false")]
    pub deprecated: bool,
}

/// A frame that shows a message in use.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct MessageExample {
    /// The frame.
    pub payload: Value,
}

/// The place of the value that tells which reply belongs to which message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CorrelationId {
    /// The use of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// A runtime expression.
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
