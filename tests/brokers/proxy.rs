//! A proxy between a node and its broker that delays, breaks or silences connections.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::watch,
    task::JoinHandle,
    time::sleep,
};

/// Passes bytes on, in both directions.
pub(crate) struct Proxy {
    at: SocketAddr,
    state: Arc<State>,
    listening: JoinHandle<()>,
}

#[derive(Default)]
struct State {
    /// The delay of each piece, in milliseconds.
    delay: AtomicU64,
    /// Connections of a number below these are broken, or silent.
    broken: watch::Sender<u64>,
    silent: watch::Sender<u64>,
    connections: AtomicU64,
}

impl Proxy {
    pub(crate) async fn start(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let at = listener.local_addr().unwrap();
        let state = Arc::new(State::default());
        let listening = tokio::spawn({
            let state = state.clone();
            async move {
                while let Ok((client, _)) = listener.accept().await {
                    let number = state.connections.fetch_add(1, Ordering::Relaxed);
                    tokio::spawn(pass(state.clone(), number, client, server));
                }
            }
        });
        Self {
            at,
            state,
            listening,
        }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.at
    }

    /// Lets each piece take so long.
    pub(crate) fn delay(&self, delay: Duration) {
        let delay = u64::try_from(delay.as_millis()).unwrap();
        self.state.delay.store(delay, Ordering::Relaxed);
    }

    /// Breaks the connections that there are.
    pub(crate) fn drop_all(&self) {
        let connections = self.state.connections.load(Ordering::Relaxed);
        self.state.broken.send_replace(connections);
    }

    /// Passes nothing more on by the connections that there are, and leaves them open.
    pub(crate) fn silence(&self) {
        let connections = self.state.connections.load(Ordering::Relaxed);
        self.state.silent.send_replace(connections);
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

async fn pass(state: Arc<State>, number: u64, client: TcpStream, server: SocketAddr) {
    let Ok(server) = TcpStream::connect(server).await else {
        return;
    };
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    let mut broken = state.broken.subscribe();
    tokio::select! {
        () = copy(&state, number, from_client, to_server) => {}
        () = copy(&state, number, from_server, to_client) => {}
        _ = broken.wait_for(|below| number < *below) => {}
    }
}

async fn copy(state: &State, number: u64, mut from: OwnedReadHalf, mut to: OwnedWriteHalf) {
    let mut piece = vec![0; 64 * 1024];
    while let Ok(read @ 1..) = from.read(&mut piece).await {
        sleep(Duration::from_millis(state.delay.load(Ordering::Relaxed))).await;
        if number < *state.silent.borrow() {
            continue;
        }
        if to.write_all(&piece[..read]).await.is_err() {
            return;
        }
    }
}
