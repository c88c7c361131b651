//! What the macros may name, and nothing else.
//!
//! Not part of the public interface: it changes without notice. The version in
//! its name is the one that the macros look for, so that those of another version
//! are told at once, by the first path that they write.

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
    contract::{
        ContextOf, Handled, RESERVED, SharedSelf, assert_free, assert_shared, event_variant,
        handled, lend, message_variant, received,
    },
    describe::{HandlerDescription, MessageDescription, MessageShape, Security},
    message::ReceivedBy,
    wire::{EncodeError, Encoder, InvalidPayload, Payload, Violation},
};

#[cfg(feature = "garde")]
pub use crate::wire::garde_validate;
