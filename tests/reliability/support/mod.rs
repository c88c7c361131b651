//! What these tests have in common: a laboratory, its server, and clients without manners.

mod client;
mod lab;
mod server;

pub(crate) use client::{Client, Raw, frame, masked, open, raw, raw_at_once};
pub(crate) use lab::{Bomb, Lab, Line, Tick};
pub(crate) use server::{Server, serve_pipe};

use std::time::Duration;

/// Lets everything happen that can happen, with the clock paused.
pub(crate) async fn settle() {
    tokio::time::sleep(Duration::from_millis(1)).await;
}
