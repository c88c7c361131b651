//! What people see in a browser, with the examples running as they run for them.
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
