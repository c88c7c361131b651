//! The types of a document, as schemars tells them and AsyncAPI's tools read them.

mod definitions;
mod dialect;
mod inherit;
mod titles;

use schemars::{
    Schema, SchemaGenerator,
    generate::SchemaSettings,
    transform::{RecursiveTransform, ReplaceBoolSchemas},
};

use crate::describe::SchemaOf;

pub(super) use definitions::{Definitions, Renaming, definition_of};
pub(super) use titles::Titles;

/// Where the definitions stand in the document.
const DEFINITIONS: &str = "/components/schemas";

/// Asks schemars for types; those that have a name are kept as definitions.
#[derive(Debug)]
pub(super) struct Schemas {
    generator: SchemaGenerator,
}

impl Schemas {
    pub(super) fn new() -> Self {
        let mut bools = ReplaceBoolSchemas::default();
        bools.skip_additional_properties = true;
        let settings = SchemaSettings::draft07()
            .with(|settings| {
                settings.definitions_path = DEFINITIONS.into();
                settings.meta_schema = None;
                settings.untagged_enum_variant_titles = true;
            })
            .with_transform(bools)
            .with_transform(RecursiveTransform(dialect::plain_variants))
            .with_transform(RecursiveTransform(dialect::reference_with_notes))
            .with_transform(RecursiveTransform(dialect::one_type_each))
            .with_transform(RecursiveTransform(dialect::plain_enum));
        Self {
            generator: settings.into_generator(),
        }
    }

    /// A type's schema: a reference to its definition, where it has a name.
    pub(super) fn ask(&mut self, schema_of: SchemaOf) -> Schema {
        let mut schema = schema_of(&mut self.generator);
        for transform in self.generator.transforms_mut() {
            transform.transform(&mut schema);
        }
        schema
    }

    /// The definitions of all types that have been asked for.
    pub(super) fn definitions(&mut self) -> Definitions {
        Definitions::new(self.generator.take_definitions(true))
    }
}
