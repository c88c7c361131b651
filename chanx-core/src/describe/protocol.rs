//! The protocol of an application as data that is nobody's but its holder's.

use std::{any::TypeId, collections::BTreeMap};

use schemars::{Schema, SchemaGenerator, generate::SchemaSettings};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{
    ChannelDescription, Direction, MessageDescription, MessageShape, OperationDescription,
    ProtocolFrames, SchemaOf, Security,
    directions::{self, Agree, Merged, Types, Way},
};

/// A channel where it is served.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Documented {
    /// The whole path, with `{parameters}` as axum writes them.
    pub path: String,
    /// Its name: the channel's, unless several routes have the channel.
    pub name: String,
    /// The channel.
    pub channel: ChannelDescription,
    /// The frames of the protocol's own that it sends.
    pub frames: ProtocolFrames,
    /// The query parameter that may carry a bearer token.
    pub bearer_query: Option<String>,
}

impl Documented {
    /// A channel at a path, with the frames that every channel sends.
    pub fn new(path: impl Into<String>, channel: ChannelDescription) -> Self {
        Self {
            path: path.into(),
            name: channel.name.to_owned(),
            channel,
            frames: ProtocolFrames::default(),
            bearer_query: None,
        }
    }
}

/// The channels of an application, their messages and their types, as owned data.
///
/// It can be written to a file and read again, so that a tool may work on it
/// without the application: documents and clients are made from it. The same
/// channels give the same data.
///
/// # Examples
///
/// ```
/// use chanx::{
///     Connect, Consumer, Ping, Pong, channel,
///     describe::{ChannelDescription, Documented, Protocol},
/// };
///
/// #[derive(Default, Connect, Consumer)]
/// struct Echo;
///
/// #[channel(name = "echo")]
/// impl Echo {
///     #[ws_handler]
///     async fn ping(&mut self, _: Ping) -> Pong {
///         Pong
///     }
/// }
///
/// let echo = Documented::new("/ws/echo", ChannelDescription::of::<Echo>());
/// let protocol = Protocol::of(&[echo]);
///
/// let ping = &protocol.channels[0].operations[0];
/// assert_eq!(ping.messages, ["Ping"]);
/// assert_eq!(protocol.messages["Ping"].action, "ping");
///
/// let written = serde_json::to_string(&protocol)?;
/// assert_eq!(serde_json::from_str::<Protocol>(&written)?, protocol);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Protocol {
    /// The channels, in the order in which they were given.
    pub channels: Vec<ProtocolChannel>,
    /// The messages of all channels, each of them once, or twice where it is
    /// written otherwise than it is read. A key is the name of the Rust type,
    /// with `Received` or `Sent` behind it for the second, and with a number
    /// where another has that name.
    pub messages: BTreeMap<String, ProtocolMessage>,
    /// The named types, in JSON Schema 2020-12; schemas refer to them as
    /// `#/$defs/<key>`. A type that is written otherwise than it is read is
    /// there twice, with `Sent` behind the name of what is written.
    #[serde(rename = "$defs")]
    pub types: BTreeMap<String, Schema>,
    /// The types that are there twice: the key of what is written, by the key
    /// of what is read.
    #[serde(default)]
    pub written_as: BTreeMap<String, String>,
}

/// A channel, where it is served.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ProtocolChannel {
    /// The channel's name.
    pub name: String,
    /// The whole path, with `{parameters}` as axum writes them.
    pub path: String,
    /// The topics that it is, where it is one of a hub: it shares the hub's path.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<ProtocolTopic>,
    /// The purpose of the channel.
    pub description: Option<String>,
    /// Words to group channels by.
    pub tags: Vec<String>,
    /// The parts of the request that the handshake reads.
    pub handshake: ProtocolHandshake,
    /// The handlers, in order of declaration.
    pub operations: Vec<ProtocolOperation>,
    /// The keys of the messages that are sent outside any one handler.
    pub sends: Vec<String>,
    /// The keys of the protocol's own messages that the channel sends.
    pub frames: Vec<String>,
}

