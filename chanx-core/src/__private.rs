//! What the macros may name, and nothing else.
//!
//! Not part of the public interface: it changes without notice.

pub use std::boxed::Box;

pub use bytes::Bytes;

pub use crate::{
    channel::{Answer, Definition, answer},
    describe::{HandlerDescription, MessageDescription, MessageShape},
    unique::Handled,
    wire::{EncodeError, Encoder, InvalidPayload, Payload},
};
