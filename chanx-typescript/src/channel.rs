//! A channel, as a client sees it.

use chanx_core::describe::{
    Direction, MessageShape, Protocol, ProtocolChannel, ProtocolMessage, ProtocolOperation,
    Security,
};
use heck::ToUpperCamelCase;
use serde_json::{Value, json};

use crate::{
    comment::Comment,
    names::{Names, function_name, type_name},
    path,
    types::{Converter, Property, Type, Variant},
};

/// What a client has for one channel.
pub(crate) struct Channel {
    pub(crate) comment: Comment,
    /// The function that connects.
    pub(crate) function: String,
    /// The type that tells the compiler of its messages.
    pub(crate) name: String,
    pub(crate) of: Type,
    /// What fills its path.
    pub(crate) parameters: Option<Type>,
    /// Whether it cannot be opened without a query.
    pub(crate) needs_query: bool,
    /// What the client's code has to know.
    pub(crate) about: Value,
}

/// Describes channels of one protocol.
pub(crate) struct Describer<'a> {
    pub(crate) protocol: &'a Protocol,
    pub(crate) convert: &'a Converter,
    pub(crate) types: &'a mut Names,
    pub(crate) functions: Names,
}

impl Describer<'_> {
    pub(crate) fn channel(&mut self, channel: &ProtocolChannel) -> Channel {
        let mut comment = Comment::default();
        comment.say(channel.description.as_deref().unwrap_or_default());
        let wanted = format!("{}Channel", type_name(&channel.name.to_upper_camel_case()));
        let parameters = path::parameters(channel, self.convert);
        let query = self.query(channel);
        let needs_query = match &query {
            Type::Object(properties, _) => properties.iter().any(|one| !one.optional),
            _ => false,
        };
        let of = Type::Object(
            vec![
                Property::new("query", query),
                Property::new("takes", self.takes(channel)),
                Property::new("gives", self.gives(channel)),
                Property::new("topics", NOTHING),
            ],
            None,
        );
        Channel {
            comment,
            function: self.functions.claim(function_name(&channel.name)),
            name: self.types.claim(wanted),
            of,
            parameters: (!parameters.is_empty()).then_some(Type::Object(parameters, None)),
            needs_query,
            about: self.about(channel),
        }
    }

    fn query(&self, channel: &ProtocolChannel) -> Type {
        let declared = channel.handshake.query.as_ref();
        let Some(declared) = declared else {
            // A channel may read a query without saying so.
            return Type::Generic(
                "Record",
                vec![
                    Type::STRING,
                    Type::one_of(
                        [
                            Type::STRING,
                            Type::NUMBER,
                            Type::Word("boolean"),
                            Type::Word("undefined"),
                        ]
                        .map(Variant::from),
                    ),
                ],
            );
        };
        let Type::Object(mut properties, rest) = self.convert.of(declared.as_value()) else {
            return self.convert.of(declared.as_value());
        };
        let keys = channel
            .handshake
            .security
            .iter()
            .filter_map(|one| match one {
                Security::Query(name) => Some(name.clone().into_owned()),
                _ => None,
            });
        for key in keys {
            if properties.iter().all(|known| known.name != key) {
                let property = Property::new(key, Type::STRING);
                properties.push(Property {
                    optional: true,
                    ..property
                });
            }
        }
        if properties.is_empty() {
            return NOTHING;
        }
        Type::Object(properties, rest)
    }

    /// What the server takes, by action.
    fn takes(&self, channel: &ProtocolChannel) -> Type {
        let received = channel.operations.iter();
        let received = received.filter(|operation| operation.direction == Direction::Receive);
        let taken = received.flat_map(|operation| {
            let messages = operation.messages.iter();
            messages.map(|message| self.taken(channel, operation, &self.protocol.messages[message]))
        });
        let taken: Vec<_> = taken.collect();
        if taken.is_empty() {
            return NOTHING;
        }
        Type::Object(taken, None)
    }

    fn taken(
        &self,
        channel: &ProtocolChannel,
        operation: &ProtocolOperation,
        message: &ProtocolMessage,
    ) -> Property {
        let completes = self.frames(channel).any(|frame| frame.action == "complete");
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
        let properties = vec![
            Property::new("payload", self.payload(message)),
            Property::new("replies", replies),
            Property::new("reasons", Type::one_of(reasons)),
        ];
        Property {
            comment,
            ..Property::new(&message.action, Type::Object(properties, None))
        }
    }

    /// What the server sends.
    fn gives(&self, channel: &ProtocolChannel) -> Type {
        let operations = || channel.operations.iter();
        let broadcast = operations().flat_map(|operation| &operation.sends);
        let broadcast: Vec<_> = broadcast.chain(&channel.sends).collect();
        let replies = operations().flat_map(|operation| &operation.replies);
        let alone = replies.filter(|reply| !broadcast.contains(reply));
        let alone = alone.map(|message| ("MessageFrame", message));
        // Only what is declared to be sent can be broadcast, and so have metadata.
        let broadcast = broadcast.iter().map(|message| ("GroupFrame", *message));
        let messages = alone.chain(broadcast).map(|(kind, message)| {
            let message = &self.protocol.messages[message];
            let of = self.message(kind, message);
            let mut comment = Comment::default();
            // A named type tells of itself.
            if !matches!(self.payload(message), Type::Named(_)) {
                comment.say(message.description.as_deref().unwrap_or_default());
            }
            Variant { comment, of }
        });
        let frames = self
            .frames(channel)
            .map(|frame| match frame.action.as_str() {
                "error" => Type::Word("ErrorFrame"),
                "authentication" => Type::Word("AuthenticationFrame"),
                action => bare(action),
            });
        Type::one_of(messages.chain(frames.map(Variant::from)))
    }

    fn frames(&self, channel: &ProtocolChannel) -> impl Iterator<Item = &ProtocolMessage> {
        let frames = channel.frames.iter();
        frames.map(|frame| &self.protocol.messages[frame])
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

    fn about(&self, channel: &ProtocolChannel) -> Value {
        let handshake = &channel.handshake;
        let mut about = json!({ "path": channel.path });
        let bearer = handshake.security.contains(&Security::Bearer);
        if bearer {
            about["bearer"] = true.into();
            if let Some(parameter) = &handshake.bearer_query {
                about["bearerQuery"] = parameter.as_str().into();
            }
        }
        if self
            .frames(channel)
            .any(|frame| frame.action == "authentication")
        {
            about["authentication"] = true.into();
        }
        let answers = |operation: &ProtocolOperation| {
            let is = |keys: &[String], action| {
                keys.iter()
                    .any(|key| self.protocol.messages[key].action == action)
            };
            is(&operation.messages, "ping") && is(&operation.replies, "pong")
        };
        if channel.operations.iter().any(answers) {
            about["ping"] = true.into();
        }
        about
    }
}

/// An object type without properties, which in TypeScript is written otherwise than as a value.
const NOTHING: Type = Type::Word("{}");

fn literal(text: &str) -> Type {
    Type::Literal(crate::names::quoted(text))
}

/// A message without data.
fn bare(action: &str) -> Type {
    Type::Generic("MessageFrame", vec![literal(action), Type::NULL])
}
