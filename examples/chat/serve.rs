//! A server that waits for nobody for ever.

use std::{future::Future, io, net::SocketAddr, pin::pin, time::Duration};

use axum::{Router, body::Body, extract::ConnectInfo};
use hyper::{Request, body::Incoming, server::conn::http1};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    select,
    sync::watch,
    time::{sleep, timeout},
};
use tower::ServiceExt;

/// The time that a client may take for TLS, and for the head of each request.
const HEAD: Duration = Duration::from_secs(10);

/// The time that requests which have begun may take once the server stops.
const STOP: Duration = Duration::from_secs(10);

/// Serves the application until `stop` is done, and then what has begun.
///
/// `axum::serve` waits as long as a client likes, both for the head of a
/// request and, when it stops, for connections on which nothing happens.
/// `prepare` is where TLS goes: `move |socket| acceptor.accept(socket)`.
pub(crate) async fn serve<T, P>(
    listener: TcpListener,
    prepare: impl Fn(TcpStream) -> P,
    app: Router,
    stop: impl Future<Output = ()>,
) where
    T: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    P: Future<Output = io::Result<T>> + Send + 'static,
{
    // Told to connections, which keep a receiver until they are over.
    let (stop_connections, stopping) = watch::channel(());
    let mut stop = pin!(stop);
    loop {
        let accepted = select! {
            // First, because a signal is listened for once this has been asked.
            biased;
            () = &mut stop => break,
            accepted = listener.accept() => accepted,
        };
        let Ok((socket, peer)) = accepted else {
            // Too many files are open: some of them will be closed.
            sleep(Duration::from_millis(100)).await;
            continue;
        };
        // A frame is on its way at once, instead of waiting for more to go with it.
        let _ = socket.set_nodelay(true);
        let (prepared, app) = (prepare(socket), app.clone());
        let mut stopping = stopping.clone();
        tokio::spawn(async move {
            let Ok(Ok(stream)) = timeout(HEAD, prepared).await else {
                return;
            };
            let app = app.map_request(move |request| with_peer(request, peer));
            let connection = http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(HEAD)
                .serve_connection(TokioIo::new(stream), TowerToHyperService::new(app))
                .with_upgrades();
            let mut connection = pin!(connection);
            select! {
                _ = connection.as_mut() => return,
                _ = stopping.changed() => connection.as_mut().graceful_shutdown(),
            }
            let _ = connection.await;
        });
    }
    drop((listener, stopping));
    let _ = stop_connections.send(());
    let _ = timeout(STOP, stop_connections.closed()).await;
}

/// The address that limits and logs go by.
fn with_peer(request: Request<Incoming>, peer: SocketAddr) -> Request<Body> {
    let mut request = request.map(Body::new);
    request.extensions_mut().insert(ConnectInfo(peer));
    request
}
