//! The signals that end the program.

use tokio::signal::ctrl_c;

/// Waits for Ctrl-C, or for the signal that service managers send.
pub(crate) async fn requested() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};

        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! { _ = terminate.recv() => return, _ = ctrl_c() => return }
        }
    }
    let _ = ctrl_c().await;
}
