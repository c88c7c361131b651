//! The messages that a channel receives and sends.

use chanx_core::describe::{Direction, ProtocolChannel, ProtocolOperation};

use super::{Builder, Place};
use crate::{
    model::{Action, Operation, OperationReply, Reference, Tag},
    names::plain,
};

impl<'a> Builder<'a> {
    /// The messages that the channel's handlers receive and send, and those that are
    /// sent besides.
    pub(super) fn operations(&mut self, channel: &'a ProtocolChannel, place: &Place) {
        let besides = (!channel.sends.is_empty()).then(|| {
            self.operation_keys
                .claim(&[&format!("{}_emits", place.key)])
        });
        for operation in &channel.operations {
            match operation.direction {
                Direction::Receive => self.receive(operation, place),
                Direction::Send => self.send(operation, place),
                // A direction that this crate, of the same version, would know.
                _ => {}
            }
        }
        if let Some(key) = besides {
            let mut emits = self.outgoing(place, &[&channel.sends]);
            self.may_be_broadcast(&channel.sends);
            emits.summary = Some("Sent outside any one handler.".to_owned());
            self.document.operations.insert(key, emits);
        }
    }

    /// A handler of messages: what it takes, what it returns, what it sends besides.
    fn receive(&mut self, operation: &'a ProtocolOperation, place: &Place) {
        let key = self.key(&operation.name, place);
        let messages = self.messages(place, &operation.messages, true);
        let replies = self.messages(place, &operation.replies, true);
        let channel = Reference::channel(&place.key);
        let reply = (!replies.is_empty()).then(|| OperationReply {
            channel: channel.clone(),
            messages: replies,
            stream: operation.may_stream,
        });
        let receive = Operation {
            action: Action::Receive,
            channel,
            summary: operation.summary.clone(),
            description: operation.description.clone(),
            security: place.security.clone(),
            tags: Tag::all(&operation.tags),
            messages,
            reply,
            reasons: operation.reasons.clone(),
            deprecated: operation.deprecated,
        };
        self.document.operations.insert(key, receive);
        if !operation.sends.is_empty() {
            self.emits(operation, place);
        }
    }

    /// The messages that a handler sends besides its reply.
    fn emits(&mut self, operation: &'a ProtocolOperation, place: &Place) {
        let key = self.key(&format!("{}_emits", operation.name), place);
        let actions = operation
            .messages
            .iter()
            .map(|message| format!("`{}`", self.action(message)));
        let actions = actions.collect::<Vec<_>>().join(", ");
        let mut emits = self.outgoing(place, &[&operation.sends]);
        self.may_be_broadcast(&operation.sends);
        emits.summary = Some(format!("Sent while handling {actions}."));
        emits.tags = Tag::all(&operation.tags);
        self.document.operations.insert(key, emits);
    }

    /// A handler of events, as far as clients notice it.
    fn send(&mut self, operation: &'a ProtocolOperation, place: &Place) {
        if operation.replies.is_empty() && operation.sends.is_empty() {
            return;
        }
        let key = self.key(&operation.name, place);
        let mut send = self.outgoing(place, &[&operation.replies, &operation.sends]);
        self.may_be_broadcast(&operation.sends);
        send.summary = operation.summary.clone();
        send.description = operation.description.clone();
        send.tags = Tag::all(&operation.tags);
        send.deprecated = operation.deprecated;
        self.document.operations.insert(key, send);
    }

    /// The protocol's own frames, which every channel sends.
    pub(super) fn protocol(&mut self, channel: &'a ProtocolChannel, place: &Place) {
        let key = self
            .operation_keys
            .claim(&[&format!("{}_protocol", place.key)]);
        let mut protocol = self.outgoing(place, &[&channel.frames]);
        protocol.summary = Some("Frames of the protocol itself.".to_owned());
        self.document.operations.insert(key, protocol);
    }

    /// The operation that sends these messages, answers before all else.
    fn outgoing(&mut self, place: &Place, lists: &[&'a [String]]) -> Operation {
        let (mut answers, mut pushes) = (Vec::new(), Vec::new());
        for message in lists.iter().copied().flatten() {
            match self.action(message) {
                "error" | "complete" => answers.push(message),
                _ => pushes.push(message),
            }
        }
        let mut messages = self.messages(place, answers, true);
        messages.extend(self.messages(place, pushes, false));
        Operation {
            action: Action::Send,
            channel: Reference::channel(&place.key),
            summary: None,
            description: None,
            security: place.security.clone(),
            tags: Vec::new(),
            messages,
            reply: None,
            reasons: Vec::new(),
            deprecated: false,
        }
    }

    /// The messages as the channel's, each of them once.
    fn messages(
        &mut self,
        place: &Place,
        messages: impl IntoIterator<Item = &'a String>,
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

    /// Only what `sends(…)` declares can be broadcast, and so have metadata.
    fn may_be_broadcast(&mut self, messages: &'a [String]) {
        for message in messages {
            self.catalogue.mention_broadcast(message);
        }
    }

    fn action(&self, message: &str) -> &'a str {
        &self.protocol.messages[message].action
    }

    /// The handler's name, or the channel's and its, where that is taken.
    fn key(&mut self, handler: &str, place: &Place) -> String {
        let handler = plain(handler);
        self.operation_keys
            .claim(&[&handler, &format!("{}_{handler}", place.key)])
    }
}
