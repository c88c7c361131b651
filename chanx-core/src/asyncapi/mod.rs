//! AsyncAPI 3.0 documents of an application's channels.
//!
//! ```text
//! #[channel] ─▶ description ─▶ build: messages, operations ─▶ Document ─▶ JSON, YAML
//!                                  ▲
//! schemars ─▶ schemas: dialect, names, titles ─┘
//! ```
//!
//! A document is made from what is dispatched and sent, so it cannot tell of a
//! message that the server does not know. The same channels give the same
//! bytes.

// What a document is.
mod model;
// What it is made from.
mod build;
mod names;
mod schemas;

pub use build::{Documented, ProtocolFrames};
pub use model::{
    Action, ChannelBindings, ChannelObject, Components, Contact, CorrelationId, Document, Entries,
    Info, License, MessageExample, MessageObject, Operation, OperationReply, Parameter, Reference,
    SecurityScheme, Server, Tag, WebSocketBinding,
};
