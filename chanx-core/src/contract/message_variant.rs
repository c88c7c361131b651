//! The support of `#[derive(MessageEnum)]` for one variant.
//!
//! The functions ask for [`HeldBy`] alone: that the type is a message, its
//! impl has proved or has been refused for.

use bytes::Bytes;

use crate::{
    describe::MessageDescription,
    message::{Message, MessageSet},
    wire::{EncodeError, Encoder, InvalidPayload, Payload},
};

/// A message that a variant of the enum `E` holds.
pub trait HeldBy<E>: Message {
    /// Its [`Place`](super::Place) in the enum.
    type Place;
}

/// The variant's action.
#[must_use]
pub const fn action<E, M: HeldBy<E>>() -> &'static str {
    M::ACTION
}

/// Reads the variant.
///
/// # Errors
///
/// What keeps the payload from being this message, by path.
pub fn decode<E, M: HeldBy<E>>(payload: Payload<'_>) -> Result<M, InvalidPayload> {
    let message: M = payload.decode_by_schema()?;
    message.validate().map_err(InvalidPayload::refused)?;
    Ok(message)
}

/// Writes the variant's frame.
///
/// # Errors
///
/// When the value has no form in JSON.
pub fn encode<E, M: HeldBy<E>>(message: &M, encoder: Encoder<'_>) -> Result<Bytes, EncodeError> {
    message.encode(encoder)
}

/// Describes the variant.
#[must_use]
pub fn describe<E, M: HeldBy<E>>() -> MessageDescription {
    <M as Message>::describe()
}
