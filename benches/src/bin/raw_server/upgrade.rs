//! The size of the buffer that a connection reads into.

use std::env;

use axum::extract::ws::WebSocketUpgrade;

/// The library's 128 KiB, or 4 KiB.
///
/// tungstenite zeroes the buffer each time the socket is polled, so its size is
/// paid for in time as well as in memory.
#[derive(Debug, Clone, Copy)]
pub(crate) enum ReadBuffer {
    Default,
    Tuned,
}

impl ReadBuffer {
    pub(crate) fn from_args() -> Self {
        if env::args().any(|arg| arg == "--tuned") {
            Self::Tuned
        } else {
            Self::Default
        }
    }

    pub(crate) fn apply(self, upgrade: WebSocketUpgrade) -> WebSocketUpgrade {
        match self {
            Self::Default => upgrade,
            Self::Tuned => upgrade.read_buffer_size(4096),
        }
    }
}