/// The topics of a hub that a channel is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ProtocolTopic {
    /// The name of the hub's method.
    pub name: String,
    /// The method's purpose, in one line.
    pub summary: Option<String>,
    /// The rest.
    pub description: Option<String>,
    /// True if the topics are there for older clients alone.
    #[serde(default)]
    pub deprecated: bool,
    /// The topics by name: `room:{room}`.
    pub pattern: String,
    /// The names of the pattern's parameters, in order.
    pub parameters: Vec<String>,
}

/// The parts of a request that a channel's handshake reads, as far as they are
/// declared.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ProtocolHandshake {
    /// The credentials, any one of which is enough.
    pub security: Vec<Security>,
    /// The query parameter that may carry a bearer token.
    pub bearer_query: Option<String>,
    /// The path's parameters.
    pub path: Option<Schema>,
    /// The query.
    pub query: Option<Schema>,
    /// The headers.
    pub headers: Option<Schema>,
}

/// One handler.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ProtocolOperation {
    /// The method's name; of an event that passes through, its action.
    pub name: String,
    /// Its purpose, in one line.
    pub summary: Option<String>,
    /// The rest.
    pub description: Option<String>,
    /// Words to group operations by.
    pub tags: Vec<String>,
    /// The reasons of the errors that it may answer with, as far as they are declared.
    #[serde(default)]
    pub reasons: Vec<String>,
    /// True if it is there for older clients alone.
    #[serde(default)]
    pub deprecated: bool,
    /// The side that sets it off.
    pub direction: Direction,
    /// The keys of the messages that it takes from the client; none for events.
    pub messages: Vec<String>,
    /// The keys of the messages that it returns.
    pub replies: Vec<String>,
    /// True if these may be a stream: any number of them, then `complete` where the
    /// question has a `ref`.
    #[serde(default)]
    pub may_stream: bool,
    /// The keys of the messages that it declares to send besides.
    pub sends: Vec<String>,
}

/// One message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ProtocolMessage {
    /// The Rust type's own name, without paths; with `Received` or `Sent`
    /// behind it for the second of two.
    pub name: String,
    /// The action.
    pub action: String,
    /// The type's doc comment.
    pub description: Option<String>,
    /// The build of the type.
    pub shape: MessageShape,
    /// The payload's schema.
    pub payload: Schema,
    /// True if an absent payload decodes.
    pub payload_optional: bool,
    /// Payloads that show the message in use.
    pub examples: Vec<Value>,
}

impl Protocol {
    /// The protocol of channels that are served together.
    ///
    /// One schema is for both ways where it is true of both: a property that a
    /// client may leave out is not required there, even if the server always
    /// writes it.
    #[must_use]
    pub fn of(channels: &[Documented]) -> Self {
        Self::collected(channels, directions::serves)
    }

    /// The protocol of channels that are served together, with everything that
    /// is always there required in what is written.
    ///
    /// More types are there twice than in [`of`](Self::of), because what has a
    /// default may be left out in one direction alone.
    #[must_use]
    pub fn of_each_way(channels: &[Documented]) -> Self {
        Self::collected(channels, Value::eq)
    }

    fn collected(channels: &[Documented], agree: Agree) -> Self {
        let mut collector = Collector::new(agree);
        let channels: Vec<_> = channels.iter().flat_map(with_topics).collect();
        let mut described: Vec<_> = channels
            .iter()
            .map(|(documented, topic)| ProtocolChannel {
                topic: topic.clone(),
                ..collector.channel(documented)
            })
            .collect();
        // Last, so that none of their types takes a name from one of the application's.
        for (channel, (documented, _)) in described.iter_mut().zip(&channels) {
            let mut operations = channel.operations.iter();
            let streams = operations.any(|it| it.may_stream && it.direction == Direction::Receive);
            let frames = documented.frames.with_streams(streams);
            channel.frames = collector.messages(&frames.describe(), Way::Sent);
        }
        collector.finish(described)
    }
}

