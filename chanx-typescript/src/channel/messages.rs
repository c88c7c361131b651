//! The messages of a channel or a topic: what the server takes, and what it gives.

use chanx_core::describe::{Direction, MessageShape, ProtocolMessage, ProtocolOperation};

use super::Describer;
use crate::{
    comment::Comment,
    names::quoted,
    types::{Property, Type, Variant},
};

impl Describer<'_> {
    /// What the server takes, by action; `completes` says that it tells when it is done.
    pub(super) fn takes(&self, operations: &[ProtocolOperation], completes: bool) -> Type {
        let received = operations.iter();
        let received = received.filter(|operation| operation.direction == Direction::Receive);
        let taken = received.flat_map(|operation| {
            let messages = operation.messages.iter();
            messages.map(move |message| self.taken(operation, message, completes))
        });
        Type::object(taken.collect())
    }

    fn taken(&self, operation: &ProtocolOperation, message: &str, completes: bool) -> Property {
        let message = &self.protocol.messages[message];
        let completes = completes && !operation.may_stream;
        let completion = completes.then(|| Variant::from(bare("complete")));
        let replies = operation.replies.iter();
        let replies =
            replies.map(|reply| self.message("MessageFrame", &self.protocol.messages[reply]));
        let replies = Type::one_of(replies.map(Variant::from).chain(completion));
        let reasons = operation.reasons.iter();
        let reasons = reasons.map(|reason| Variant::from(literal(reason)));
        let mut comment = Comment::default();
        match &operation.summary {
            Some(summary) => comment.say(summary),
            None => comment.say(message.description.as_deref().unwrap_or_default()),
        }
        comment.say(operation.description.as_deref().unwrap_or_default());
        if operation.deprecated {
            comment.deprecate();
        }
        let mut properties = vec![
            Property::new("payload", self.payload(message)),
            Property::new("replies", replies),
            Property::new("reasons", Type::one_of(reasons)),
        ];
        if operation.may_stream {
            properties.push(Property::new("streams", Type::Word("true")));
        }
        Property {
            comment,
            ..Property::new(&message.action, Type::object(properties))
        }
    }

    /// What the server gives: messages, `error`, and those of the protocol's own `frames`.
    pub(super) fn gives(
        &self,
        operations: &[ProtocolOperation],
        sends: &[String],
        frames: &[&ProtocolMessage],
    ) -> Type {
        let broadcast = operations.iter().flat_map(|operation| &operation.sends);
        let broadcast: Vec<_> = broadcast.chain(sends).collect();
        let replies = operations.iter().flat_map(|operation| &operation.replies);
        let alone = replies.filter(|reply| !broadcast.contains(reply));
        let alone = alone.map(|message| ("MessageFrame", message));
        // Only what is declared to be sent can be broadcast, and so have metadata.
        let broadcast = broadcast.iter().map(|message| ("GroupFrame", *message));
        let messages = alone.chain(broadcast).map(|(kind, message)| {
            let message = &self.protocol.messages[message];
            let mut comment = Comment::default();
            // A named type tells of itself.
            if !matches!(self.payload(message), Type::Named(_)) {
                comment.say(message.description.as_deref().unwrap_or_default());
            }
            let of = self.message(kind, message);
            Variant { comment, of }
        });
        let frames = frames.iter().map(|frame| match frame.action.as_str() {
            "error" => Type::Word("ErrorFrame"),
            "authentication" => Type::Word("AuthenticationFrame"),
            action => bare(action),
        });
        let frames = std::iter::once(Type::Word("ErrorFrame")).chain(frames);
        Type::one_of(messages.chain(frames.map(Variant::from)))
    }

    fn message(&self, kind: &'static str, message: &ProtocolMessage) -> Type {
        Type::Generic(kind, vec![literal(&message.action), self.payload(message)])
    }

    fn payload(&self, message: &ProtocolMessage) -> Type {
        match message.shape {
            MessageShape::Unit => Type::NULL,
            _ => self.convert.of(message.payload.as_value()),
        }
    }
}

fn literal(text: &str) -> Type {
    Type::Literal(quoted(text))
}

/// A message without data.
fn bare(action: &str) -> Type {
    Type::Generic("MessageFrame", vec![literal(action), Type::NULL])
}
