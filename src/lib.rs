//! Typed WebSocket consumers for axum: routing, groups, events and AsyncAPI documents.
//!
//! A *consumer* is a struct of yours, one value per connection. chanx decodes
//! what the client sends and hands it to the method that takes it; what the
//! method returns is the reply. Messages to groups, events from the rest of the
//! application, limits and clean-up come with it, and so does a document of the
//! protocol, made from the same declarations.
//!
//! # A channel
//!
//! ```
//! use chanx::{
//!     Channels, Connect, Consumer, Context, HandlerError, ChannelLayer, Message,
//!     Ping, Pong, channel,
//! };
//! use schemars::JsonSchema;
//! use serde::{Deserialize, Serialize};
//!
//! /// A line that a client sends: `{"action": "say", "payload": {"text": "hello"}}`.
//! #[derive(Serialize, Deserialize, JsonSchema, Message)]
//! struct Say {
//!     text: String,
//! }
//!
//! /// A line that everyone in the room is shown.
//! #[derive(Serialize, Deserialize, JsonSchema, Message)]
//! struct Said {
//!     text: String,
//! }
//!
//! #[derive(Default, Connect, Consumer)]
//! struct Room;
//!
//! /// A room to talk in.
//! #[channel(name = "room", groups = ["lobby"], sends(Said))]
//! impl Room {
//!     /// Say a line to everyone.
//!     #[ws_handler]
//!     async fn say(&mut self, line: Say, ctx: &mut Context<Self>) -> Result<(), HandlerError> {
//!         ctx.broadcast(Said { text: line.text }).await?;
//!         Ok(())
//!     }
//!
//!     #[ws_handler]
//!     async fn ping(&mut self, _: Ping) -> Pong {
//!         Pong
//!     }
//! }
//!
//! fn app(layer: ChannelLayer) -> axum::Router {
//!     let channels = Channels::new(layer).route::<Room>("/ws/room");
//!     axum::Router::new().merge(channels)
//! }
//!
//! // In a server: `axum::serve(listener, app(layer)).await`. In a test, without a port:
//! # #[tokio::main(flavor = "current_thread", start_paused = true)]
//! # async fn main() {
//! use chanx_testing::Communicator;
//!
//! let app = app(ChannelLayer::new());
//! let mut ada = Communicator::<Room>::connect(&app, "/ws/room").await;
//! let mut bob = Communicator::<Room>::connect(&app, "/ws/room").await;
//!
//! ada.send(&Say { text: "hello".to_owned() }).await;
//! assert_eq!(bob.receive::<Said>().await.text, "hello");
//! assert_eq!(ada.request::<Pong>(&Ping).await, Pong);
//! # }
//! ```
//!
//! # The flow
//!
//! ```text
//! request ─▶ origin, limits ─▶ Handshake ─▶ connect ─▶ 101
//!      101 ─▶ connected ─▶ handlers … ─▶ disconnected
//!
//! client ──message──▶ #[ws_handler] ───reply──▶ client
//!                          │ Context::broadcast
//! HTTP handler, job ───────┼───message──▶ group ─────────▶ clients, past their handlers
//!       Broadcaster        └────event───▶ group, connection, user ─▶ #[event_handler] ──▶ client
//! ```
//!
//! A connection runs one handler or hook at a time, so `&mut self` needs no
//! lock. Every queue is bounded; [`ChannelOptions`] says what happens at its end.
//!
//! # Where to look
//!
//! | to | see |
//! | --- | --- |
//! | write what travels | [`Message`](derive@Message), [`MessageEnum`](derive@MessageEnum), [`Event`](derive@Event), [`EventEnum`](derive@EventEnum) |
//! | write a consumer | [`Consumer`](trait@Consumer), [`Connect`](trait@Connect), [`channel`], [`ws_handler`], [`event_handler`], [`topic`] |
//! | share handlers between consumers | [`Part`](trait@Part), [`handlers`] |
//! | answer, send, broadcast, join, close | [`Context`], [`Handle`] in spawned tasks, [`Reply`] |
//! | refuse a handshake, fail in a handler | [`Rejection`], [`RejectionResponse`] in extractors, [`HandlerError`], [`Failure`], [`Disconnect`] |
//! | serve channels with axum | [`Channels`], [`ChannelOptions`], [`Bearer`] |
//! | reach connections from elsewhere | [`Broadcaster`], [`Direct`], [`Receipt`] |
//! | carry messages and events, or watch them | [`ChannelLayer`], [`layer::Observer`] |
//! | watch and shut down | [`Control`], [`Stats`], [`ChannelStats`] |
//! | document the protocol | [`Info`], [`Docs`], [`asyncapi`], [`describe`] |
//! | test it | the crate `chanx-testing`: `Communicator`, `CaptureLayer` |
//! | write a client, or know what is on the wire | [`wire`], and the chapter "The wire protocol" of the book |
//!
//! The book, in the folder `docs` of the repository, tells the same as chapters:
//! a quick start, a guide to each subject, operations, and what to change when
//! coming from elsewhere.
//!
//! # Features
//!
//! | feature | adds | default |
//! | --- | --- | --- |
//! | `asyncapi` | [`asyncapi`]: documents of the channels, [`Channels::asyncapi`] and its page | yes |
//! | `axum` | [`Channels`] as routes of an axum router, [`Broadcaster`] as an extractor | yes |
//! | `broker` | [`ChannelLayer::connect`], [`layer::Broker`]: one layer over several processes; `chanx-redis` and `chanx-nats` switch it on | no |
//! | `compression` | [`Compression`], [`ChannelOptions::compression`]: messages compressed (permessage-deflate); gzip for the served documents | no |
//! | `garde` | messages checked by their `#[garde(…)]` rules before a handler sees them; garde itself as `chanx::garde` | no |
//! | `typescript` | [`typescript`]: clients of the channels, [`Channels::typescript_client`], served beside the document | no |
//! | `yaml` | [`asyncapi::Document::to_yaml`]: the document as YAML, served beside that as JSON | no |
//!
//! The derives of messages need `serde` (with `derive`) and `schemars` among the
//! application's own dependencies; `schemars` is re-exported here to name the
//! version that fits.

