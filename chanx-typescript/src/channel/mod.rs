//! A channel, as a client sees it.

mod messages;

use chanx_core::describe::{
    Protocol, ProtocolChannel, ProtocolMessage, ProtocolOperation, ProtocolTopic, Security,
};
use heck::ToUpperCamelCase;
use serde_json::{Map, Value, json};

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
        let frames = self.frames(channel);
        let completes = frames.iter().any(|frame| frame.action == "group_complete");
        let (topics, patterns) = self.topics(channel);
        let of = Type::Object(
            vec![
                Property::new("query", query),
                Property::new("takes", self.takes(&channel.operations, completes)),
                Property::new(
                    "gives",
                    self.gives(&channel.operations, &channel.sends, &frames),
                ),
                Property::new("topics", topics),
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
            about: self.about(channel, patterns),
        }
    }

    /// The topics by the names of their functions, and their patterns by the same.
    fn topics(&self, hub: &ProtocolChannel) -> (Type, Map<String, Value>) {
        let mut names = Names::of_functions();
        let mut patterns = Map::new();
        let mut types = Vec::new();
        for channel in &self.protocol.channels {
            let Some(topic) = channel.topic.as_ref().filter(|_| channel.path == hub.path) else {
                continue;
            };
            let name = names.claim(function_name(&topic.name));
            patterns.insert(name.clone(), topic.pattern.as_str().into());
            types.push(self.topic(name, topic, channel));
        }
        (Type::object(types), patterns)
    }

    fn topic(&self, name: String, topic: &ProtocolTopic, channel: &ProtocolChannel) -> Property {
        let mut comment = Comment::default();
        comment.say(topic.summary.as_deref().unwrap_or_default());
        comment.say(topic.description.as_deref().unwrap_or_default());
        if topic.deprecated {
            comment.deprecate();
        }
        let parameters = topic.parameters.iter();
        let parameters = parameters.map(|name| Property::new(name, path::scalar()));
        let of = vec![
            Property::new("parameters", Type::object(parameters.collect())),
            Property::new("takes", self.takes(&channel.operations, false)),
            Property::new(
                "gives",
                self.gives(&channel.operations, &channel.sends, &[]),
            ),
        ];
        Property {
            comment,
            ..Property::new(name, Type::object(of))
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
        match rest {
            None => Type::object(properties),
            rest => Type::Object(properties, rest),
        }
    }

    fn frames(&self, channel: &ProtocolChannel) -> Vec<&ProtocolMessage> {
        let frames = channel.frames.iter();
        frames.map(|frame| &self.protocol.messages[frame]).collect()
    }

    fn about(&self, channel: &ProtocolChannel, topics: Map<String, Value>) -> Value {
        let handshake = &channel.handshake;
        let mut about = json!({ "path": channel.path });
        let bearer = handshake.security.contains(&Security::Bearer);
        if bearer {
            about["bearer"] = true.into();
            if let Some(parameter) = &handshake.bearer_query {
                about["bearerQuery"] = parameter.as_str().into();
            }
        }
        let frames = self.frames(channel);
        if frames.iter().any(|frame| frame.action == "authentication") {
            about["authentication"] = true.into();
        }
        if !topics.is_empty() {
            about["topics"] = topics.into();
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
