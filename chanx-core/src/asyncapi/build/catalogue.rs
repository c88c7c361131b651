//! The messages of a document, each of them once.

use std::collections::BTreeMap;

use heck::ToSnakeCase;
use schemars::Schema;

use super::entry::{Entry, Payload, REF};
use crate::{
    asyncapi::{
        model::{Components, CorrelationId, Entries},
        names::{Names, TypeNames},
        schemas::{Definitions, Renaming, Schemas, Titles},
    },
    describe::{MessageDescription, SchemaOf},
};

/// The messages that have been mentioned, and all types.
#[derive(Debug)]
pub(super) struct Catalogue {
    schemas: Schemas,
    types: TypeNames,
    keys: Names,
    entries: Vec<Entry>,
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

    /// A type's schema, to be given to [`finish`](Self::finish).
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
        let mut definitions = self.schemas.definitions();
        let entries = self.entries.iter_mut();
        let payloads: Vec<_> = entries
            .filter_map(|entry| entry.resolve(&definitions))
            .collect();
        let roots = self.entries.iter().map(|entry| &entry.payload);
        definitions.retain_reachable(roots.chain(besides.iter().map(|schema| &**schema)));

        let renaming = self.rename(&definitions, &payloads);
        for schema in besides {
            renaming.apply(schema);
        }
        let mut schemas = definitions.renamed(&renaming);
        for entry in &mut self.entries {
            renaming.apply(&mut entry.payload);
            schemas.insert(entry.name.clone(), entry.frame());
        }
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
