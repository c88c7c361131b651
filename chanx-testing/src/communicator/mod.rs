//! A client of one channel, for tests.

mod close;
mod expect;
mod receive;
mod send;

use std::{fmt, future::Future, marker::PhantomData, time::Duration};

use axum::Router;
use chanx_core::Channel;
use http::{HeaderMap, header};
use tokio::time::Instant;

use crate::{Builder, failure::Failure, handshake::Stream, line::Line, socket::Socket};

/// A client of the consumer `C`, for tests.
///
/// It reaches the application through its own router, over a connection in
/// memory: middleware, extractors and the WebSocket itself are real, no port
/// is opened. Completion frames are on for this connection alone, and are
/// never handed out as messages.
///
/// What is expected and does not come fails the test, with the line that
/// expected it and what came instead. Nothing waits for longer than five
/// seconds on tokio's clock, or what [`Builder::timeout`] says.
///
/// Dropping it disconnects without a close frame. `disconnected` then runs as
/// soon as the runtime gets to it; to wait for it, [`close`](Self::close).
///
/// # Cancel safety
///
/// Sends and receives may be cancelled, [`request`](Self::request) and
/// [`receive_all`](Self::receive_all) lose what they have read.
pub struct Communicator<C> {
    socket: Socket,
    headers: HeaderMap,
    in_memory: bool,
    patience: Duration,
    /// A message has been handed out, and nothing has been completed since.
    unfinished: bool,
    requests: u32,
    consumer: PhantomData<fn() -> C>,
}

impl<C: Channel> Communicator<C> {
    /// Connects to a path of an application, and waits until `connected` has
    /// returned: what is published from then on reaches this client.
    ///
    /// # Panics
    ///
    /// When the application refuses, with its response.
    #[track_caller]
    pub fn connect(app: &Router, path: &str) -> impl Future<Output = Self> + Send {
        Self::builder(app, path).connect()
    }

    /// Connects to a path of an application, with headers and more.
    ///
    /// # Panics
    ///
    /// When the path is none.
    #[track_caller]
    pub fn builder(app: &Router, path: &str) -> Builder<C> {
        Builder::to_app(app, path)
    }

    /// Connects to a server that runs already: `ws://127.0.0.1:8000/ws/room`.
    ///
    /// It has completion frames only where its options say so, and `connected`
    /// may still run.
    ///
    /// # Panics
    ///
    /// When nobody answers, or the server refuses.
    #[track_caller]
    pub fn connect_at(url: &str) -> impl Future<Output = Self> + Send {
        Self::builder_at(url).connect()
    }

    /// Connects to a server that runs already, with headers and more.
    ///
    /// # Panics
    ///
    /// When the address is none.
    #[track_caller]
    pub fn builder_at(url: &str) -> Builder<C> {
        Builder::to_address(url)
    }

    pub(crate) fn new(
        stream: Stream,
        headers: HeaderMap,
        in_memory: bool,
        patience: Duration,
    ) -> Self {
        Self {
            socket: Socket::new(stream),
            headers,
            in_memory,
            patience,
            unfinished: false,
            requests: 0,
            consumer: PhantomData,
        }
    }

    /// The headers of the response that opened the connection.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The subprotocol that the server has chosen.
    #[must_use]
    pub fn subprotocol(&self) -> Option<&str> {
        let chosen = self.headers.get(header::SEC_WEBSOCKET_PROTOCOL)?;
        chosen.to_str().ok()
    }

    fn deadline(&self) -> Instant {
        Instant::now() + self.patience
    }

    fn fail(&self, line: Line, failure: &Failure) -> ! {
        panic!("{}", failure.render::<C>(line, &self.socket.transcript))
    }
}

impl<C> fmt::Debug for Communicator<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Communicator")
            .field("in_memory", &self.in_memory)
            .finish_non_exhaustive()
    }
}
