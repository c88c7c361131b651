//! Several processes that real brokers join.
//!
//! Needs `redis-server` and `nats-server`, which `scripts/test` installs. Each
//! test starts one of its own, at an address of its own.

#![cfg(target_os = "linux")]
#![expect(
    clippy::unwrap_used,
    reason = "what helps a test may fail as a test does"
)]

mod node;
mod proxy;
mod server;

mod conformance;
mod cost;
mod foreign;
mod order;
mod outages;
mod permissions;
mod programs;
mod python;
mod refusals;
mod slow;
