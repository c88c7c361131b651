//! A channel as data: what documents are made from.
//!
//! [`ChannelDescription::of`] gives what `#[channel]` declares, for a document
//! of another format or a generator of clients. It is the very list that
//! messages are dispatched by, so it cannot be out of date. A [`Protocol`] is the
//! same for a whole application, as owned data that can be written to a file:
//! what tools outside of the application work on.
//!
//! ```
//! use chanx::{Connect, Consumer, Ping, Pong, channel, describe::{ChannelDescription, Direction}};
//!
//! #[derive(Default, Connect, Consumer)]
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

mod channel;
mod directions;
mod frames;
mod free_name;
mod handshake;
mod message;
mod protocol;
mod reference;

pub use channel::{
    ChannelDescription, Direction, HandlerDescription, OperationDescription, TopicDescription,
};
pub use frames::ProtocolFrames;
pub use handshake::{HandshakeDescription, Security};
pub use message::{MessageDescription, MessageShape, SchemaOf};
pub use protocol::{
    Documented, Protocol, ProtocolChannel, ProtocolHandshake, ProtocolMessage, ProtocolOperation,
    ProtocolTopic,
};
pub use reference::referred_type;
