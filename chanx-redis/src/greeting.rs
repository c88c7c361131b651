//! The answers of a Redis that does not let in.

use std::time::Duration;

use redis::ConnectionAddr;
use tokio::{
    io::{AsyncRead, AsyncReadExt},
    net::TcpStream,
    time::timeout,
};

use crate::error::ConnectError;

const WITHIN: Duration = Duration::from_millis(500);

/// Asks once more why Redis hangs up, without saying anything first.
///
/// With too many clients, or in its protected mode, it says so and hangs up before
/// it has read anything: by then the client has failed to write, and does not read.
pub(crate) async fn refusal(address: &ConnectionAddr) -> Option<ConnectError> {
    let text = timeout(WITHIN, greeting(address)).await.ok()??;
    let text = text.strip_prefix('-')?.trim_end().to_owned();
    Some(if text.contains("number of clients") {
        ConnectError::Full(text.into())
    } else {
        ConnectError::Refused(text.into())
    })
}

async fn greeting(address: &ConnectionAddr) -> Option<String> {
    match address {
        ConnectionAddr::Tcp(host, port) => {
            let stream = TcpStream::connect((host.as_str(), *port)).await;
            read(stream.ok()?).await
        }
        #[cfg(unix)]
        ConnectionAddr::Unix(path) => read(tokio::net::UnixStream::connect(path).await.ok()?).await,
        _ => None,
    }
}

async fn read(stream: impl AsyncRead + Unpin) -> Option<String> {
    let mut text = String::new();
    stream.take(2048).read_to_string(&mut text).await.ok()?;
    Some(text)
}
