//! Joins the channels of several processes by way of Redis.
//!
//! One line of an application changes: the one that makes its layer.
//!
//! ```no_run
//! use chanx::ChannelLayer;
//! use chanx_redis::RedisBroker;
//!
//! # async fn layer() -> Result<ChannelLayer, chanx::layer::BrokerError> {
//! let layer = ChannelLayer::connect(RedisBroker::new("redis://127.0.0.1")).await?;
//! # Ok(layer)
//! # }
//! ```
//!
//! Redis 6 or later is needed, and only its `PUBLISH` and `SUBSCRIBE`: nothing is
//! stored, so that persistence, replicas and full memory do not matter. Tested
//! with Redis 7.0.
//!
//! # How it works
//!
//! ```text
//! Broker::publish ─▶ PUBLISH ─▶ redis ─▶ push ─▶ Inbound::receive
//! ```
//!
//! A node has one connection for both ways, over RESP3. Where it breaks, or does
//! not answer a `PING` within four seconds, the node connects again, for ever, and
//! its members are told that they may have missed something.
//!
//! # Features
//!
//! | feature | for |
//! | --- | --- |
//! | `python` | groups that are shared with Python's chanx |
//! | `tls` | `rediss://`, by rustls |

mod broker;
mod channels;
mod connection;
mod error;
mod greeting;
#[cfg(feature = "python")]
mod python;
#[cfg(feature = "tls")]
mod tls;

pub use broker::RedisBroker;
pub use error::ConnectError;
