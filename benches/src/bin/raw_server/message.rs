//! The messages of both directions.

use axum::extract::ws::Utf8Bytes;
use serde::{Deserialize, Serialize};

#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "action", content = "payload", rename_all = "snake_case")]
pub(crate) enum Message {
    Echo { message: String },
    Broadcast { message: String },
    Error { detail: String },
}

impl Message {
    /// A text that is no message is read as the error to answer it with.
    pub(crate) fn decode(text: &str) -> Self {
        serde_json::from_str(text).unwrap_or_else(|error| {
            tracing::debug!(%error, "not a message");
            Self::unexpected()
        })
    }

    pub(crate) fn encode(&self) -> serde_json::Result<Utf8Bytes> {
        Ok(serde_json::to_string(self)?.into())
    }

    pub(crate) fn unexpected() -> Self {
        Self::Error {
            detail: "unexpected message".to_owned(),
        }
    }
}
