//! The signals that end the program.

use std::future::pending;

use tokio::{select, signal};

/// Waits for Ctrl-C, or for the signal that service managers send.
pub(crate) async fn requested() {
    select! {
        _ = signal::ctrl_c() => {}
        () = terminated() => {}
    }
}

#[cfg(unix)]
async fn terminated() {
    use signal::unix::{SignalKind, signal};

    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => _ = terminate.recv().await,
        Err(_) => pending().await,
    }
}

#[cfg(not(unix))]
async fn terminated() {
    pending().await
}
