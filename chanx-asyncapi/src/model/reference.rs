//! References within a document.

use serde::Serialize;

/// A reference to another part of the document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reference {
    /// The JSON pointer (RFC 6901) of that part behind a `#`, such as `#/channels/chat`.
    #[serde(rename = "$ref")]
    pub reference: String,
}

impl Reference {
    pub(crate) fn channel(channel: &str) -> Self {
        Self::to(&format!("channels/{channel}"))
    }

    pub(crate) fn message_of(channel: &str, message: &str) -> Self {
        Self::to(&format!("channels/{channel}/messages/{message}"))
    }

    pub(crate) fn message(message: &str) -> Self {
        Self::to(&format!("components/messages/{message}"))
    }

    pub(crate) fn schema(schema: &str) -> Self {
        Self::to(&format!("components/schemas/{schema}"))
    }

    pub(crate) fn security_scheme(scheme: &str) -> Self {
        Self::to(&format!("components/securitySchemes/{scheme}"))
    }

    pub(crate) fn correlation_id(id: &str) -> Self {
        Self::to(&format!("components/correlationIds/{id}"))
    }

    /// Nothing is escaped: every name of a document is made of letters,
    /// digits, `_`, `-` and `.`.
    fn to(part: &str) -> Self {
        Self {
            reference: format!("#/{part}"),
        }
    }
}
