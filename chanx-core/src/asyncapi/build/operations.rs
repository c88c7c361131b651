//! What a channel receives and sends.

use super::{Builder, Documented, Place, frames};
use crate::{
    asyncapi::{
        model::{Action, Operation, OperationReply, Reference, Tag},
        names::plain,
    },
    describe::{ChannelDescription, Direction, MessageDescription, OperationDescription},
};

impl Builder {
    /// What the channel's handlers receive and send, and what is sent besides.
    pub(super) fn operations(&mut self, channel: &ChannelDescription, place: &Place) {
        let besides = (!channel.sends.is_empty())
            .then(|| self.operation_keys.claim([&format!("{}_emits", place.key)]));
        for operation in &channel.operations {
            match operation.direction {
                Direction::Receive => self.receive(operation, place),
                Direction::Send => self.send(operation, place),
            }
        }
        if let Some(key) = besides {
            let mut emits = self.outgoing(place, &channel.sends);
            emits.summary = Some("Sent outside any one handler.".to_owned());
            self.document.operations.insert(key, emits);
        }
    }

    /// A handler of messages: what it takes, what it returns, what it sends besides.
    fn receive(&mut self, operation: &OperationDescription, place: &Place) {
        let handler = &operation.handler;
        let key = self.key(handler.name, place);
        let messages = self.messages(place, &operation.messages, true);
        let replies = self.messages(place, &operation.replies, true);
        let channel = Reference::channel(&place.key);
        let reply = (!replies.is_empty()).then(|| OperationReply {
            channel: channel.clone(),
            messages: replies,
        });
        let receive = Operation {
            action: Action::Receive,
            channel,
            summary: handler.summary.map(ToOwned::to_owned),
            description: handler.description.map(ToOwned::to_owned),
            security: place.security.clone(),
            tags: Tag::all(handler.tags),
            messages,
            reply,
        };
        self.document.operations.insert(key, receive);
        if !operation.sends.is_empty() {
            self.emits(operation, place);
        }
    }

    /// What a handler of messages sends besides its reply.
    fn emits(&mut self, operation: &OperationDescription, place: &Place) {
        let key = self.key(&format!("{}_emits", operation.handler.name), place);
        let actions = operation
            .messages
            .iter()
            .map(|message| format!("`{}`", message.action));
        let actions = actions.collect::<Vec<_>>().join(", ");
        let mut emits = self.outgoing(place, &operation.sends);
        emits.summary = Some(format!("Sent while handling {actions}."));
        emits.tags = Tag::all(operation.handler.tags);
        self.document.operations.insert(key, emits);
    }

    /// A handler of events, as far as clients notice it.
    fn send(&mut self, operation: &OperationDescription, place: &Place) {
        let sent: Vec<_> = operation
            .replies
            .iter()
            .chain(&operation.sends)
            .cloned()
            .collect();
        if sent.is_empty() {
            return;
        }
        let handler = &operation.handler;
        let key = self.key(handler.name, place);
        let mut send = self.outgoing(place, &sent);
        send.summary = handler.summary.map(ToOwned::to_owned);
        send.description = handler.description.map(ToOwned::to_owned);
        send.tags = Tag::all(handler.tags);
        self.document.operations.insert(key, send);
    }

    /// The protocol's own frames, which every channel sends.
    pub(super) fn protocol(&mut self, documented: &Documented, place: &Place) {
        let key = self
            .operation_keys
            .claim([&format!("{}_protocol", place.key)]);
        let mut protocol = self.outgoing(place, &documented.frames.describe());
        protocol.summary = Some("Frames of the protocol itself.".to_owned());
        self.document.operations.insert(key, protocol);
    }

    fn outgoing(&mut self, place: &Place, messages: &[MessageDescription]) -> Operation {
        let (answers, pushes): (Vec<_>, Vec<_>) = messages
            .iter()
            .cloned()
            .partition(|message| frames::answers(message.action));
        let mut messages = self.messages(place, &answers, true);
        messages.extend(self.messages(place, &pushes, false));
        Operation {
            action: Action::Send,
            channel: Reference::channel(&place.key),
            summary: None,
            description: None,
            security: place.security.clone(),
            tags: Vec::new(),
            messages,
            reply: None,
        }
    }

    /// The messages as the channel's, each of them once.
    fn messages(
        &mut self,
        place: &Place,
        messages: &[MessageDescription],
        correlated: bool,
    ) -> Vec<Reference> {
        let mut references = Vec::new();
        for message in messages {
            let reference = self.message(place, message, correlated);
            if !references.contains(&reference) {
                references.push(reference);
            }
        }
        references
    }

    /// The handler's name, or the channel's and its, where that is taken.
    fn key(&mut self, handler: &str, place: &Place) -> String {
        let handler = plain(handler);
        self.operation_keys
            .claim([&handler, &format!("{}_{handler}", place.key)])
    }
}
