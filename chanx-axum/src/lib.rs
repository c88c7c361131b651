//! chanx channels as routes of an axum application.
//!
//! ```text
//! request ─▶ upgrade headers ─▶ origin ─▶ limits ─▶ extractors ─▶ connect ─▶ 101 ─▶ session
//! ```
//!
//! Applications depend on the facade crate, `chanx`, which re-exports this one.
//! [`Channels`] become routes, [`Broadcaster`](chanx_core::Broadcaster) reaches their connections from
//! HTTP handlers and jobs, [`Control`] counts and closes them.
//!
//! # A request, step by step
//!
//! | step | refused with |
//! | --- | --- |
//! | it asks for a WebSocket of version 13 (RFC 6455 §4.2.1, over HTTP/2 RFC 8441) | 426 |
//! | its `Sec-WebSocket-Key` is 16 bytes in base64 | 400 |
//! | its `Sec-WebSocket-Extensions` is well-formed, where the channel compresses (RFC 6455 §9.1) | 400 |
//! | its `Origin` is the server's own, allowed or absent | 403 |
//! | the server is not shutting down | 503 |
//! | [`max_connections`](Channels::max_connections) | 503 |
//! | [`max_connections_per_address`](Channels::max_connections_per_address) | 429 |
//! | the extractors of `Handshake` | their own rejection |
//! | `connect`, and on a [topic's own route](Channels::topic_route) the topic's method | its `Rejection` |
//! | all of these within `handshake_timeout` | 503 |
//! | the server is not shutting down yet | 503 |
//! | [`max_connections_per_user`](Channels::max_connections_per_user) | 429 |
//! | | 101, then `connected` |
//!
//! A place under a limit is taken from its step on and given back when the
//! connection is over. Refusals from the extractors on may be told after the
//! upgrade instead: `chanx::AuthenticationFrames`.
//!
//! # Examples
//!
//! ```no_run
//! use axum::Router;
//! use chanx::{Channels, Connect, Consumer, ChannelLayer, Ping, Pong, channel};
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
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> std::io::Result<()> {
//! let channels = Channels::new(ChannelLayer::new()).route::<Echo>("/ws/echo");
//! let control = channels.control();
//! let app: Router = Router::new().merge(channels);
//!
//! let listener = tokio::net::TcpListener::bind("127.0.0.1:8000").await?;
//! axum::serve(listener, app)
//!     .with_graceful_shutdown(async move {
//!         # async fn asked_to_stop() {}
//!         asked_to_stop().await;
//!         control.shutdown().await;
//!     })
//!     .await
//! # }
//! ```
//!
//! # Features
//!
//! | feature | adds | default |
//! | --- | --- | --- |
//! | `asyncapi` | `Docs` and `Channels::asyncapi`: the document, served, and its page | no |
//! | `compression` | `ChannelOptions::compression`: messages compressed (permessage-deflate), and gzip for what `asyncapi` serves | no |
//! | `typescript` | `Channels::typescript_client`: a client of the channels, served beside the document | no |
//! | `yaml` | `Docs::yaml_at`: the document as YAML, served beside that as JSON | no |

// The types that an application names.
mod channels;
mod control;
#[cfg(feature = "asyncapi")]
mod docs;
mod extract;
// From a request to a session.
mod admission;
#[cfg(feature = "compression")]
mod compression;
mod gate;
mod handshake;
#[cfg(not(feature = "compression"))]
mod no_compression;
mod origin;
mod rejection;
mod request;
mod socket;
mod switch;
mod test_connection;
mod upgrade;

#[doc(hidden)]
pub mod __private {
    //! The names that the project's own test tools use, and no others.

    pub use crate::{
        compression::Deflating,
        socket::{Io, Socket},
        test_connection::{TestCalls, TestConnection},
    };
}

#[cfg(not(feature = "compression"))]
use no_compression as compression;

pub use channels::Channels;
pub use control::{Control, Stats};
#[cfg(feature = "asyncapi")]
pub use docs::Docs;
pub use extract::Bearer;
pub use rejection::RejectionResponse;
