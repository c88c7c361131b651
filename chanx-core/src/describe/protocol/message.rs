//! A message of a protocol.

use schemars::Schema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::describe::MessageShape;

/// One message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ProtocolMessage {
    /// The Rust type's own name, without paths; with `Received` or `Sent`
    /// behind it for the second of two.
    pub name: String,
    /// The action.
    pub action: String,
    /// The type's doc comment, in Markdown.
    pub description: Option<String>,
    /// The shape of the type.
    pub shape: MessageShape,
    /// The payload's schema.
    pub payload: Schema,
    /// True if an absent payload decodes.
    pub payload_optional: bool,
    /// Payloads that show the message in use.
    pub examples: Vec<Value>,
}
