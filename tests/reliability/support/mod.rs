//! The parts that these tests share: a laboratory, its server, and clients that need not
//! keep to the protocol.

mod client;
mod lab;
mod server;

pub(crate) use client::{Client, Raw, frame, masked, open, raw, raw_at_once, request};
pub(crate) use lab::{Bomb, Lab, Line, Tick};
pub(crate) use server::{Server, serve, serve_pipe};

use std::time::Duration;

/// Lets all tasks run until each of them waits. It needs a paused clock.
pub(crate) async fn settle() {
    tokio::time::sleep(Duration::from_millis(1)).await;
}
