//! The messages and types that the channels of a protocol mention.

use std::{any::TypeId, collections::BTreeMap};

use schemars::{Schema, SchemaGenerator, generate::SchemaSettings};

use super::{Protocol, ProtocolChannel, ProtocolHandshake, ProtocolMessage};
use crate::describe::{
    MessageDescription, SchemaOf,
    directions::{self, Agree, Merged, Types, Way},
    free_name::free_name,
};

/// The messages and types that have been mentioned.
///
/// Types are asked for both ways, always in the same order, so that schemars
/// gives a type the same name both ways.
pub(super) struct Mentioned {
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

impl Mentioned {
    pub(super) fn new(agree: Agree) -> Self {
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

    /// The keys of these messages, which each gets when it is first mentioned.
    pub(super) fn messages(&mut self, messages: &[MessageDescription], way: Way) -> Vec<String> {
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
        let read = (&received, self.received.definitions());
        let written = (&sent, self.sent.definitions());
        if !directions::is_one(read, written, self.agree) {
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
        let key = free_name(name, |key| !self.messages.contains_key(key));
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
    pub(super) fn ask(&mut self, schema_of: SchemaOf) -> (Schema, Schema) {
        (schema_of(&mut self.received), schema_of(&mut self.sent))
    }

    pub(super) fn finish(mut self, channels: Vec<ProtocolChannel>) -> Protocol {
        let is_sent = |key: &String| {
            let known = self.known.iter().find(|known| known.key == *key);
            known.is_some_and(|known| known.way == Some(Way::Sent))
        };
        let (mut sent, mut received) = (Vec::new(), Vec::new());
        for (key, message) in &mut self.messages {
            if is_sent(key) {
                sent.push(&mut message.payload);
            } else {
                received.push(message.payload.as_value());
            }
        }
        for channel in &channels {
            let ProtocolHandshake {
                path,
                query,
                headers,
                ..
            } = &channel.handshake;
            for schema in [path, query, headers].into_iter().flatten() {
                received.push(schema.as_value());
            }
        }
        let read = self.received.take_definitions(true);
        let written = self.sent.take_definitions(true);
        let Merged { types, sent_as } =
            directions::merge(read, written, received, &mut sent, self.agree);
        Protocol {
            channels,
            messages: self.messages,
            types: schemas(types),
            written_as: sent_as,
        }
    }
}

fn schemas(types: Types) -> BTreeMap<String, Schema> {
    let mut schemas = BTreeMap::new();
    for (name, value) in types {
        if let Ok(schema) = Schema::try_from(value) {
            schemas.insert(name, schema);
        }
    }
    schemas
}
