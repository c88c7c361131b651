//! The TypeScript client: its types as a compiler reads them, its code as Node runs it.
//!
//! ```text
//! channels ─▶ client.ts ─▶ tsc, with what has to compile and what must not
//!                  └─────▶ node, deno, bun ──WebSocket──▶ showcase, and a server in the test
//! ```
//!
//! Needs Node and TypeScript, which `scripts/node-tools` installs.

#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    reason = "what helps a test may fail as the test may"
)]

mod annex;
mod compiled;
mod desk;
mod emitted;
mod guide;
#[path = "../asyncapi/kitchen_sink.rs"]
mod kitchen_sink;
mod node;
#[path = "../browser/process.rs"]
#[expect(dead_code, reason = "the browser's tests use more of it")]
mod process;
mod property;
mod runtimes;
mod tools;
mod values;
mod zoo;
