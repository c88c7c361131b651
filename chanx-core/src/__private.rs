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
        Admits, Answer, Definition, Handled, Handler, HasTopic, OneChannelBlockPerConsumer,
        OneHandlersBlockPerPart, RESERVED, Sends, Taken, TopicParameters, answer, assert_free,
        assert_part_free, at_once, handled, received, taken,
    },
    contract::{
        ContextOf, Elsewhere, IsFree, MemberOf, NoWay, OfPart, PartHandles, PartReceives, Place,
        ReadEvent, Reading, ReceivesMember, SendsMember, SharedSelf, assert_no_topics,
        assert_shared, declared_elsewhere, event_variant, lend, message_variant, sent,
    },
    describe::{HandlerDescription, MessageDescription, MessageShape, Security},
    event::Declared,
    message::ReceivedBy,
    wire::{EncodeError, Encoder, InvalidPayload, Payload, Violation},
};

#[cfg(feature = "garde")]
pub use crate::wire::garde_validate;
