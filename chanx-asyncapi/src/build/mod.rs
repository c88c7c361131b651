//! From the channels of an application to their document.

mod catalogue;
mod entry;
mod handshake;
mod operations;

use chanx_core::describe::{Documented, Protocol, ProtocolChannel};
use schemars::Schema;

use super::{
    model::{ChannelBindings, ChannelObject, Document, Info, Reference, Tag, TopicObject},
    names::{Names, plain},
};
use catalogue::Catalogue;

impl Document {
    /// The document of these channels.
    ///
    /// The order of channels is that of the document, and decides which of
    /// two operations or types of one name gets another.
    ///
    /// # Panics
    ///
    /// When two channels have one name or one path: clients could not tell
    /// them apart.
    #[must_use]
    pub fn new(info: Info, channels: &[Documented]) -> Self {
        Self::of(info, &Protocol::of(channels))
    }

    /// The document of a protocol, which may come from another program.
    ///
    /// # Panics
    ///
    /// When two channels have one name or one path, or the protocol lacks a
    /// message that a channel names.
    #[must_use]
    pub fn of(info: Info, protocol: &Protocol) -> Self {
        let channels = &protocol.channels;
        refuse_doubles(channels);
        let mut builder = Builder {
            protocol,
            document: Self::about(info),
            catalogue: Catalogue::new(protocol),
            channel_keys: Names::default(),
            operation_keys: Names::default(),
            scheme_keys: Names::default(),
        };
        let places: Vec<_> = channels
            .iter()
            .map(|channel| builder.channel(channel))
            .collect();
        for (channel, place) in channels.iter().zip(&places) {
            builder.protocol(channel, place);
        }
        builder.finish()
    }
}

fn refuse_doubles(channels: &[ProtocolChannel]) {
    for (index, one) in channels.iter().enumerate() {
        for other in &channels[..index] {
            assert!(
                one.name != other.name,
                "channel `{}` is at `{}` and at `{}`: give each consumer one route and a name of its own",
                one.name,
                other.path,
                one.path,
            );
            let is_topic = one.topic.is_some() || other.topic.is_some();
            assert!(
                is_topic || one.path != other.path,
                "channels `{}` and `{}` are both at `{}`: give each a path of its own",
                other.name,
                one.name,
                one.path,
            );
        }
    }
}

/// A document while it is being made.
struct Builder<'a> {
    protocol: &'a Protocol,
    document: Document,
    catalogue: Catalogue<'a>,
    channel_keys: Names,
    operation_keys: Names,
    scheme_keys: Names,
}

/// The place of a channel in the document.
#[derive(Debug, Clone)]
struct Place {
    key: String,
    /// The credentials that its operations ask for.
    security: Vec<Reference>,
}

impl<'a> Builder<'a> {
    fn channel(&mut self, described: &'a ProtocolChannel) -> Place {
        let place = Place {
            key: self.channel_keys.claim(&[&plain(&described.name)]),
            security: self.security(&described.handshake),
        };
        let handshake = self.handshake(described);
        let topic = described.topic.as_ref();
        let channel = ChannelObject {
            address: handshake.address,
            title: place.key.clone(),
            summary: topic.and_then(|topic| topic.summary.clone()),
            description: description(described),
            parameters: handshake.parameters,
            tags: Tag::all(&described.tags),
            bindings: handshake.bindings,
            topic: topic.map(|topic| TopicObject {
                name: topic.name.clone(),
                pattern: topic.pattern.clone(),
                parameters: topic.parameters.clone(),
            }),
            deprecated: topic.is_some_and(|topic| topic.deprecated),
            ..ChannelObject::default()
        };
        self.document.channels.insert(&place.key, channel);
        self.operations(described, &place);
        place
    }

    /// Makes a message one of the channel's.
    fn message(&mut self, place: &Place, message: &'a str, correlated: bool) -> Reference {
        let key = if correlated {
            self.catalogue.mention_correlated(message)
        } else {
            self.catalogue.mention(message)
        };
        let channel = self.document.channels.get_mut(&place.key);
        let channel = channel.expect("a channel is inserted before its messages");
        channel.messages.insert(&key, Reference::message(&key));
        Reference::message_of(&place.key, &key)
    }

    fn finish(mut self) -> Document {
        let mut schemas: Vec<&mut Schema> = Vec::new();
        for channel in self.document.channels.parts_mut() {
            for parameter in channel.parameters.parts_mut() {
                schemas.extend(&mut parameter.schema);
            }
            if let Some(ChannelBindings { ws }) = &mut channel.bindings {
                schemas.extend(&mut ws.query);
                schemas.extend(&mut ws.headers);
            }
        }
        let mut components = self.catalogue.finish(&mut schemas);
        let schemes = std::mem::take(&mut self.document.components.security_schemes);
        components.security_schemes = schemes.sorted();
        self.document.components = components;
        self.document
    }
}

/// The words of the channel, behind those of the topic's method where it has one.
fn description(described: &ProtocolChannel) -> Option<String> {
    let topic = described.topic.as_ref();
    let of_topic = topic.and_then(|topic| topic.description.as_ref());
    match (of_topic, &described.description) {
        (Some(of_topic), Some(own)) => Some(format!("{of_topic}\n\n{own}")),
        (of_topic, own) => of_topic.or(own.as_ref()).cloned(),
    }
}