/// A channel, and each of its topics as one that has the same path.
fn with_topics(documented: &Documented) -> Vec<(Documented, Option<ProtocolTopic>)> {
    let topics = documented.channel.topics.iter().map(|topic| {
        let mut channel = topic.channel.clone();
        channel.handshake = documented.channel.handshake.clone();
        let of_topic = Documented {
            path: documented.path.clone(),
            name: format!("{}_{}", documented.name, topic.handler.name),
            channel,
            // There are no completion frames on topics, nor an outcome of the handshake.
            frames: ProtocolFrames::default(),
            bearer_query: documented.bearer_query.clone(),
        };
        let handler = &topic.handler;
        let topic = ProtocolTopic {
            name: handler.name.to_owned(),
            summary: handler.summary.map(ToOwned::to_owned),
            description: handler.description.map(ToOwned::to_owned),
            deprecated: handler.deprecated,
            pattern: topic.pattern.to_owned(),
            parameters: owned(&topic.parameters),
        };
        (of_topic, Some(topic))
    });
    std::iter::once((documented.clone(), None))
        .chain(topics)
        .collect()
}

/// The messages and types that have been mentioned.
///
/// Types are asked for both ways, always in the same order, so that schemars
/// gives a type the same name both ways.
struct Collector {
    received: SchemaGenerator,
    sent: SchemaGenerator,
    known: Vec<Known>,
    messages: BTreeMap<String, ProtocolMessage>,
    agree: Agree,
}

/// A message that has been mentioned.
struct Known {
    type_id: TypeId,
    /// The way that it goes, where its schema is not true of both.
    way: Option<Way>,
    key: String,
}

impl Collector {
    fn new(agree: Agree) -> Self {
        let settings = || {
            SchemaSettings::draft2020_12().with(|settings| {
                settings.meta_schema = None;
                settings.untagged_enum_variant_titles = true;
            })
        };
        Self {
            received: settings().for_deserialize().into_generator(),
            sent: settings().for_serialize().into_generator(),
            known: Vec::new(),
            messages: BTreeMap::new(),
            agree,
        }
    }

    fn channel(&mut self, documented: &Documented) -> ProtocolChannel {
        let ChannelDescription {
            name: _,
            description,
            tags,
            groups: _,
            handshake,
            sends,
            operations,
            topics: _,
        } = &documented.channel;
        let handshake = ProtocolHandshake {
            security: handshake.security.clone(),
            bearer_query: documented.bearer_query.clone(),
            path: handshake.path.map(|ask| self.ask(ask).0),
            query: handshake.query.map(|ask| self.ask(ask).0),
            headers: handshake.headers.map(|ask| self.ask(ask).0),
        };
        let operations = operations.iter();
        ProtocolChannel {
            name: documented.name.clone(),
            path: documented.path.clone(),
            topic: None,
            description: description.map(ToOwned::to_owned),
            tags: owned(tags),
            handshake,
            operations: operations
                .map(|operation| self.operation(operation))
                .collect(),
            sends: self.messages(sends, Way::Sent),
            frames: Vec::new(),
        }
    }

    fn operation(&mut self, operation: &OperationDescription) -> ProtocolOperation {
        let handler = &operation.handler;
        ProtocolOperation {
            name: handler.name.to_owned(),
            summary: handler.summary.map(ToOwned::to_owned),
            description: handler.description.map(ToOwned::to_owned),
            tags: owned(handler.tags),
            reasons: owned(handler.reasons),
            deprecated: handler.deprecated,
            direction: operation.direction,
            messages: self.messages(&operation.messages, Way::Received),
            replies: self.messages(&operation.replies, Way::Sent),
            may_stream: operation.may_stream,
            sends: self.messages(&operation.sends, Way::Sent),
        }
    }

