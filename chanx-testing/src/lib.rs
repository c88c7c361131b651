//! Test clients for chanx channels, in memory and through the real router.
//!
//! ```text
//! Communicator ──frames──▶ in-memory pipe ──▶ hyper ──▶ router, middleware, extractors ──▶ session
//! ```
//!
//! Nothing is mocked but the cable: a [`Communicator`] speaks HTTP and
//! WebSocket to the application's own [`Router`](axum::Router), without a port.
//!
//! ```
//! use axum::Router;
//! use chanx::{Channels, Consumer, Layer, MemoryLayer, Ping, Pong, channel};
//! use chanx_testing::Communicator;
//!
//! #[derive(Default, Consumer)]
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
//! fn app() -> Router {
//!     let layer = Layer::from(MemoryLayer::new());
//!     Channels::new(layer).route::<Echo>("/ws/echo").into_router()
//! }
//!
//! # #[tokio::main(flavor = "current_thread", start_paused = true)]
//! # async fn main() {
//! let mut client = Communicator::<Echo>::connect(&app(), "/ws/echo").await;
//!
//! client.send(&Ping).await;
//! assert_eq!(client.receive::<Pong>().await, Pong);
//! client.receive_nothing().await;
//! # }
//! ```
//!
//! The chapter "Testing" of the book in `docs` goes through all of it.

// What a test holds.
mod capture;
mod communicator;
mod document;
mod received;
mod until;
// How it gets there.
mod builder;
mod handshake;
mod pipe;
mod refused;
mod socket;
// What it is told when it fails.
mod failure;
mod line;
mod transcript;

pub use builder::Builder;
pub use capture::{CaptureLayer, Published};
pub use communicator::Communicator;
pub use document::assert_document_current;
pub use received::Received;
pub use refused::Refused;
pub use socket::Closed;
pub use tokio_tungstenite::tungstenite;
pub use until::Until;
