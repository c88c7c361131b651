//! The support of `#[derive(EventEnum)]` for one variant.
//!
//! The functions ask for [`HeldBy`] alone: that the type is an event, its impl
//! has proved or has been refused for.

use bytes::Bytes;

use crate::{
    event::{Event, EventSet},
    wire::{EncodeError, Encoder, InvalidPayload, Payload},
};

/// An event that a variant of the enum `E` holds.
pub trait HeldBy<E>: Event {}

/// The variant's action.
#[must_use]
pub const fn action<E, V: HeldBy<E>>() -> &'static str {
    V::ACTION
}

/// Reads the variant.
///
/// # Errors
///
/// What keeps the payload from being this event, by path.
pub fn decode<E, V: HeldBy<E>>(payload: Payload<'_>) -> Result<V, InvalidPayload> {
    V::read(payload)
}

/// Writes the variant, for a layer that leaves the process.
///
/// # Errors
///
/// When the value has no form in JSON.
pub fn encode<E, V: HeldBy<E>>(event: &V, encoder: Encoder<'_>) -> Result<Bytes, EncodeError> {
    event.encode(encoder)
}
