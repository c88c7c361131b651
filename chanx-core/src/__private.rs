//! The names that generated code uses, and no others.
//!
//! Not part of the public interface: it changes without notice. The version in
//! its name is the one that the macros look for, so that those of another version
//! are told at once, by the first path that they write.

pub use std::{
    boxed::Box,
    convert::From,
    default::Default,
    option::Option::{None, Some},
    primitive::{bool, str},
    result::Result::{self, Ok},
    unreachable,
    vec::Vec,
};

pub use bytes::Bytes;

pub use crate::{
    __sent_members as sent_members,
    channel::{
        Admits, Answer, Definition, MessageHandler, OneChannelBlockPerConsumer, Sends, answer,
    },
    contract::{
        ContextOf, Elsewhere, Handled, IsFree, MemberOf, Place, RESERVED, ReadEvent, Reading,
        ReceivesMember, SendsMember, SharedSelf, assert_free, assert_no_topics, assert_shared,
        declared_elsewhere, event_variant, handled, lend, message_variant, received, sent,
    },
    describe::{HandlerDescription, MessageDescription, MessageShape, Security},
    message::{Declared, ReceivedBy},
    wire::{EncodeError, Encoder, InvalidPayload, Payload, Violation},
};

#[cfg(feature = "garde")]
pub use crate::wire::garde_validate;