    /// The keys of these messages, which each gets when it is first mentioned.
    fn messages(&mut self, messages: &[MessageDescription], way: Way) -> Vec<String> {
        messages
            .iter()
            .map(|message| self.message(message, way))
            .collect()
    }

    fn message(&mut self, message: &MessageDescription, way: Way) -> String {
        let is_known = |known: &Known| known.type_id == message.type_id;
        let goes = |known: &Known| known.way.is_none_or(|own| own == way);
        let known = self.known.iter();
        if let Some(known) = known.clone().find(|known| is_known(known) && goes(known)) {
            return known.key.clone();
        }
        let Some(other) = known.clone().position(is_known) else {
            return self.add(message, way, &message.name);
        };
        let (received, sent) = self.ask(message.schema);
        let (reads, writes) = (types(&self.received), types(&self.sent));
        if !directions::is_one((&received, &reads), (&sent, &writes), self.agree) {
            let name = format!("{}{}", message.name, way.suffix());
            return self.add(message, way, &name);
        }
        let known = &mut self.known[other];
        known.way = None;
        if let Some(described) = self.messages.get_mut(&known.key) {
            described.payload = received;
        }
        known.key.clone()
    }

    fn add(&mut self, message: &MessageDescription, way: Way, name: &str) -> String {
        let key = self.free_key(name);
        let (received, sent) = self.ask(message.schema);
        let described = ProtocolMessage {
            name: name.to_owned(),
            action: message.action.to_owned(),
            description: message.description.map(ToOwned::to_owned),
            shape: message.shape,
            payload: match way {
                Way::Received => received,
                Way::Sent => sent,
            },
            payload_optional: message.payload_optional,
            examples: message.examples.clone(),
        };
        self.messages.insert(key.clone(), described);
        self.known.push(Known {
            type_id: message.type_id,
            way: Some(way),
            key: key.clone(),
        });
        key
    }

    /// A type's schema as it is received, and as it is sent.
    fn ask(&mut self, schema_of: SchemaOf) -> (Schema, Schema) {
        (schema_of(&mut self.received), schema_of(&mut self.sent))
    }

    /// The name, with the lowest number behind it that makes it one of its own.
    fn free_key(&self, name: &str) -> String {
        let numbered = (2..).map(|number| format!("{name}{number}"));
        std::iter::once(name.to_owned())
            .chain(numbered)
            .find(|key| !self.messages.contains_key(key))
            .expect("there are more numbers than names")
    }

    fn finish(mut self, channels: Vec<ProtocolChannel>) -> Protocol {
        let is_sent = |key: &String| {
            let known = self.known.iter().find(|known| known.key == *key);
            known.is_some_and(|known| known.way == Some(Way::Sent))
        };
        let (mut sent, mut received) = (Vec::new(), Vec::new());
        for (key, message) in &mut self.messages {
            if is_sent(key) {
                sent.push(&mut message.payload);
            } else {
                received.push(&message.payload);
            }
        }
        for channel in &channels {
            let ProtocolHandshake {
                path,
                query,
                headers,
                ..
            } = &channel.handshake;
            received.extend([path, query, headers].into_iter().flatten());
        }
        let [reads, writes] = [&mut self.received, &mut self.sent]
            .map(|generator| owned_types(generator.take_definitions(true)));
        let Merged { types, sent_as } =
            directions::merge(reads, writes, received.into_iter(), sent, self.agree);
        Protocol {
            channels,
            messages: self.messages,
            types,
            written_as: sent_as,
        }
    }
}

/// The types that schemars has been asked for so far.
fn types(generator: &SchemaGenerator) -> Types {
    owned_types(generator.definitions().clone())
}

fn owned_types(definitions: Map<String, Value>) -> Types {
    let schema = |(name, value)| Some((name, Schema::try_from(value).ok()?));
    definitions.into_iter().filter_map(schema).collect()
}

fn owned(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}
