//! Joins the channels of several processes by way of NATS.
//!
//! One line of an application changes: the one that makes its layer.
//!
//! ```no_run
//! use chanx::ChannelLayer;
//! use chanx_nats::NatsBroker;
//!
//! # async fn layer() -> Result<ChannelLayer, chanx::layer::BrokerError> {
//! let layer = ChannelLayer::connect(NatsBroker::new("nats://127.0.0.1")).await?;
//! # Ok(layer)
//! # }
//! ```
//!
//! NATS 2.2 or later is needed, and only its core: nothing is stored, and JetStream
//! may be off. Tested with NATS 2.9.
//!
//! # How it works
//!
//! ```text
//! Broker::publish ─▶ PUB … PUB confirm ─▶ nats ─▶ a subscription for each address ─▶ merge ─▶ Inbound::receive
//! ```
//!
//! NATS acknowledges neither `PUB` nor `SUB`, and its client keeps what is published
//! until it is connected. So each of them is followed by a message to the node
//! itself: once that comes back, the server has what was sent before it. Those
//! that are under way share one.
//!
//! The client has a queue for each subscription, and what comes in two of them
//! has no order between them. What a node publishes is numbered therefore, in the
//! header `Chanx-Order`, and merged by it.
//!
//! # Clusters
//!
//! In a cluster, other servers learn a little later of a subscription: what is
//! published there within that time after a join may be missed, untold. On one
//! server, `join` keeps what it promises.
//!
//! # Features
//!
//! | feature | for |
//! | --- | --- |
//! | `nkeys` | files of credentials, with an nkey and a JWT |

mod broker;
mod client;
mod confirm;
mod error;
mod merge;
mod refusals;

pub use broker::NatsBroker;
pub use error::ConnectError;
