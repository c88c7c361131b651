//! Test clients for chanx channels, in memory and through the real router.
//!
//! ```text
//! Communicator ──frames──▶ in-memory pipe ──▶ hyper ──▶ router, middleware, extractors ──▶ session
//! ```
//!
//! Nothing is mocked but the cable: a [`Communicator`] speaks HTTP and
//! WebSocket to the application's own [`Router`](axum::Router), without a port.
//! It goes among the `dev-dependencies`, beside `tokio` with `macros` and
//! `test-util`.
//!
//! ```
//! use axum::Router;
//! use chanx::{Channels, Connect, Consumer, ChannelLayer, Ping, Pong, channel};
//! use chanx_testing::Communicator;
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
//! fn app() -> Router {
//!     let layer = ChannelLayer::new();
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
//! # Where to look
//!
//! | to test | take |
//! | --- | --- |
//! | what a client is answered | [`Communicator::request`], [`send`](Communicator::send) and [`receive`](Communicator::receive) |
//! | that nothing is sent | [`Communicator::receive_nothing`] |
//! | errors and refusals | [`expect_error`](Communicator::expect_error), [`Builder::connect_or_refused`], [`Refused`] |
//! | topics | [`Communicator::subscribe`], which gives a `Communicator` of the subscription |
//! | who else gets a message | one `Communicator` each, [`Communicator::receive_all`] with [`Until`] |
//! | who may connect | [`Communicator::builder`]: headers, cookies, tokens, addresses |
//! | how a connection ends | [`Communicator::closed`], [`Communicator::close`], [`Closed`] |
//! | frames that no client of ours sends | [`send_text`](Communicator::send_text), [`send_frame`](Communicator::send_frame), with a [`Frame`] |
//! | what an HTTP handler or a job publishes | [`CaptureLayer`] |
//! | that the document in the repository is current | [`assert_document_current`] |
//! | that the TypeScript client in a frontend's folder is current | [`assert_client_current`] |
//!
//! # Time
//!
//! With `#[tokio::test(start_paused = true)]` tokio's clock stands still while
//! anything has something to do, and jumps to the next timer when nothing has:
//! a test of an idle time-out takes no time, and
//! [`receive_nothing`](Communicator::receive_nothing) is exact. A socket at a
//! real address, or a database, is something that the clock does not see: leave
//! it running there.
//!
//! The chapter "Testing" of the book in `docs` goes through all of it.
//!
//! # Features
//!
//! | feature | adds | default |
//! | --- | --- | --- |
//! | `yaml` | YAML to [`assert_document_current`] | no |

// Brokers for tests.
pub mod broker;
// The types that a test holds.
mod capture;
mod client;
mod closed;
mod communicator;
mod connect;
mod document;
mod frame;
mod kept;
mod received;
mod until;
// The way to a connection.
mod builder;
mod cable;
mod handshake;
mod pipe;
mod refused;
mod signals;
mod socket;
// The text of a failure.
mod failed;
mod failure;
mod line;
mod transcript;

pub use builder::Builder;
pub use capture::{CaptureLayer, Published};
pub use client::assert_client_current;
pub use closed::Closed;
pub use communicator::Communicator;
pub use document::assert_document_current;
pub use frame::Frame;
pub use received::Received;
pub use refused::Refused;
pub use until::Until;
