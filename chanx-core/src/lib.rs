//! The consumers, sessions, groups and wire protocol of chanx, without a socket.
//!
//! ```text
//! socket ──frame──▶ reader ─inbox─▶ worker: decode ─▶ dispatch ─▶ handler ─▶ outbox ─▶ writer ──frame──▶ socket
//!                                      ▲                                       ▲
//! layer ───event───▶ mailbox ──────────┘                                       │
//! layer ───group message (already encoded) ────────────────────────────────────┘
//! ```
//!
//! Applications depend on the facade crate, `chanx`; an adapter for a web
//! framework, or a layer for a broker, depends on this one.

// What travels.
mod event;
mod message;
pub mod wire;
// What an application writes.
mod channel;
mod consumer;
mod identity;
mod options;
// Where it goes.
pub mod layer;
// Who moves it.
mod endpoint;
mod session;
// What it is, as data.
#[cfg(feature = "asyncapi")]
pub mod asyncapi;
pub mod describe;
// What the macros rely on.
mod contract;
mod unique;

#[doc(hidden)]
pub mod __private;

pub(crate) use channel::Answer;
pub use channel::Channel;
pub use consumer::{
    Consumer, Context, Disconnect, Handle, HandlerError, Rejection, Replies, Reply, RequestInfo,
    SendError, Sending,
};
pub use endpoint::Endpoint;
pub use event::{Event, Events, HandledBy};
pub use identity::{ConnectionId, ParseConnectionIdError, UserKey};
pub use layer::{
    Broadcast, ChannelLayer, Close, EventBroadcast, GroupName, Layer, LayerError, MemoryLayer,
    PublishError, Receipt,
};
pub use message::{Message, Messages, Ping, Pong, ReceivedBy, SentBy};
pub use options::{AuthenticationFrames, Options, Overflow, RateLimit, SocketOptions};
pub use session::{
    ChannelStats, Live, Recipient, Session, ShutdownReport, Transport, TransportError, refuse,
};
