//! From the channels of an application to their document.

mod catalogue;
mod entry;
mod frames;
mod handshake;
mod operations;

pub use frames::ProtocolFrames;

use schemars::Schema;

use super::{
    model::{ChannelObject, Document, Info, Reference, Tag},
    names::{Names, plain},
};
use crate::describe::{ChannelDescription, MessageDescription};
use catalogue::Catalogue;

/// A channel where it is served.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Documented {
    /// The whole path, with `{parameters}` as axum writes them.
    pub path: String,
    /// The channel.
    pub channel: ChannelDescription,
    /// Which of the protocol's own frames it sends.
    pub frames: ProtocolFrames,
    /// The query parameter that may carry a bearer token.
    pub bearer_query: Option<String>,
}

impl Documented {
    /// A channel at a path, with the frames that every channel sends.
    pub fn new(path: impl Into<String>, channel: ChannelDescription) -> Self {
        Self {
            path: path.into(),
            channel,
            frames: ProtocolFrames::default(),
            bearer_query: None,
        }
    }
}

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
        refuse_doubles(channels);
        let mut builder = Builder {
            document: Self::about(info),
            catalogue: Catalogue::new(),
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

fn refuse_doubles(channels: &[Documented]) {
    for (index, one) in channels.iter().enumerate() {
        for other in &channels[..index] {
            assert!(
                one.channel.name != other.channel.name,
                "channel `{}` is at `{}` and at `{}`: give each consumer one route and a name of its own",
                one.channel.name,
                other.path,
                one.path,
            );
            assert!(
                one.path != other.path,
                "channels `{}` and `{}` are both at `{}`: give each a path of its own",
                other.channel.name,
                one.channel.name,
                one.path,
            );
        }
    }
}

/// A document while it is being made.
struct Builder {
    document: Document,
    catalogue: Catalogue,
    channel_keys: Names,
    operation_keys: Names,
    scheme_keys: Names,
}

/// The place of a channel in the document.
#[derive(Debug, Clone)]
struct Place {
    key: String,
    /// What its operations ask for.
    security: Vec<Reference>,
}

impl Builder {
    fn channel(&mut self, documented: &Documented) -> Place {
        let description = &documented.channel;
        let place = Place {
            key: self.channel_keys.claim([&plain(description.name)]),
            security: self.security(documented),
        };
        let handshake = self.handshake(documented);
        let channel = ChannelObject {
            address: handshake.address,
            title: place.key.clone(),
            description: description.description.map(ToOwned::to_owned),
            parameters: handshake.parameters,
            tags: Tag::all(description.tags),
            bindings: handshake.bindings,
            ..ChannelObject::default()
        };
        self.document.channels.insert(&place.key, channel);
        self.operations(description, &place);
        place
    }

    /// Makes a message one of the channel's.
    fn message(
        &mut self,
        place: &Place,
        message: &MessageDescription,
        correlated: bool,
    ) -> Reference {
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
        let bindings = self
            .document
            .channels
            .parts_mut()
            .filter_map(|channel| channel.bindings.as_mut());
        let schemas =
            bindings.flat_map(|bindings| [&mut bindings.ws.query, &mut bindings.ws.headers]);
        let mut schemas: Vec<&mut Schema> = schemas.filter_map(Option::as_mut).collect();
        let mut components = self.catalogue.finish(&mut schemas);
        components.security_schemes =
            std::mem::take(&mut self.document.components.security_schemes);
        components.security_schemes.sort();
        self.document.components = components;
        self.document
    }
}
