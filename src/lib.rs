//! Typed WebSocket consumers for axum: routing, groups, events and AsyncAPI documents.
//!
//! # Features
//!
//! | feature | adds | default |
//! | --- | --- | --- |
//! | `asyncapi` | [`asyncapi`]: documents of the channels, `Channels::asyncapi` and its page | yes |
//! | `axum` | [`Channels`] as routes of an axum router, [`Broadcaster`] as an extractor | yes |
//! | `garde` | messages checked by their `#[garde(…)]` rules before a handler sees them | no |

#[doc(hidden)]
pub use chanx_core::__private;
#[doc(inline)]
pub use chanx_core::{
    AuthenticationFrames, Broadcast, Channel, ChannelLayer, ChannelStats, Close, ConnectionId,
    Consumer, Context, Disconnect, Event, EventBroadcast, Events, GroupName, Handle, HandledBy,
    HandlerError, Layer, LayerError, MemoryLayer, Message, Messages, Options, Overflow,
    ParseConnectionIdError, Ping, Pong, PublishError, RateLimit, Receipt, ReceivedBy, Rejection,
    Replies, Reply, RequestInfo, SendError, Sending, SentBy, ShutdownReport, UserKey, describe,
    layer, wire,
};
#[doc(inline)]
pub use chanx_macros::{
    Consumer, Event, Events, Message, Messages, channel, event_handler, ws_handler,
};
pub use schemars;

#[cfg(feature = "asyncapi")]
#[doc(inline)]
pub use chanx_core::asyncapi::{self, Info};

#[cfg(feature = "axum")]
#[doc(inline)]
pub use chanx_axum::{Addressed, Bearer, Broadcaster, Channels, Control, HasLayer, Stats};

#[cfg(all(feature = "asyncapi", feature = "axum"))]
#[doc(inline)]
pub use chanx_axum::Docs;
/// The Rust of the book in `docs`, compiled and run.
///
/// The chapter on testing has a test of its own, `tests/testing_page.rs`.
#[cfg(doctest)]
mod book {
    #[doc = include_str!("../docs/src/quick-start.md")]
    struct QuickStart;
    #[doc = include_str!("../docs/src/guides/consumers.md")]
    struct Consumers;
    #[doc = include_str!("../docs/src/guides/messages.md")]
    struct Messages;
    #[doc = include_str!("../docs/src/guides/groups-and-events.md")]
    struct GroupsAndEvents;
    #[doc = include_str!("../docs/src/guides/errors-and-limits.md")]
    struct ErrorsAndLimits;
    #[doc = include_str!("../docs/src/guides/document.md")]
    struct Document;
}
