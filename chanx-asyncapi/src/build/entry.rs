//! One message of a document.

use chanx_core::describe::{MessageShape, ProtocolMessage};
use schemars::{Schema, json_schema};
use serde_json::{Value, json};

use crate::{
    model::{MessageExample, MessageObject, Reference},
    schemas::{Definitions, definition_of},
};

/// The component that says how `ref` is used.
pub(super) const REF: &str = "ref";

/// The properties of a message that is broadcast `with_metadata()`.
const METADATA: [(&str, &str); 2] = [
    (
        "is_mine",
        "Whether the same user has sent it; with metadata only.",
    ),
    (
        "is_current",
        "Whether the same connection has sent it; with metadata only.",
    ),
];

/// A message under its names in the document.
#[derive(Debug)]
pub(super) struct Entry<'a> {
    /// The message's key in the protocol.
    pub(super) described_as: &'a str,
    pub(super) description: &'a ProtocolMessage,
    /// The message's key in the document.
    pub(super) key: String,
    /// The name of the frame's schema.
    pub(super) name: String,
    pub(super) payload: Schema,
    /// True if a `ref` goes with it.
    pub(super) correlated: bool,
    /// True if it may go to groups, with metadata.
    pub(super) broadcast: bool,
    pub(super) deprecated: bool,
}

/// A definition that is the payload of a message.
pub(super) struct Payload {
    pub(super) definition: String,
    /// The name of the message's schema.
    pub(super) message: String,
    /// True if the definition is of the message's own type.
    pub(super) is_own: bool,
}

impl Entry<'_> {
    /// The definition that the payload is, where it is one.
    ///
    /// A newtype around a named type has that type for its payload.
    pub(super) fn resolve(&mut self, definitions: &mut Definitions) -> Option<Payload> {
        self.deprecated = definitions.is_deprecated(&self.payload);
        if self.description.shape == MessageShape::Unit {
            self.payload = json_schema!({ "type": "null" });
        }
        let own = definition_of(self.payload.as_value())?;
        let newtype = self.description.shape == MessageShape::Newtype;
        let mut is_own = !newtype || is_numbered(&own, &self.description.name);
        let mut definition = own;
        if newtype && let Some((name, reference)) = definitions.alias(&definition) {
            is_own = false;
            definition = name;
            self.payload = reference;
        }
        // A flattened field would put its type's words in place of the message's.
        if is_own && let Some(words) = &self.description.description {
            definitions.describe(&definition, words);
        }
        Some(Payload {
            definition,
            message: self.name.clone(),
            is_own,
        })
    }

    /// The schema of the whole frame.
    pub(super) fn frame(&self, ref_title: &str) -> Schema {
        let required = if self.description.payload_optional {
            json!(["action"])
        } else {
            json!(["action", "payload"])
        };
        let mut properties = json!({
            "action": { "type": "string", "const": self.description.action },
        });
        properties["payload"] = self.payload.clone().to_value();
        if self.correlated {
            properties[REF] = json!({
                "title": ref_title,
                "description": "Chosen by the client; the reply carries the same.",
                "anyOf": [{ "type": "string", "maxLength": 128 }, { "type": "null" }],
            });
        }
        if self.broadcast {
            for (key, description) in METADATA {
                properties[key] = json!({ "type": "boolean", "description": description });
            }
        }
        let mut frame = json_schema!({ "title": self.name, "type": "object" });
        frame.insert("required".to_owned(), required);
        frame.insert("properties".to_owned(), properties);
        if let Some(description) = &self.description.description {
            frame.insert("description".to_owned(), description.as_str().into());
        }
        if self.deprecated {
            frame.insert("deprecated".to_owned(), true.into());
        }
        frame
    }

    pub(super) fn message(&self) -> MessageObject {
        let example = |payload: &Value| MessageExample {
            payload: json!({ "action": self.description.action, "payload": payload }),
        };
        MessageObject {
            title: self.name.clone(),
            description: self.description.description.clone(),
            correlation_id: self.correlated.then(|| Reference::correlation_id(REF)),
            payload: Reference::schema(&self.name),
            examples: self.description.examples.iter().map(example).collect(),
            deprecated: self.deprecated,
        }
    }
}

/// True if a definition has the name, up to the number that schemars puts behind it
/// where it is taken, and to what tells the two ways of a type apart.
fn is_numbered(definition: &str, name: &str) -> bool {
    let of_two = name.strip_suffix("Sent").or(name.strip_suffix("Received"));
    let is_of = |name: &str| {
        definition.strip_prefix(name).is_some_and(|number| {
            let number = number.strip_suffix("Sent").unwrap_or(number);
            number.bytes().all(|byte| byte.is_ascii_digit())
        })
    };
    is_of(name) || of_two.is_some_and(is_of)
}
