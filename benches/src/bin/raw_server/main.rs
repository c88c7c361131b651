//! The server that chanx is measured against: what one writes with axum alone.
//!
//! `axum::extract::ws`, serde's adjacently tagged enum, a tokio broadcast
//! channel of text that was serialised once, a `select!` loop.
//!
//! ```sh
//! PORT=0 TOKIO_WORKER_THREADS=1 target/release/raw_server [--tuned]
//! ```
//!
//! Prints the address it listens on. `--tuned` sets the one option that
//! matters, the size of the read buffer.

mod broadcast;
mod echo;
mod groups;
mod message;
mod upgrade;

use std::{env, io, net::Ipv4Addr};

use axum::{Router, routing::any, serve::ListenerExt};
use tokio::net::TcpListener;

use crate::{groups::Groups, upgrade::ReadBuffer};

/// The state that the handlers share.
#[derive(Clone)]
struct App {
    groups: Groups,
    read_buffer: ReadBuffer,
}

#[tokio::main]
async fn main() -> io::Result<()> {
    tracing_subscriber::fmt().with_writer(io::stderr).init();

    let port = env::var("PORT")
        .ok()
        .and_then(|port| port.parse().ok())
        .unwrap_or(0);
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    println!("listening on {}", listener.local_addr()?);

    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::warn!(%error, "cannot set TCP_NODELAY");
        }
    });
    axum::serve(listener, router()).await
}

fn router() -> Router {
    Router::new()
        .route("/ws/echo", any(echo::upgrade))
        .route("/ws/broadcast", any(broadcast::upgrade_to_lobby))
        .route("/ws/broadcast/{group}", any(broadcast::upgrade))
        .with_state(App {
            groups: Groups::default(),
            read_buffer: ReadBuffer::from_args(),
        })
}
