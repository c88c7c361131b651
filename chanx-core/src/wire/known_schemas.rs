//! The schemas of the types that payloads are read as, made when they are first needed.

use std::{
    any::TypeId,
    sync::{Arc, PoisonError, RwLock},
};

use schemars::{JsonSchema, Schema, SchemaGenerator, generate::SchemaSettings};
use serde_json::Value;

/// The schemas so far, which are looked through in turn: an application has one for each type
/// that it receives, and only a payload that is refused or doubted asks for one.
static KNOWN: RwLock<Vec<(TypeId, Arc<Schema>)>> = RwLock::new(Vec::new());

/// The place of the types that a schema refers to.
const DEFINITIONS: &str = "$defs";

/// All that depends on a type in making and keeping its schema, so that the rest is compiled
/// once, and not for each type.
pub(super) struct TypeSchema {
    type_id: TypeId,
    json_schema: fn(&mut SchemaGenerator) -> Schema,
}

/// [`TypeSchema::of`] a type. It is carried in place of its result because it is smaller, and
/// few payloads need the schema.
pub(super) type SchemaOf = fn() -> TypeSchema;

impl TypeSchema {
    pub(super) fn of<T: JsonSchema + 'static>() -> Self {
        Self {
            type_id: TypeId::of::<T>(),
            json_schema: T::json_schema,
        }
    }

    /// The schema of what the type deserialises from, which is costly the first time.
    pub(super) fn get(&self) -> Arc<Schema> {
        let known = KNOWN.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(schema) = self.find(&known) {
            return schema;
        }
        drop(known);
        // Outside of the lock, because the application's code makes it.
        let schema = Arc::new(self.make());
        let mut known = KNOWN.write().unwrap_or_else(PoisonError::into_inner);
        self.find(&known).unwrap_or_else(|| {
            known.push((self.type_id, Arc::clone(&schema)));
            schema
        })
    }

    fn find(&self, known: &[(TypeId, Arc<Schema>)]) -> Option<Arc<Schema>> {
        let (_, schema) = known.iter().find(|(id, _)| *id == self.type_id)?;
        Some(Arc::clone(schema))
    }

    fn make(&self) -> Schema {
        let settings = SchemaSettings::draft2020_12().for_deserialize();
        let mut generator = settings.into_generator();
        let mut schema = (self.json_schema)(&mut generator);
        let definitions = generator.take_definitions(true);
        let own = schema.get_mut(DEFINITIONS).and_then(Value::as_object_mut);
        match own {
            Some(own) => own.extend(definitions),
            None => {
                schema.insert(DEFINITIONS.to_owned(), definitions.into());
            }
        }
        schema
    }
}
