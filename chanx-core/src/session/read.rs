//! A client's frame, read as far as its envelope.

use crate::wire::{Correlation, Frame, FrameError, Inbound};

/// A client's frame that has been read, or the error to answer it with.
pub(super) type Read<'a> = Result<Inbound<'a>, FrameError>;

/// Reads a frame.
#[inline]
pub(super) fn decode(frame: &Frame) -> Read<'_> {
    match frame.text() {
        Some(text) => Inbound::decode(text),
        None => Err(FrameError::binary()),
    }
}

/// The marks that what answers a frame carries.
pub(super) fn correlation_of<'r, 'a>(read: &'r Read<'a>) -> &'r Correlation<'a> {
    match read {
        Ok(message) => &message.correlation,
        Err(refused) => &refused.correlation,
    }
}

/// The action of a frame, unless that is refused.
pub(super) fn action_of<'r>(read: &'r Read<'_>) -> Option<&'r str> {
    read.as_ref().ok().map(|message| &*message.action)
}
