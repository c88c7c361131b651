//! A handshake that was answered with something else than a WebSocket.

use std::fmt;

use bytes::Bytes;
use chanx_core::detail_of_body;
use http::{HeaderMap, StatusCode};

/// The response of an application that refused a handshake.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Refused {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

impl Refused {
    /// The body as text; what is not UTF-8 is replaced.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The `detail` of a JSON body, as chanx's own refusals have one.
    #[must_use]
    pub fn detail(&self) -> Option<String> {
        detail_of_body(str::from_utf8(&self.body).ok()?)
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the handshake was refused with {}", self.status)?;
        if self.body.is_empty() {
            return Ok(());
        }
        write!(f, ": {}", self.text())
    }
}

impl std::error::Error for Refused {}
