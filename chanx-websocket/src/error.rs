//! The errors that end a connection.

use thiserror::Error;

/// The reason for which a client's bytes cannot be read any further.
///
/// The caller sends a close frame of [`close_code`](Self::close_code) and ends
/// the connection (RFC 6455 §7.1.7); the codec reads nothing more, but writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ReadError {
    /// A reserved bit is set, and no extension gives it a meaning (§5.2).
    #[error("reserved bit set")]
    ReservedBits,
    /// An opcode that is reserved (§5.2).
    #[error("unknown opcode {0:#x}")]
    UnknownOpcode(u8),
    /// A frame without a mask (§5.1).
    #[error("frame is not masked")]
    Unmasked,
    /// A length in more bytes than it needs, or of more than 63 bits (§5.2).
    #[error("malformed length")]
    Length,
    /// A control frame that is not its message's last (§5.4).
    #[error("control frame is fragmented")]
    FragmentedControl,
    /// A control frame of more than 125 bytes (§5.5).
    #[error("control frame is too long")]
    LongControl,
    /// A continuation where no message has begun (§5.4).
    #[error("continuation of no message")]
    UnexpectedContinuation,
    /// A message that begins before the one before it has ended (§5.4).
    #[error("message begins inside another")]
    ExpectedContinuation,
    /// A close frame of one byte (§5.5.1).
    #[error("close frame of one byte")]
    MalformedClose,
    /// A close code that must not be sent (§7.4).
    #[error("close code {0} must not be sent")]
    CloseCode(u16),
    /// Text, or the reason of a close, that is not UTF-8 (§8.1).
    #[error("text is not utf-8")]
    InvalidUtf8,
    /// A compressed message that is not what DEFLATE makes (RFC 7692 §7.2.2).
    #[error("compressed message is malformed")]
    Deflate,
    /// A message larger than allowed, before or after decompressing (§7.4.1).
    #[error("message is too big")]
    TooBig,
}

impl ReadError {
    /// The close code that tells the client (RFC 6455 §7.4.1).
    #[must_use]
    pub fn close_code(self) -> u16 {
        match self {
            // "data within a message that was not consistent with the type of the message"
            Self::InvalidUtf8 | Self::Deflate => 1007,
            Self::TooBig => 1009,
            Self::ReservedBits
            | Self::UnknownOpcode(_)
            | Self::Unmasked
            | Self::Length
            | Self::FragmentedControl
            | Self::LongControl
            | Self::UnexpectedContinuation
            | Self::ExpectedContinuation
            | Self::MalformedClose
            | Self::CloseCode(_) => 1002,
        }
    }
}

/// The error of a frame that is not written: behind a close frame none may be (RFC 6455
/// §5.5.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("a close frame has been written")]
pub struct WriteError;
