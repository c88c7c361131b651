//! A server, in memory or on a port.

use std::{convert::Infallible, future::Future, net::SocketAddr, sync::Arc};

use axum::{Router, body::Body, response::Response};
use chanx::{Broadcaster, ChannelLayer, ChannelOptions, Channels, Control};
use hyper::{Request, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncRead, AsyncWrite, DuplexStream},
    net::TcpListener,
    sync::{
        Notify,
        mpsc::{UnboundedReceiver, unbounded_channel},
    },
};
use tower_service::Service;

use super::{
    Client, Lab, Raw, Tick,
    client::{open, raw},
    lab::App,
};

/// The bytes that fit into a pipe in each direction.
const PIPE: usize = 16 * 1024;

/// The laboratory, ready for clients.
pub(crate) struct Server {
    pub(crate) app: Router,
    pub(crate) control: Control,
    pub(crate) lab: Broadcaster<Lab>,
    pub(crate) notes: Notes,
    pub(crate) release: Arc<Notify>,
}

/// The notes of the consumers, in order.
pub(crate) struct Notes(UnboundedReceiver<String>);

impl Notes {
    /// The next note.
    pub(crate) async fn next(&mut self) -> String {
        self.0.recv().await.expect("a laboratory notes")
    }

    /// Waits for a note, forgetting others.
    pub(crate) async fn wait_for(&mut self, expected: &str) {
        while self.next().await != expected {}
    }

    /// The notes that the test has not taken yet.
    pub(crate) fn rest(&mut self) -> Vec<String> {
        std::iter::from_fn(|| self.0.try_recv().ok()).collect()
    }
}

impl Server {
    pub(crate) fn new() -> Self {
        Self::with(ChannelOptions::default())
    }

    pub(crate) fn with(options: ChannelOptions) -> Self {
        Self::configured(|channels| channels.options(options))
    }

    pub(crate) fn configured(configure: impl FnOnce(Channels<App>) -> Channels<App>) -> Self {
        let layer = ChannelLayer::new();
        let (notes, noted) = unbounded_channel();
        let release = Arc::new(Notify::new());
        let channels = configure(Channels::new(layer.clone()).route::<Lab>("/lab/{mode}"));
        let control = channels.control();
        let lab = Broadcaster::new(&layer);
        let state = App {
            layer,
            notes,
            release: release.clone(),
        };
        Self {
            app: Router::new().merge(channels).with_state(state),
            control,
            lab,
            notes: Notes(noted),
            release,
        }
    }

    /// A client in memory.
    pub(crate) async fn connect(&self) -> Client<DuplexStream> {
        self.connect_in("calm").await
    }

    /// A client in memory, of a consumer in which something goes wrong.
    pub(crate) async fn connect_in(&self, mode: &str) -> Client<DuplexStream> {
        open(self.pipe(), mode).await
    }

    /// Bytes to a WebSocket in memory.
    pub(crate) async fn raw(&self) -> Raw<DuplexStream> {
        raw(self.pipe(), "calm").await
    }

    /// The client's end of a connection in memory.
    pub(crate) fn pipe(&self) -> DuplexStream {
        self.pipe_through(|response| async move { response })
    }

    /// The same, with the responses going through a middleware.
    pub(crate) fn pipe_through<F>(
        &self,
        middleware: impl Fn(Response) -> F + Clone + Send + Sync + 'static,
    ) -> DuplexStream
    where
        F: Future<Output = Response<Body>> + Send + 'static,
    {
        serve_pipe(self.app.clone(), middleware)
    }

    /// Serves on a free port.
    pub(crate) async fn listen(&self) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let app = self.app.clone();
        tokio::spawn(async move { axum::serve(listener, app).await });
        address
    }

    /// Hands an event to everyone.
    pub(crate) async fn tick(&self, number: u64) {
        self.lab.event(Tick { number }).await.unwrap();
    }

    /// Asserts that nothing is left of any connection.
    #[track_caller]
    pub(crate) fn assert_empty(&self) {
        let stats = self.control.stats();
        assert_eq!(stats.connections(), 0, "sessions are left: {stats:?}");
        assert_eq!(
            stats.layer.connections, 0,
            "connections are left: {stats:?}"
        );
        assert_eq!(stats.layer.groups, 0, "groups are left: {stats:?}");
        assert_eq!(stats.layer.members, 0, "members are left: {stats:?}");
    }
}

/// Serves one connection in memory, and returns the client's end of it.
pub(crate) fn serve_pipe<F>(
    app: Router,
    middleware: impl Fn(Response) -> F + Clone + Send + Sync + 'static,
) -> DuplexStream
where
    F: Future<Output = Response<Body>> + Send + 'static,
{
    let (client, server) = tokio::io::duplex(PIPE);
    serve(app, server, middleware);
    client
}

/// Serves one connection over any stream of bytes.
pub(crate) fn serve<F>(
    app: Router,
    io: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    middleware: impl Fn(Response) -> F + Clone + Send + Sync + 'static,
) where
    F: Future<Output = Response<Body>> + Send + 'static,
{
    let service = service_fn(move |request: Request<Incoming>| {
        let answered = app.clone().call(request);
        let middleware = middleware.clone();
        async move {
            let response = answered.await?;
            Ok::<_, Infallible>(middleware(response).await)
        }
    });
    let connection = http1::Builder::new()
        .serve_connection(TokioIo::new(io), service)
        .with_upgrades();
    tokio::spawn(connection);
}
