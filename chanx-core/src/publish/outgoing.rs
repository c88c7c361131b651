//! A message that is published, and whether its frames say whose it is.

use crate::{
    connection::{Content, GroupMessage},
    message::MessageSet,
    wire::{EncodeError, Encoder, Envelope},
};

#[derive(Debug)]
pub(super) struct Outgoing<M> {
    message: M,
    pub(super) marked: bool,
}

impl<M> Outgoing<M> {
    pub(super) fn new(message: M) -> Self {
        Self {
            message,
            marked: false,
        }
    }
}

impl<M: MessageSet> Outgoing<M> {
    pub(super) fn content(&self) -> Result<Content, EncodeError> {
        let encode = |envelope| self.message.encode(Encoder::new(envelope));
        let message = if self.marked {
            GroupMessage::Marked {
                current: encode(Envelope::push().with_origin(true, true))?,
                mine: encode(Envelope::push().with_origin(true, false))?,
                others: encode(Envelope::push().with_origin(false, false))?,
            }
        } else {
            GroupMessage::Same(encode(Envelope::push())?)
        };
        Ok(Content::Message(message))
    }
}
