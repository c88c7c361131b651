//! The messages of a document, each of them once.

use std::collections::BTreeMap;

use heck::ToSnakeCase;
use schemars::{Schema, json_schema};
use serde_json::{Value, json};

use crate::{
    asyncapi::{
        model::{Components, CorrelationId, Entries, Message, MessageExample, Reference},
        names::{Names, TypeNames},
        schemas::{Definitions, Renaming, Schemas, Titles, definition_of, reachable},
    },
    describe::{MessageDescription, MessageShape, SchemaOf},
};

/// The component that says how `ref` is used.
const REF: &str = "ref";

/// The messages that have been mentioned, and all types.
#[derive(Debug)]
pub(super) struct Catalogue {
    schemas: Schemas,
    types: TypeNames,
    keys: Names,
    entries: Vec<Entry>,
}

/// A message under its names in the document.
#[derive(Debug)]
struct Entry {
    description: MessageDescription,
    /// Of the message.
    key: String,
    /// Of the frame's schema.
    name: String,
    payload: Schema,
    /// Whether a `ref` goes with it.
    correlated: bool,
}

impl Catalogue {
    pub(super) fn new() -> Self {
        Self {
            schemas: Schemas::new(),
            types: TypeNames::default(),
            keys: Names::default(),
            entries: Vec::new(),
        }
    }

    /// A message's key, which it gets when it is first mentioned.
    pub(super) fn mention(&mut self, message: &MessageDescription) -> String {
        self.entry(message).key.clone()
    }

    /// As [`mention`](Self::mention), for a message that may carry a `ref`.
    pub(super) fn mention_correlated(&mut self, message: &MessageDescription) -> String {
        let entry = self.entry(message);
        entry.correlated = true;
        entry.key.clone()
    }

    /// A type's schema, to be [finished](Finished) with the document.
    pub(super) fn ask(&mut self, schema_of: SchemaOf) -> Schema {
        self.schemas.ask(schema_of)
    }

    fn entry(&mut self, message: &MessageDescription) -> &mut Entry {
        let known = |entry: &Entry| entry.description.type_id == message.type_id;
        let index = self.entries.iter().position(known).unwrap_or_else(|| {
            let name = self.types.claim(message.name);
            self.entries.push(Entry {
                key: self.keys.claim([&name.to_snake_case()]),
                name,
                payload: self.schemas.ask(message.schema),
                correlated: false,
                description: message.clone(),
            });
            self.entries.len() - 1
        });
        &mut self.entries[index]
    }
}

impl Catalogue {
    /// The components, with the definitions that they or the schemas asked
    /// for `besides` refer to.
    pub(super) fn finish(mut self, besides: &mut [&mut Schema]) -> Components {
        let definitions = self.schemas.definitions();
        let renaming = self.rename(&definitions);
        for schema in besides.iter_mut() {
            renaming.apply(schema);
        }
        let mut schemas = definitions.renamed(&renaming);

        let frames = self.entries.iter_mut().map(|entry| {
            renaming.apply(&mut entry.payload);
            (entry.name.clone(), entry.frame())
        });
        let frames: BTreeMap<_, _> = frames.collect();
        let roots = frames
            .values()
            .chain(besides.iter().map(|schema| &**schema));
        let reached = reachable(&schemas, roots.cloned());
        schemas.retain(|name, _| reached.contains(name));
        schemas.extend(frames);

        let mut titles = Titles::beside(&mut self.types);
        for (name, schema) in &mut schemas {
            titles.named(name, schema);
        }
        self.components(schemas)
    }

    /// Gives every definition its name in the document.
    ///
    /// A message's own type is its payload, and named so; a named type that a
    /// newtype is around keeps its name, and so do all others.
    fn rename(&mut self, definitions: &Definitions) -> Renaming {
        let payloads = self
            .entries
            .iter_mut()
            .filter_map(|entry| entry.resolve(definitions));
        let (own, around): (Vec<_>, Vec<_>) = payloads.partition(|payload| payload.is_own);

        let is_own = |definition: &str| own.iter().any(|payload| payload.definition == definition);
        let mut renaming = Renaming::default();
        for Payload { definition, .. } in &around {
            if !is_own(definition) {
                renaming.name_once(definition, || self.types.claim(definition));
            }
        }
        for Payload {
            definition,
            message,
            ..
        } in &own
        {
            renaming.name_once(definition, || {
                self.types.claim(&format!("{message}Payload"))
            });
        }
        for definition in definitions.names() {
            renaming.name_once(definition, || self.types.claim(definition));
        }
        renaming
    }

    fn components(&self, schemas: BTreeMap<String, Schema>) -> Components {
        let entries = self.entries.iter();
        let mut messages: Entries<_> = entries.map(|entry| (&entry.key, entry.message())).collect();
        messages.sort();
        let correlated = self.entries.iter().any(|entry| entry.correlated);
        let correlation = correlated.then(|| (REF, CorrelationId::of_replies()));
        Components {
            messages,
            schemas: schemas.into_iter().collect(),
            correlation_ids: correlation.into_iter().collect(),
            ..Components::default()
        }
    }
}

/// A definition that is the payload of a message.
struct Payload {
    definition: String,
    /// The name of the message's schema.
    message: String,
    /// Whether the definition is of the message's own type.
    is_own: bool,
}

impl Entry {
    /// Which definition the payload is, where it is one.
    fn resolve(&mut self, definitions: &Definitions) -> Option<Payload> {
        if self.description.shape == MessageShape::Unit {
            self.payload = json_schema!({ "type": "null" });
        }
        let own = definition_of(self.payload.as_value())?;
        let newtype = self.description.shape == MessageShape::Newtype;
        let mut is_own = !newtype || is_numbered(&own, self.description.name);
        let mut definition = own;
        if newtype && let Some((name, reference)) = definitions.alias(&definition) {
            is_own = false;
            definition = name;
            self.payload = reference;
        }
        Some(Payload {
            definition,
            message: self.name.clone(),
            is_own,
        })
    }

    /// The schema of the whole frame.
    fn frame(&self) -> Schema {
        let mut required = vec!["action"];
        if !self.description.payload_optional {
            required.push("payload");
        }
        let mut properties = json!({
            "action": { "type": "string", "const": self.description.action },
            "payload": self.payload,
        });
        if self.correlated {
            properties[REF] = json!({
                "description": "Chosen by the client; the reply carries the same.",
                "anyOf": [{ "type": "string", "maxLength": 128 }, { "type": "null" }],
            });
        }
        let mut frame = json_schema!({
            "title": self.name,
            "type": "object",
            "required": required,
            "properties": properties,
        });
        if let Some(description) = self.description.description {
            frame.insert("description".to_owned(), description.into());
        }
        frame
    }

    fn message(&self) -> Message {
        let example = |payload: &Value| MessageExample {
            payload: json!({ "action": self.description.action, "payload": payload }),
        };
        Message {
            title: self.name.clone(),
            description: self.description.description.map(ToOwned::to_owned),
            correlation_id: self.correlated.then(|| Reference::correlation_id(REF)),
            payload: Reference::schema(&self.name),
            examples: self.description.examples.iter().map(example).collect(),
        }
    }
}

/// Whether a definition has a name, up to the number that schemars puts
/// behind it where it is taken.
fn is_numbered(definition: &str, name: &str) -> bool {
    let number = definition.strip_prefix(name);
    number.is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit()))
}
