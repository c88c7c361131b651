//! The states of a socket's two halves.

/// The state of reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    Open,
    /// The peer has closed or is gone.
    Ended,
    /// The peer broke the protocol, and may send more, which nobody is to see.
    Failed,
}

/// The state of writing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Writing {
    /// The session's frames are written, when it flushes.
    Open,
    /// An answer of the protocol's own, which whoever reads sees to.
    Answering,
    /// Nothing: our end has been closed.
    Shut,
}
