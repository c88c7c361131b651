//! A channel as data: what documents are made from.
//!
//! [`ChannelDescription::of`] gives what `#[channel]` declares, for a document
//! of another format or a generator of clients. It is the very list that
//! messages are dispatched by, so it cannot be out of date.
//!
//! ```
//! use chanx::{Consumer, Ping, Pong, channel, describe::{ChannelDescription, Direction}};
//!
//! #[derive(Default, Consumer)]
//! struct Echo;
//!
//! /// Answers.
//! #[channel(name = "echo", tags = ["examples"])]
//! impl Echo {
//!     /// Answer a ping.
//!     #[ws_handler]
//!     async fn ping(&mut self, _: Ping) -> Pong {
//!         Pong
//!     }
//! }
//!
//! let channel = ChannelDescription::of::<Echo>();
//! assert_eq!(channel.name, "echo");
//! assert_eq!(channel.description, Some("Answers."));
//!
//! let ping = &channel.operations[0];
//! assert_eq!(ping.handler.summary, Some("Answer a ping."));
//! assert_eq!(ping.direction, Direction::Receive);
//! assert_eq!(ping.messages[0].action, "ping");
//! assert_eq!(ping.replies[0].action, "pong");
//! ```

use std::any::TypeId;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Serialize, de::DeserializeOwned};

/// Asks schemars for a type's schema.
pub type SchemaOf = fn(&mut SchemaGenerator) -> Schema;

/// How a message's Rust type is built, which decides its schema's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
    /// The Rust type's own name, without its path.
    pub name: &'static str,
    /// The Rust type: tells apart types of one name.
    pub type_id: TypeId,
    /// The action.
    pub action: &'static str,
    /// The type's doc comment.
    pub description: Option<&'static str>,
    /// How the type is built.
    pub shape: MessageShape,
    /// Asks schemars for the payload's schema.
    pub schema: SchemaOf,
    /// Whether an absent payload decodes.
    pub payload_optional: bool,
    /// Payloads that show the message in use.
    pub examples: Vec<serde_json::Value>,
}

impl MessageDescription {
    /// What can be told about a message from the type of its payload alone.
    #[must_use]
    pub fn new<T: DeserializeOwned + JsonSchema + 'static>(action: &'static str) -> Self {
        let type_path = std::any::type_name::<T>();
        let optional = serde_json::from_str::<T>("null").is_ok();
        Self {
            name: type_path.rsplit("::").next().unwrap_or(type_path),
            type_id: TypeId::of::<T>(),
            action,
            description: None,
            shape: if optional && size_of::<T>() == 0 {
                MessageShape::Unit
            } else {
                MessageShape::Fields
            },
            schema: schema_of::<T>,
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
    pub fn with_name(mut self, name: &'static str) -> Self {
        self.name = name;
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

/// What a handler's attribute and doc comment say; an event that passes
/// through has the name of its action.
#[derive(Debug, Clone, Copy, Default)]
pub struct HandlerDescription {
    /// The method's name.
    pub name: &'static str,
    /// One line.
    pub summary: Option<&'static str>,
    /// The rest.
    pub description: Option<&'static str>,
    /// Words to group operations by.
    pub tags: &'static [&'static str],
}

/// Who sets an operation off, from the server's point of view.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// A client's message: AsyncAPI's `receive`.
    Receive,
    /// An event of the application: AsyncAPI's `send`.
    Send,
}

/// One handler as data.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct OperationDescription {
    /// What its attribute and doc comment say.
    pub handler: HandlerDescription,
    /// Who sets it off.
    pub direction: Direction,
    /// What it takes from the client; empty for events.
    pub messages: Vec<MessageDescription>,
    /// What it returns.
    pub replies: Vec<MessageDescription>,
    /// What it declares to send besides.
    pub sends: Vec<MessageDescription>,
}

/// A credential that a handshake reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Security {
    /// A bearer token (RFC 6750).
    Bearer,
    /// A cookie of this name.
    Cookie(&'static str),
    /// A query parameter of this name.
    Query(&'static str),
    /// A header of this name.
    Header(&'static str),
}

/// What a channel's handshake reads of the request, as far as it is declared.
#[derive(Debug, Clone, Copy, Default)]
#[non_exhaustive]
pub struct HandshakeDescription {
    /// The credentials, any one of which is enough.
    pub security: &'static [Security],
    /// The type of the path's parameters.
    pub path: Option<SchemaOf>,
    /// The type of the query.
    pub query: Option<SchemaOf>,
    /// The type of the headers.
    pub headers: Option<SchemaOf>,
}

/// A consumer's protocol as data.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ChannelDescription {
    /// The channel's name.
    pub name: &'static str,
    /// What `#[channel]` or the doc comment of its block says.
    pub description: Option<&'static str>,
    /// Words to group channels by.
    pub tags: &'static [&'static str],
    /// The groups that every connection joins.
    pub groups: &'static [&'static str],
    /// What the handshake reads of the request.
    pub handshake: HandshakeDescription,
    /// What the channel declares to send outside any one handler.
    pub sends: Vec<MessageDescription>,
    /// The handlers, in order of declaration.
    pub operations: Vec<OperationDescription>,
}

/// Asks schemars for the schema of `T`.
pub(crate) fn schema_of<T: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<T>()
}
