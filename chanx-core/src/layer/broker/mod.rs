//! The way between the layers of several processes.
//!
//! ```text
//! publication ─▶ link ─▶ Broker::publish ──▶ other nodes ──▶ Inbound::receive ─▶ roster ─▶ members
//! first, last member ─▶ interests ─▶ engine ─▶ Broker::subscribe, unsubscribe
//! ```
//!
//! A [`Broker`] knows bytes and addresses. Who is a member, who gets what, how
//! it is encoded, what is limited and what is told stands here, once for all.

// The seam to a broker.
mod address;
mod inbound;
mod retry;
mod seam;
// The messages that go by way of it.
mod format;
mod recent;
// The state of it.
mod answers;
mod arrivals;
mod counts;
mod decoders;
mod interests;
mod link;
mod members;
mod probe;
mod questions;
// The tasks of it.
mod engine;
mod receive;

pub use address::{Address, ParseAddressError};
pub(super) use engine::start;
pub use inbound::Inbound;
pub(super) use link::Link;
pub(super) use members::Members;
pub use retry::retry_delay;
pub use seam::{Broker, Published};
