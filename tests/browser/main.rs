//! The examples in a browser, run as a user runs them.
//!
//! ```text
//! test ──WebDriver──▶ chromedriver ─▶ Chromium ──HTTP, WebSocket──▶ example
//! ```
//!
//! Needs `chromium`, `chromedriver` and `redis-server`, which `scripts/test` installs.
//! Screenshots are left in `target/screenshots`.

#![cfg(unix)]

mod asyncapi;
mod browser;
mod chat;
mod client;
mod composer;
mod compression;
mod page;
mod process;
mod redis;
mod showcase;
mod tokens;
mod topics;
