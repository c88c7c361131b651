//! The end of a connection, as a close frame tells it.

use std::fmt;

/// The end of a connection: its close code and reason.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Closed {
    /// The close code; 1005 where the frame has none, 1006 where there was no
    /// close frame (RFC 6455 §7.4.1).
    pub code: u16,
    /// The reason, often empty.
    pub reason: String,
}

impl Closed {
    /// A code without a reason.
    pub(crate) fn with(code: u16) -> Self {
        Self {
            code,
            reason: String::new(),
        }
    }
}

impl fmt::Display for Closed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.code)?;
        if self.reason.is_empty() {
            return Ok(());
        }
        write!(f, " \"{}\"", self.reason)
    }
}