#[doc(hidden)]
pub use chanx_core::__private0_1_0;
#[doc(inline)]
pub use chanx_core::{
    AuthenticationFrames, Broadcast, Broadcaster, Channel, ChannelLayer, ChannelOptions,
    ChannelStats, Close, Connect, ConnectionId, Consumer, Context, Direct, Disconnect, Event,
    EventBroadcast, EventSet, Failure, Finite, GroupName, Handle, HandledBy, HandlerError,
    JoinError, LayerError, Message, MessageSet, Overflow, ParseConnectionIdError, Part, PartOf,
    Piece, Ping, Pong, PublishError, RateLimit, Receipt, ReceivedBy, Rejection, Replies, Reply,
    RequestInfo, SendError, SendFuture, SentBy, Shutdown, ShutdownReport, Streamed, Unsubscribe,
    UserKey, describe, layer, publish, wire,
};
#[doc(inline)]
pub use chanx_macros::{
    Connect, Consumer, Event, EventEnum, Message, MessageEnum, Part, channel, event_handler,
    handlers, topic, ws_handler,
};
pub use schemars;

#[cfg(feature = "compression")]
#[doc(inline)]
pub use chanx_core::Compression;

#[cfg(feature = "garde")]
pub use chanx_core::garde;

#[cfg(feature = "asyncapi")]
#[doc(inline)]
pub use chanx_asyncapi::{self as asyncapi, Info};

#[cfg(feature = "typescript")]
#[doc(inline)]
pub use chanx_typescript as typescript;

#[cfg(feature = "axum")]
#[doc(inline)]
pub use chanx_core::publish::HasLayer;

#[cfg(feature = "axum")]
#[doc(inline)]
pub use chanx_axum::{Bearer, Channels, Control, RejectionResponse, Stats};

#[cfg(all(feature = "asyncapi", feature = "axum"))]
#[doc(inline)]
pub use chanx_axum::Docs;

/// The Rust of the book in `docs`, compiled and run.
///
/// What doctests do not run has tests of its own: the tutorial and the quick
/// start in `tests/tutorial`, tests that pages show in `tests/pages`.
#[cfg(all(
    doctest,
    feature = "axum",
    feature = "compression",
    feature = "garde",
    feature = "typescript"
))]
mod book {
    #[doc = include_str!("../docs/src/guides/consumers.md")]
    struct Consumers;
    #[doc = include_str!("../docs/src/guides/messages.md")]
    struct Messages;
    #[doc = include_str!("../docs/src/guides/groups-and-events.md")]
    struct GroupsAndEvents;
    #[doc = include_str!("../docs/src/guides/topics.md")]
    struct Topics;
    #[doc = include_str!("../docs/src/guides/parts.md")]
    struct Parts;
    #[doc = include_str!("../docs/src/guides/streams.md")]
    struct Streams;
    #[doc = include_str!("../docs/src/guides/authentication.md")]
    struct Authentication;
    #[doc = include_str!("../docs/src/guides/errors-and-limits.md")]
    struct ErrorsAndLimits;
    #[doc = include_str!("../docs/src/guides/asyncapi.md")]
    struct AsyncApi;
    #[doc = include_str!("../docs/src/guides/typescript.md")]
    struct TypeScript;
    #[doc = include_str!("../docs/src/guides/deployment.md")]
    struct Deployment;
    #[doc = include_str!("../docs/src/recipes.md")]
    struct Recipes;
    #[doc = include_str!("../docs/src/guides/several-processes.md")]
    struct SeveralProcesses;
    #[doc = include_str!("../docs/src/coming-from/django-channels.md")]
    struct DjangoChannels;
}
