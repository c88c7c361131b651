//! A broker for tests, and the tests for every broker.
//!
//! An [`Exchange`] joins several layers of one process, with delays, outages and
//! [`Fault`]s on demand:
//!
//! ```
//! use chanx::ChannelLayer;
//! use chanx_testing::broker::Exchange;
//!
//! # #[tokio::main(flavor = "current_thread", start_paused = true)]
//! # async fn main() -> Result<(), chanx::layer::BrokerError> {
//! let exchange = Exchange::new();
//! let here = ChannelLayer::connect(exchange.broker()).await?;
//! let there = ChannelLayer::connect(exchange.broker()).await?;
//! assert_ne!(here.node(), there.node());
//!
//! exchange.cut();
//! assert!(!here.health().is_connected);
//! # Ok(())
//! # }
//! ```
//!
//! # Testing a broker
//!
//! Whoever writes a [`Broker`](chanx_core::layer::Broker) says in a [`Fixture`] how it is made and how
//! its connection is cut, and runs the [`CASES`], each in a runtime of its own:
//!
//! ```
//! use chanx_testing::broker::{CASES, Exchange, check};
//!
//! # #[tokio::main(flavor = "current_thread", start_paused = true)]
//! # async fn main() {
//! let case = CASES.iter().find(|case| **case == "delivery").expect("there is one");
//! check(&Exchange::new(), case).await;
//! # }
//! ```
//!
//! A broker that passes all of them carries what an application publishes as one
//! process does. They take the broker for their own: the names of their groups
//! are new in each run.

mod exchange;
mod suite;

pub use exchange::{Exchange, ExchangeBroker, Fault};
pub use suite::{CASES, Fixture, check};
