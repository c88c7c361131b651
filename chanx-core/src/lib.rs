//! The consumers, sessions, groups and wire protocol of chanx, without a socket.
//!
//! ```text
//! socket ──frame──▶ reader ─inbox─▶ worker: decode ─▶ dispatch ─▶ handler ─▶ outbox ─▶ writer ──frame──▶ socket
//!                                      ▲                                       ▲
//! layer ───event───▶ mailbox ──────────┘                                       │
//! layer ───group message (already encoded) ────────────────────────────────────┘
//! ```
//!
//! Applications depend on the facade crate, `chanx`, which re-exports what they
//! need; an adapter for a web framework depends on this one. The
//! examples here are written as applications write them.
//!
//! # An adapter
//!
//! makes an [`Endpoint`] per route and, per connection, a [`Session`] of a
//! consumer that `connect` has built; [`Session::run`] then serves a
//! [`Transport`], which is frames in and frames out. [`Live`] counts and closes
//! the connections of one server. Here the socket is a pair of queues:
//!
//! ```
//! use chanx::{Connect, Consumer, Ping, Pong, channel};
//! use chanx_core::{
//!     ChannelLayer, ChannelOptions, Endpoint, Halves, Live, RequestInfo, Session, TransportError,
//!     wire::Frame,
//! };
//! use futures_util::{sink, stream};
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
//! # #[tokio::main(flavor = "current_thread", start_paused = true)]
//! # async fn main() {
//! let layer = ChannelLayer::new();
//! let endpoint = Endpoint::<Echo>::new(layer, ChannelOptions::default(), Live::default());
//!
//! let consumer = Echo::connect(()).await.expect("an echo refuses nobody");
//! let session = Session::new(&endpoint, consumer, RequestInfo::default());
//!
//! let asked = stream::iter([Ok(Frame::Text(r#"{"action":"ping"}"#.into()))]);
//! let asked = futures_util::StreamExt::chain(asked, stream::pending());
//! let (answered, mut answers) = tokio::sync::mpsc::unbounded_channel();
//! let written = sink::unfold(answered, async |answered, frame: Frame| {
//!     answered.send(frame).map_err(|_| TransportError::Lost)?;
//!     Ok(answered)
//! });
//! tokio::spawn(session.run(Halves::new(asked, Box::pin(written))));
//!
//! assert_eq!(
//!     answers.recv().await,
//!     Some(Frame::Text(r#"{"action":"pong","payload":null}"#.into())),
//! );
//! # }
//! ```
//!
//! # A document, or a client
//!
//! is made from a [`describe::Protocol`], which needs neither a server nor the
//! application once it is written down. The crate `chanx-asyncapi` does so.
//!
//! # Features
//!
//! | feature | adds | default |
//! | --- | --- | --- |
//! | `axum-core` | `Broadcaster` as an extractor of axum | no |
//! | `broker` | `ChannelLayer::connect` and `layer::Broker`, which join the layers of several processes | no |
//! | `compression` | `ChannelOptions::compression`, which an adapter heeds | no |
//! | `garde` | messages checked by their `#[garde(…)]` rules | no |

// The floors, from the ground up: a module imports from those before it.

// Locks, wakers, deadlines, panics.
mod contained;
mod queue;
mod shards;
mod sync;
mod time_limit;
// Bytes, names, limits.
mod identity;
mod options;
pub mod wire;
// Messages and events.
pub mod describe;
mod event;
mod message;
// One connection, held from anywhere.
mod connection;
// The members of groups.
pub mod layer;
// The traits and types that an application names.
mod consumer;
// The way from an action to a method.
mod channel;
// Broadcasts and other publications.
pub mod publish;
// The connections of a server.
mod live;
// The session of a connection.
mod endpoint;
mod session;
// The traits that the macros rely on.
mod contract;

#[doc(hidden)]
#[path = "__private.rs"]
pub mod __private0_1_0;

pub use channel::{Channel, PartOf};
pub use connection::{Disconnect, JoinError, Receipt, WireCounter};
pub use consumer::{
    Connect, Consumer, Context, Failure, Finite, Handle, HandlerError, Part, Piece, Refusal,
    Rejection, Replies, Reply, RequestInfo, SendError, SendFuture, Streamed,
};
pub use endpoint::{Endpoint, OfTopic};
pub use event::{Event, EventSet, HandledBy};
pub use identity::{ConnectionId, GroupName, ParseConnectionIdError, UserKey};
pub use layer::{ChannelLayer, LayerError};
pub use live::{ChannelStats, Live, Shutdown, ShutdownReport};
pub use message::{Message, MessageSet, Ping, Pong, ReceivedBy, SentBy};
pub use options::{
    AuthenticationFrames, ChannelOptions, CompletionFrames, Compression, Overflow, RateLimit,
    SocketOptions, SocketSizes,
};
pub use publish::{
    Broadcast, Broadcaster, Close, Direct, DirectEvent, DirectMessage, EventBroadcast,
    PublishError, Unsubscribe,
};
pub use session::{
    Halves, Session, TakeText, Transport, TransportError, body_of_detail, detail_of_body,
    reject_after_upgrade,
};
pub use time_limit::deadline_after;

#[cfg(feature = "garde")]
pub use garde;
