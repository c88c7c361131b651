//! The server that `scripts/autobahn` tries: the socket alone, below sessions and protocol.
//!
//! Run with `cargo run --release --example raw_echo`; `PORT` chooses a port, `DEFLATE=1` compresses.

use std::{env, io, net::Ipv4Addr};

use axum::{
    Router,
    extract::{FromRequestParts, Request, WebSocketUpgrade},
    response::{IntoResponse, Response},
};
use chanx::{
    ChannelOptions,
    wire::{CloseFrame, Frame},
};
use chanx_axum::__private::{Deflating, Socket};
use chanx_core::{Transport, TransportError};
use chanx_websocket::Deflate;
use futures_util::{SinkExt, StreamExt};
use http::{HeaderMap, HeaderValue, header};
use hyper::upgrade::OnUpgrade;
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> io::Result<()> {
    let port = env::var("PORT").ok().and_then(|port| port.parse().ok());
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port.unwrap_or(0))).await?;
    println!("listening on {}", listener.local_addr()?);
    axum::serve(listener, Router::new().fallback(upgrade)).await
}

async fn upgrade(request: Request) -> Response {
    let (mut parts, _) = request.into_parts();
    let connection = parts.extensions.remove::<OnUpgrade>();
    // axum answers the handshake, and finds no connection to take.
    let none = hyper::upgrade::on(Request::new(()));
    parts.extensions.insert(none);
    let upgrade = match WebSocketUpgrade::from_request_parts(&mut parts, &()).await {
        Ok(upgrade) => upgrade,
        Err(rejection) => return rejection.into_response(),
    };
    let deflate = deflate(&parts.headers);
    tokio::spawn(async move {
        if let Some(connection) = connection
            && let Ok(connection) = connection.await
        {
            let options = ChannelOptions::default().max_message_size(64 * 1024 * 1024);
            let socket = Socket::from_upgraded(connection, options.socket().sizes);
            let _ = match deflate {
                Some(agreed) => echo(socket.deflating(Deflating::new(agreed, 0))).await,
                None => echo(socket).await,
            };
        }
    });
    let mut response = upgrade.on_upgrade(async |_| {});
    if let Some(agreed) = deflate {
        let answer = HeaderValue::from_static(agreed.answer());
        let headers = response.headers_mut();
        headers.insert(header::SEC_WEBSOCKET_EXTENSIONS, answer);
    }
    response
}

/// The compression that is agreed on, where the environment has it on.
fn deflate(headers: &HeaderMap) -> Option<Deflate> {
    env::var_os("DEFLATE").filter(|it| it == "1")?;
    let offers = headers.get_all(header::SEC_WEBSOCKET_EXTENSIONS);
    Deflate::negotiate(offers.iter().map(HeaderValue::as_bytes)).ok()?
}

/// Sends back what comes, until the client leaves or breaks the protocol.
async fn echo(mut socket: impl Transport + Unpin) -> Result<(), TransportError> {
    while let Some(frame) = socket.next().await {
        match frame {
            Ok(frame @ (Frame::Text(_) | Frame::Binary(_))) => socket.send(frame).await?,
            Ok(_) => {}
            Err(error) => {
                let code = match error {
                    TransportError::TooBig => 1009,
                    TransportError::InvalidUtf8 => 1007,
                    TransportError::Protocol => 1002,
                    _ => break,
                };
                let close = CloseFrame::new(code, "");
                socket.send(Frame::Close(Some(close))).await?;
                break;
            }
        }
    }
    socket.close().await
}
