//! A client of one channel, for tests.

mod close;
mod expect;
mod receive;
mod send;
mod topic;

use std::{fmt, marker::PhantomData, time::Duration};

use chanx_core::Channel;
use http::{HeaderMap, header};
use tokio::time::Instant;

use crate::{failed::Failed, failure::Failure, line::Line, socket::Socket};

/// A client of the consumer `C`, for tests: of a connection, or of a
/// [subscription](Self::subscribe).
///
/// It reaches the application through its own router, over a connection in
/// memory: middleware, extractors and the WebSocket itself are real, no port
/// is opened. Completion frames are on for this connection alone, and are
/// never handed out as messages.
///
/// What is expected and does not come fails the test, with the line that
/// expected it and what came instead. Nothing waits for longer than five
/// seconds on tokio's clock, or what [`Builder::timeout`](crate::Builder::timeout) says.
///
/// Dropping it disconnects without a close frame, once those of its subscriptions
/// are dropped too. `disconnected` then runs as soon as the runtime gets to it; to
/// wait for it, [`close`](Self::close).
///
/// # Cancel safety
///
/// Sends and receives may be cancelled, [`request`](Self::request),
/// [`collect`](Self::collect) and [`receive_all`](Self::receive_all) lose what
/// they have read.
///
/// # Examples
///
/// ```
/// use chanx::{
///     Channels, Connect, Consumer, Context, HandlerError, ChannelLayer, Message, Ping, Pong, channel,
/// };
/// use chanx_testing::{Communicator, Until};
/// use schemars::JsonSchema;
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Serialize, Deserialize, JsonSchema, Message)]
/// struct Joined;
///
/// #[derive(Default, Connect, Consumer)]
/// struct Room;
///
/// #[channel(name = "room", groups = ["lobby"], sends(Joined))]
/// impl Room {
///     #[ws_handler]
///     async fn ping(&mut self, _: Ping, ctx: &mut Context<Self>) -> Result<Pong, HandlerError> {
///         ctx.broadcast(Joined).exclude_current().await?;
///         Ok(Pong)
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() {
/// let layer = ChannelLayer::new();
/// let app = Channels::new(layer).route::<Room>("/ws/room").into_router();
/// let mut ada = Communicator::<Room>::connect(&app, "/ws/room").await;
/// let mut bob = Communicator::<Room>::connect(&app, "/ws/room").await;
///
/// assert_eq!(ada.request::<Pong>(&Ping).await, Pong);
/// bob.receive::<Joined>().await;
///
/// ada.send(&Ping).await;
/// let to_ada = ada.receive_all(Until::Complete).await;
/// assert_eq!(to_ada.len(), 1); // the pong alone
/// ada.close(1000).await;
/// # }
/// ```
pub struct Communicator<C> {
    socket: Socket,
    headers: HeaderMap,
    /// The failures of the server; `None` at a real address.
    failed: Option<Failed>,
    patience: Duration,
    /// A message has been handed out, and nothing has been completed since.
    unfinished: bool,
    waits_for_connected: bool,
    /// Its frames name its topic.
    is_subscription: bool,
    consumer: PhantomData<fn() -> C>,
}

impl<C: Channel> Communicator<C> {
    pub(crate) fn new(
        socket: Socket,
        headers: HeaderMap,
        failed: Option<Failed>,
        patience: Duration,
        waits_for_connected: bool,
    ) -> Self {
        Self {
            socket,
            headers,
            failed,
            patience,
            unfinished: false,
            waits_for_connected,
            is_subscription: false,
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

    /// True if the server is in this process, at the other end of a pipe.
    fn is_in_memory(&self) -> bool {
        self.failed.is_some()
    }

    fn fail(&self, line: Line, failure: &Failure) -> ! {
        let failed = self.failed.as_ref().map(Failed::report);
        let failed = failed.unwrap_or_default();
        panic!(
            "{}",
            failure.render::<C>(line, &failed, &self.socket.transcript())
        )
    }
}

impl<C> fmt::Debug for Communicator<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Communicator")
            .field("in_memory", &self.failed.is_some())
            .finish_non_exhaustive()
    }
}
