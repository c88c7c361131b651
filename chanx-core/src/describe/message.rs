//! One message as data.

use std::{any::TypeId, borrow::Cow};

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::wire::Payload;

/// The function that asks schemars for a type's schema.
pub type SchemaOf = fn(&mut SchemaGenerator) -> Schema;

/// The shape of a message's Rust type, which decides its schema's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum MessageShape {
    /// A struct with named or several fields.
    Fields,
    /// A struct around one value, which is the payload.
    Newtype,
    /// A struct without data: the payload is `null` and may be absent.
    Unit,
}

/// One message of a channel.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct MessageDescription {
    /// The Rust type's own name, without paths.
    pub name: Cow<'static, str>,
    /// The Rust type, which tells apart types of one name.
    pub type_id: TypeId,
    /// The action.
    pub action: &'static str,
    /// The type's doc comment, in Markdown.
    pub description: Option<&'static str>,
    /// The shape of the type.
    pub shape: MessageShape,
    /// Asks schemars for the payload's schema.
    pub schema: SchemaOf,
    /// True if an absent payload decodes.
    pub payload_optional: bool,
    /// Payloads that show the message in use.
    pub examples: Vec<serde_json::Value>,
}

impl MessageDescription {
    /// The description of a message, made from the type of its payload alone.
    #[must_use]
    pub fn new<T: DeserializeOwned + JsonSchema + 'static>(action: &'static str) -> Self {
        let type_path = std::any::type_name::<T>();
        let optional = Payload::may_be_absent::<T>();
        Self {
            name: without_paths(type_path),
            type_id: TypeId::of::<T>(),
            action,
            description: None,
            shape: if optional && size_of::<T>() == 0 {
                MessageShape::Unit
            } else {
                MessageShape::Fields
            },
            schema: SchemaGenerator::subschema_for::<T>,
            payload_optional: optional,
            examples: Vec::new(),
        }
    }

    /// Says what the type's doc comment says.
    #[must_use]
    pub fn with_description(mut self, description: &'static str) -> Self {
        self.description = Some(description);
        self
    }

    /// Says how the type is built.
    #[must_use]
    pub fn with_shape(mut self, shape: MessageShape) -> Self {
        self.shape = shape;
        self
    }

    /// Names the type, where it is not the last segment of its path.
    #[must_use]
    pub fn with_name(mut self, name: impl Into<Cow<'static, str>>) -> Self {
        self.name = name.into();
        self
    }

    /// Adds a payload that shows the message in use.
    ///
    /// An example that cannot be serialised is left out.
    #[must_use]
    pub fn with_example<T: Serialize>(mut self, example: &T) -> Self {
        self.examples.extend(serde_json::to_value(example));
        self
    }
}

/// `Page<Point>` of `app::Page<app::geometry::Point>`.
fn without_paths(type_path: &'static str) -> Cow<'static, str> {
    let is_part = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | ':');
    if !type_path.contains('<') {
        return type_path.rsplit("::").next().unwrap_or(type_path).into();
    }
    let parts = type_path.split_inclusive(|letter| !is_part(letter));
    parts
        .map(|part| part.rsplit("::").next().unwrap_or(part))
        .collect::<String>()
        .into()
}
