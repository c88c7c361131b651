//! A message as it is published.

use crate::{
    connection::Content,
    message::MessageSet,
    wire::{Body, EncodeError, Encoder, Envelope},
};

/// Serialises a message, once for all who get it.
pub(super) fn content<M: MessageSet>(message: &M) -> Result<Content, EncodeError> {
    let frame = message.encode(Encoder::new(Envelope::push()))?;
    Body::of_frame(M::ACTIONS, frame).map(Content::Message)
}
