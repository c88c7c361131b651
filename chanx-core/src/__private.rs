//! What the macros may name, and nothing else.
//!
//! Not part of the public interface: it changes without notice.

pub use std::{
    boxed::Box,
    convert::From,
    default::Default,
    option::Option::{None, Some},
    primitive::str,
    result::Result::{self, Ok},
    unreachable,
    vec::Vec,
};

pub use bytes::Bytes;

pub use crate::{
    channel::{Answer, Definition, MessageHandler, OneChannelBlockPerConsumer, Sends, answer},
    contract::{ContextOf, SharedSelf, assert_shared, event_variant, lend, message_variant},
    describe::{HandlerDescription, MessageDescription, MessageShape, Security},
    message::ReceivedBy,
    unique::{Handled, RESERVED, assert_free, handled, received},
    wire::{EncodeError, Encoder, InvalidPayload, Payload, Violation},
};

#[cfg(feature = "garde")]
pub use crate::wire::garde_validate;
