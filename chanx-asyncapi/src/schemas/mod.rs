//! The types of a document, as schemars tells them and AsyncAPI's tools read them.

mod definitions;
mod dialect;
mod inherit;
mod titles;

use std::collections::BTreeMap;

use schemars::{
    Schema,
    generate::{GenTransform, SchemaSettings},
    transform::{RecursiveTransform, ReplaceBoolSchemas, Transform},
};
use serde_json::Map;

pub(super) use definitions::{Definitions, Renaming, definition_of};
pub(super) use titles::Titles;

/// The place of the definitions in the document.
const DEFINITIONS: &str = "/components/schemas";

/// The schemas that AsyncAPI's tools read: JSON Schema draft 7, and not all of it.
#[derive(Debug)]
pub(super) struct Dialect {
    /// The changes that schemars makes for draft 7.
    transforms: Vec<Box<dyn GenTransform>>,
}

impl Dialect {
    pub(super) fn new() -> Self {
        let mut bools = ReplaceBoolSchemas::default();
        bools.skip_additional_properties = true;
        let settings = SchemaSettings::draft07().with_transform(bools);
        Self {
            transforms: settings.transforms,
        }
    }

    /// A schema of the protocol, said in this dialect.
    pub(super) fn of(&mut self, schema: &Schema) -> Schema {
        let mut schema = schema.clone();
        for transform in &mut self.transforms {
            transform.transform(&mut schema);
        }
        let changes: [fn(&mut Schema); 5] = [
            dialect::plain_variants,
            dialect::reference_with_notes,
            dialect::known_formats,
            dialect::one_type_each,
            dialect::plain_enum,
        ];
        for mut change in changes {
            each_within(&mut schema, &mut change);
        }
        schema
    }

    /// The named types of the protocol, said in this dialect.
    pub(super) fn definitions(&mut self, types: &BTreeMap<String, Schema>) -> Definitions {
        let mut definitions = Map::new();
        for (name, schema) in types {
            definitions.insert(name.clone(), self.of(schema).to_value());
        }
        Definitions::new(definitions)
    }
}

/// Calls `change` for a schema and for all within. It is given as `dyn`, so that the walk is
/// compiled once.
fn each_within(schema: &mut Schema, change: &mut dyn FnMut(&mut Schema)) {
    RecursiveTransform(|schema: &mut Schema| change(schema)).transform(schema);
}
