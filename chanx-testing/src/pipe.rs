//! A server at the other end of a pipe in memory.

use std::net::SocketAddr;

use axum::{Router, extract::ConnectInfo};
use hyper::{Request, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::io::DuplexStream;
use tower_service::Service;

use crate::signals::Signals;

/// The bytes that fit into the pipe in each direction, as into a socket's buffers.
const PIPE: usize = 64 * 1024;

/// Serves one connection of `app`, and gives the client's end of it.
///
/// Also gives what the server tells a test of it.
pub(crate) fn serve(app: Router, peer: SocketAddr) -> (DuplexStream, Signals) {
    let (test, signals) = Signals::new();
    let (client, server) = tokio::io::duplex(PIPE);
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        request.extensions_mut().insert(test.clone());
        app.clone().call(request)
    });
    let connection = http1::Builder::new()
        .serve_connection(TokioIo::new(server), service)
        .with_upgrades();
    tokio::spawn(connection);
    (client, signals)
}
