//! The messages that are sent, and the check that a server knows them.

use std::io;

use serde_json::Value;

use crate::{connection::Connection, frame};

/// 65 bytes of text, to be sent to `/ws/echo`.
pub(super) const ECHO: &str =
    r#"{"action":"echo","payload":{"message":"as long as a short line"}}"#;

/// 70 bytes of text, to be sent to `/ws/broadcast/{group}`.
pub(super) const BROADCAST: &str =
    r#"{"action":"broadcast","payload":{"message":"as long as a short line"}}"#;

/// Refuses to measure a server that answers with anything but the message
/// itself: counting its errors would flatter it.
pub(super) async fn check(port: u16, path: &str, message: &str) -> io::Result<()> {
    let mut connection = Connection::open(port, path).await?;
    let answer = connection.ask(&frame::text(message)).await?;
    connection.close().await?;

    let sent: Value = serde_json::from_str(message)?;
    if serde_json::from_str::<Value>(&answer)? != sent {
        return Err(io::Error::other(format!(
            "{path} answered {message} with {answer}"
        )));
    }
    Ok(())
}
