//! From a stream of bytes to a WebSocket, or to a refusal.

use axum::body::{Body, to_bytes};
use http::{HeaderMap, HeaderValue, Request, Response, StatusCode, header};
use hyper::{body::Incoming, client::conn::http1, upgrade::Upgraded};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_tungstenite::{WebSocketStream, tungstenite::protocol::Role};

use crate::Refused;

/// The example of RFC 6455 §1.3, key and answer: a test needs no other.
const KEY: HeaderValue = HeaderValue::from_static("dGhlIHNhbXBsZSBub25jZQ==");
const ACCEPT: &str = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

/// A WebSocket, after the upgrade.
pub(crate) type Stream = WebSocketStream<TokioIo<Upgraded>>;

/// The reasons for which there is no WebSocket.
#[derive(Debug)]
pub(crate) enum HandshakeError {
    Refused(Refused),
    /// The failure, in words.
    Failed(String),
}

/// Adds what asks for a WebSocket.
pub(crate) fn ask_for_upgrade(headers: &mut HeaderMap) {
    headers.insert(header::CONNECTION, HeaderValue::from_static("Upgrade"));
    headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
    headers.insert(
        header::SEC_WEBSOCKET_VERSION,
        HeaderValue::from_static("13"),
    );
    headers.insert(header::SEC_WEBSOCKET_KEY, KEY);
}

/// Opens a WebSocket; also gives the headers of the response.
pub(crate) async fn open(
    io: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    request: Request<Body>,
) -> Result<(Stream, HeaderMap), HandshakeError> {
    let response = send(io, request).await.map_err(|error| {
        HandshakeError::Failed(format!(
            "the connection ended before the handshake was answered, \
             as it does when a middleware or an extractor panics ({error})"
        ))
    })?;
    if response.status() != StatusCode::SWITCHING_PROTOCOLS {
        return Err(HandshakeError::Refused(refused(response).await));
    }
    let headers = response.headers().clone();
    if headers.get(header::SEC_WEBSOCKET_ACCEPT) != Some(&HeaderValue::from_static(ACCEPT)) {
        let failed = "the server's `Sec-WebSocket-Accept` does not answer the client's key";
        return Err(HandshakeError::Failed(failed.to_owned()));
    }
    let upgraded = hyper::upgrade::on(response).await.map_err(|error| {
        HandshakeError::Failed(format!("the connection ended with the upgrade ({error})"))
    })?;
    let stream = WebSocketStream::from_raw_socket(TokioIo::new(upgraded), Role::Client, None);
    Ok((stream.await, headers))
}

async fn send(
    io: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    request: Request<Body>,
) -> hyper::Result<Response<Incoming>> {
    let (mut sender, connection) = http1::handshake(TokioIo::new(io)).await?;
    tokio::spawn(connection.with_upgrades());
    sender.send_request(request).await
}

async fn refused(response: Response<Incoming>) -> Refused {
    let (parts, body) = response.into_parts();
    Refused {
        status: parts.status,
        headers: parts.headers,
        body: to_bytes(Body::new(body), usize::MAX)
            .await
            .unwrap_or_default(),
    }
}
