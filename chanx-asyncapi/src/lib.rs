//! AsyncAPI 3.0 documents of an application's channels.
//!
//! ```text
//! #[channel] ─▶ Protocol ─▶ build: messages, operations ─▶ Document ─▶ JSON, YAML
//!                  │                        ▲
//!                  └─▶ schemas: dialect, names, titles
//! ```
//!
//! A document is made from what is dispatched and sent, so it cannot tell of a
//! message that the server does not know. The same channels give the same
//! bytes.
//!
//! `Channels::asyncapi` serves one, `Channels::asyncapi_document` gives it to a
//! test. Without axum, [`Document::new`] makes one from [`Documented`] channels, and
//! [`Document::of`] from a [`Protocol`](chanx_core::describe::Protocol), which may
//! have been written to a file by the application.
//!
//! The types here are the objects of the
//! [AsyncAPI 3.0 specification](https://www.asyncapi.com/docs/reference/specification/v3.0.0),
//! as far as a WebSocket server needs them; they serialise as it says. What it has no
//! word for is an extension: `x-topic`, `x-stream`, `x-reasons`, `x-deprecated` and
//! `x-schema`, each described at its field.
//!
//! | in the document | made from |
//! | --- | --- |
//! | `channels` | each route: its path, `#[channel(…)]`, the doc comment of its block |
//! | `channels`, with `x-topic` | each `#[topic]` of a route's channel, at the route's path |
//! | `operations`, `receive` | each `#[ws_handler]`, with `reply` from what it returns |
//! | `operations`, `send` | each `#[event_handler]` that sends something, `passthrough(…)`, `sends(…)` |
//! | `components.messages` | each message: action, doc comment, examples |
//! | `components.schemas` | `JsonSchema` of each payload, in JSON Schema draft 7 |
//! | `components.securitySchemes` | `security(…)` |
//! | `components.correlationIds` | the `ref` that a reply carries |
//!
//! # Examples
//!
//! ```
//! use chanx::{
//!     Connect, Consumer, Info, Ping, Pong,
//!     asyncapi::{Action, Document, Documented},
//!     channel,
//!     describe::ChannelDescription,
//! };
//!
//! #[derive(Default, Connect, Consumer)]
//! struct Echo;
//!
//! #[channel(name = "echo")]
//! impl Echo {
//!     #[ws_handler]
//!     async fn ping(&mut self, _: Ping) -> Pong {
//!         Pong
//!     }
//! }
//!
//! let info = Info::new("Echo", "1.0.0");
//! let echo = Documented::new("/ws/echo", ChannelDescription::of::<Echo>());
//! let document = Document::new(info, &[echo]);
//!
//! let channel = document.channels.get("echo").expect("the channel is documented");
//! assert_eq!(channel.address, "/ws/echo");
//! let receives = |action| document.operations.iter().any(|(_, o)| o.action == action);
//! assert!(receives(Action::Receive));
//! assert!(document.to_json().contains(r#""asyncapi": "3.0.0""#));
//! ```
//!
//! # Features
//!
//! | feature | adds | default |
//! | --- | --- | --- |
//! | `yaml` | `Document::to_yaml` | no |

// The document.
mod model;
// The way from channels to a document.
mod build;
mod names;
mod schemas;

pub use chanx_core::describe::{Documented, ProtocolFrames};
pub use model::{
    Action, ChannelBindings, ChannelObject, Components, Contact, CorrelationId, Document, Entries,
    Info, License, MessageExample, MessageObject, Operation, OperationReply, Parameter, Reference,
    SecurityScheme, Server, Tag, TopicObject, WebSocketBinding,
};
