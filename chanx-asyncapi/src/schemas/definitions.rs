//! The named types of a document.

use std::collections::HashSet;

use chanx_core::describe::referred_type;
use schemars::Schema;
use serde_json::{Map, Value};

use super::{DEFINITIONS, each_within, inherit};
use crate::model::Entries;

/// Named types by what schemars calls them: an object of schemas.
#[derive(Debug, Clone)]
pub(crate) struct Definitions(Map<String, Value>);

impl Definitions {
    pub(super) fn new(definitions: Map<String, Value>) -> Self {
        let known = Self(definitions);
        let mut written_out = known.clone();
        for definition in written_out.0.values_mut() {
            if let Ok(schema) = definition.try_into() {
                inherit::inherit(schema, &|reference| known.resolve(reference));
            }
        }
        written_out
    }

    /// The names that schemars gives to the named types, in alphabetical order.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// The definition that a reference names.
    pub(super) fn resolve(&self, reference: &Value) -> Option<&Schema> {
        self.0.get(&definition_of(reference)?)?.try_into().ok()
    }

    /// The other definition that this one comes down to, by name and as a
    /// reference: what a newtype around a named type is.
    pub(crate) fn alias(&self, name: &str) -> Option<(String, Schema)> {
        let keys = self.0.get(name)?.as_object()?;
        let mut rest = keys
            .iter()
            .filter(|(key, _)| !matches!(key.as_str(), "description" | "title"));
        let (Some((key, value)), None) = (rest.next(), rest.next()) else {
            return None;
        };
        let reference = match (key.as_str(), value) {
            ("$ref", Value::String(reference)) => Schema::new_ref(reference.clone()),
            ("anyOf" | "allOf", Value::Array(only)) if only.len() == 1 => {
                only[0].clone().try_into().ok()?
            }
            _ => return None,
        };
        Some((definition_of(reference.as_value())?, reference))
    }

    /// True if the schema, or the definition that it refers to, is deprecated.
    pub(crate) fn is_deprecated(&self, schema: &Schema) -> bool {
        let definition = self.resolve(schema.as_value());
        let deprecated = definition.unwrap_or(schema).get("deprecated");
        deprecated.and_then(Value::as_bool).unwrap_or_default()
    }

    /// Puts other words in place of a definition's own.
    pub(crate) fn describe(&mut self, name: &str, words: &str) {
        if let Some(Value::Object(keys)) = self.0.get_mut(name) {
            keys.insert("description".to_owned(), words.into());
        }
    }

    /// Forgets what none of the roots leads to.
    pub(crate) fn retain_reachable(&mut self, roots: Vec<Schema>) {
        let mut reached = HashSet::new();
        let mut waiting = roots;
        while let Some(mut schema) = waiting.pop() {
            each_within(&mut schema, &mut |schema| {
                let Some(name) = definition_of(schema.as_value()) else {
                    return;
                };
                if !reached.contains(&name) {
                    let definition = self.0.get(&name).cloned();
                    waiting.extend(definition.and_then(|schema| schema.try_into().ok()));
                    reached.insert(name);
                }
            });
        }
        for (name, schema) in std::mem::take(&mut self.0) {
            if reached.contains(&name) {
                self.0.insert(name, schema);
            }
        }
    }

    /// The definitions under their new names, each of them referring to the
    /// others by those.
    pub(crate) fn renamed(self, names: &Renaming) -> Entries<Schema> {
        let mut renamed = Entries::default();
        for (name, schema) in self.0 {
            if let Ok(mut schema) = Schema::try_from(schema) {
                names.apply(&mut schema);
                renamed.insert(names.name(&name), schema);
            }
        }
        renamed
    }
}

/// The name that schemars gives to the definition that `schema` refers to.
pub(crate) fn definition_of(schema: &Value) -> Option<String> {
    referred_type(schema.get("$ref")?.as_str()?)
}

/// The document's name of each definition, by the name that schemars gives it.
#[derive(Debug, Default)]
pub(crate) struct Renaming(Entries<String>);

impl Renaming {
    /// Gives a definition its name in the document, unless it has one.
    pub(crate) fn name_once(&mut self, definition: &str, name: impl FnOnce() -> String) {
        if self.0.get(definition).is_none() {
            self.0.insert(definition, name());
        }
    }

    /// The document's name of a definition.
    pub(crate) fn name(&self, definition: &str) -> String {
        let name = self.0.get(definition).map_or(definition, String::as_str);
        name.to_owned()
    }

    /// Makes a schema refer to definitions by their names in the document.
    pub(crate) fn apply(&self, schema: &mut Schema) {
        each_within(schema, &mut |schema| {
            let Some(definition) = definition_of(schema.as_value()) else {
                return;
            };
            let reference = format!("#{DEFINITIONS}/{}", self.name(&definition));
            schema.insert("$ref".to_owned(), reference.into());
        });
    }
}
