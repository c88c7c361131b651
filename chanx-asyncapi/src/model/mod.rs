//! AsyncAPI 3.0 as types, as far as a WebSocket server needs it.
//!
//! What is absent is skipped: the format does not take `null` for it.

mod channel;
mod document;
mod entries;
mod info;
mod message;
mod operation;
mod reference;
mod security;
mod server;

pub use channel::{ChannelBindings, ChannelObject, Parameter, Tag, TopicObject, WebSocketBinding};
pub use document::{Components, Document};
pub use entries::Entries;
pub use info::{Contact, Info, License};
pub use message::{CorrelationId, MessageExample, MessageObject};
pub use operation::{Action, Operation, OperationReply};
pub use reference::Reference;
pub use security::SecurityScheme;
pub use server::Server;

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_false(flag: &bool) -> bool {
    !flag
}
