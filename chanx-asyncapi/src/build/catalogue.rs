//! The messages of a document, each of them once.

use chanx_core::describe::Protocol;
use heck::ToSnakeCase;
use schemars::Schema;

use super::entry::{Entry, Payload, REF};
use crate::{
    model::{Components, CorrelationId, Entries},
    names::{Names, TypeNames},
    schemas::{Definitions, Dialect, Renaming, Titles},
};

/// The messages that have been mentioned, and all types.
#[derive(Debug)]
pub(super) struct Catalogue<'a> {
    protocol: &'a Protocol,
    dialect: Dialect,
    types: TypeNames,
    keys: Names,
    entries: Vec<Entry<'a>>,
}

impl<'a> Catalogue<'a> {
    pub(super) fn new(protocol: &'a Protocol) -> Self {
        Self {
            protocol,
            dialect: Dialect::new(),
            types: TypeNames::default(),
            keys: Names::default(),
            entries: Vec::new(),
        }
    }

    /// The key in the document of the message that the protocol has under
    /// `message`. It gets one when it is first mentioned.
    pub(super) fn mention(&mut self, message: &'a str) -> String {
        self.entry(message).key.clone()
    }

    /// As [`mention`](Self::mention), for a message that may carry a `ref`.
    pub(super) fn mention_correlated(&mut self, message: &'a str) -> String {
        let entry = self.entry(message);
        entry.correlated = true;
        entry.key.clone()
    }

    /// Says of a message that it may go to groups, with metadata.
    pub(super) fn mention_broadcast(&mut self, message: &'a str) {
        self.entry(message).broadcast = true;
    }

    /// A schema of the protocol in the document's dialect, to be given to
    /// [`finish`](Self::finish).
    pub(super) fn schema(&mut self, schema: &Schema) -> Schema {
        self.dialect.of(schema)
    }

    fn entry(&mut self, message: &'a str) -> &mut Entry<'a> {
        let known = |entry: &Entry<'_>| entry.described_as == message;
        let index = self.entries.iter().position(known).unwrap_or_else(|| {
            let description = &self.protocol.messages[message];
            let name = self.types.claim(&description.name);
            self.entries.push(Entry {
                described_as: message,
                key: self.keys.claim(&[&name.to_snake_case()]),
                name,
                payload: self.dialect.of(&description.payload),
                correlated: false,
                broadcast: false,
                deprecated: false,
                description,
            });
            self.entries.len() - 1
        });
        &mut self.entries[index]
    }
}

impl Catalogue<'_> {
    /// The components, with the definitions that they or the schemas asked
    /// for `besides` refer to.
    pub(super) fn finish(mut self, besides: &mut [&mut Schema]) -> Components {
        let mut definitions = self.dialect.definitions(&self.protocol.types);
        let entries = self.entries.iter_mut();
        let payloads: Vec<_> = entries
            .filter_map(|entry| entry.resolve(&mut definitions))
            .collect();
        let mut roots = Vec::new();
        for entry in &self.entries {
            roots.push(entry.payload.clone());
        }
        for schema in &*besides {
            roots.push(Schema::clone(schema));
        }
        definitions.retain_reachable(roots);

        let ref_title = self.types.claim("Ref");
        let renaming = self.rename(&definitions, &payloads);
        for schema in besides {
            renaming.apply(schema);
        }
        let mut schemas = definitions.renamed(&renaming);
        for entry in &mut self.entries {
            renaming.apply(&mut entry.payload);
            schemas.insert(&*entry.name, entry.frame(&ref_title));
        }
        let mut schemas = schemas.sorted();
        let mut titles = Titles::beside(&mut self.types);
        for (name, schema) in schemas.iter_mut() {
            titles.named(name, schema);
        }
        self.components(schemas)
    }

    /// Gives every definition its name in the document.
    ///
    /// A message's own type is its payload, and named so; a named type that a
    /// newtype is around keeps its name, and so do all others.
    fn rename(&mut self, definitions: &Definitions, payloads: &[Payload]) -> Renaming {
        let own = || payloads.iter().filter(|payload| payload.is_own);
        let around = payloads.iter().filter(|payload| !payload.is_own);
        let around = around.map(|payload| payload.definition.as_str());

        let mut renaming = Renaming::default();
        for definition in around {
            if !own().any(|payload| payload.definition == definition) {
                renaming.name_once(definition, || self.types.claim(definition));
            }
        }
        for payload in own() {
            let wanted = format!("{}Payload", payload.message);
            renaming.name_once(&payload.definition, || self.types.claim(&wanted));
        }
        for definition in definitions.names() {
            renaming.name_once(definition, || self.types.claim(definition));
        }
        renaming
    }

    fn components(&self, schemas: Entries<Schema>) -> Components {
        let mut messages = Entries::default();
        let mut correlation_ids = Entries::default();
        for entry in &self.entries {
            messages.insert(&*entry.key, entry.message());
            if entry.correlated {
                correlation_ids.insert(REF, CorrelationId::of_replies());
            }
        }
        Components {
            messages: messages.sorted(),
            schemas,
            correlation_ids,
            ..Components::default()
        }
    }
}
