//! One connection's life, from the completed upgrade to the last clean-up.
//!
//! ```text
//! socket ──frame──▶ reader ─inbox─▶ worker: decode ─▶ dispatch ─▶ handler ─▶ outbox ─▶ writer ──frame──▶ socket
//!                                      ▲                                       ▲
//! layer ───event───▶ mailbox ──────────┘                                       │
//! layer ───group message (already encoded) ────────────────────────────────────┘
//! ```
//!
//! [`Session::run`] is one task. Its parts have a waker each, so that the
//! socket's read side is never polled because something is to be written, and
//! a handler that waits keeps nobody from answering pings.

// The queue between reader and worker.
mod inbox;
// The parts that run side by side.
mod parts;
mod phases;
mod pulse;
mod rate;
mod reader;
mod streaming;
mod streams;
mod worker;
mod writer;
// The socket below them.
mod shared;
mod transport;
// The observations of a test.
mod observed;
// A refusal in place of a session.
mod refusal;

#[cfg(all(test, chanx_loom))]
mod models;

pub use refusal::reject_after_upgrade;
pub use transport::{Transport, TransportError};

use std::{future::Future, pin::pin, sync::Arc, time::SystemTime};

use futures_util::{FutureExt, future::join};
use http::StatusCode;
use tokio::{sync::Notify, time::timeout};
use tracing::{Instrument, Span, info_span};

use self::{
    inbox::Inbox,
    observed::{Failures, OnConnected},
    parts::first_to_end,
    phases::{Phases, to_end},
    pulse::Pulse,
    rate::Rate,
    shared::Shared,
    streams::Streams,
    worker::Worker,
};
use crate::{
    channel::Channel,
    connection::{Connection, Disconnect, Member, WireCounter},
    consumer::{Context, Handle, RequestInfo},
    endpoint::Endpoint,
    identity::UserKey,
    live::Reservation,
    options::AuthenticationFrames,
    wire::{Foreign, authentication_frame},
};

/// A connection whose consumer has been built, waiting for its socket.
///
/// Dropping it before [`run`](Self::run) leaves nothing behind.
#[derive(Debug)]
pub struct Session<C> {
    endpoint: Arc<Endpoint<C>>,
    connection: Arc<Connection>,
    consumer: C,
    ctx: Context<C>,
    expires_at: Option<SystemTime>,
    on_connected: OnConnected,
    failures: Failures,
    reservation: Reservation,
}

impl<C: Channel> Session<C> {
    /// Creates a session of `endpoint` for a consumer that `connect` has built.
    pub fn new(endpoint: Arc<Endpoint<C>>, consumer: C, request: RequestInfo) -> Self {
        let completion_frames = endpoint.options.completion_frames;
        Self::with_completion_frames(endpoint, consumer, request, completion_frames)
    }

    /// Creates a session whose completion frames are on or off whatever the endpoint's options say.
    pub fn with_completion_frames(
        endpoint: Arc<Endpoint<C>>,
        consumer: C,
        request: RequestInfo,
        completion_frames: bool,
    ) -> Self {
        let user = consumer.identity();
        let id = endpoint.layer.next_connection();
        let connection = Connection::new(id, C::NAME, user, &endpoint.options, completion_frames);
        let connection = Arc::new(connection);
        let handle = Handle::new(Member(connection.clone()), endpoint.layer.clone());
        Self {
            expires_at: consumer.expires_at(),
            reservation: endpoint.live.reserve(),
            ctx: Context::new(handle, request),
            endpoint,
            connection,
            consumer,
            on_connected: OnConnected::default(),
            failures: Failures::default(),
        }
    }

    /// Calls `tell` when `connected` has returned, and drops it where that fails.
    #[must_use]
    pub fn on_connected(mut self, tell: impl FnOnce() + Send + 'static) -> Self {
        self.on_connected = OnConnected::call(tell);
        self
    }

    /// Calls `tell` with each failure of a handler or hook, beside logging it: for tests.
    #[must_use]
    pub fn on_failure(mut self, tell: impl Fn(String) + Send + Sync + 'static) -> Self {
        self.failures = Failures::to(tell);
        self
    }

    /// The counter of the connection's socket, where it compresses.
    #[must_use]
    pub fn wire_counter(&self) -> WireCounter {
        WireCounter::of(self.connection.clone())
    }

    /// The user that the connection belongs to, as its consumer has answered.
    #[must_use]
    pub fn user(&self) -> Option<&UserKey> {
        self.connection.user.as_ref()
    }

    /// Serves the connection until it is over, and cleans up behind it.
    ///
    /// The transport is dropped when every group has been left, or as soon as the
    /// connection is closed while handlers are still at work.
    ///
    /// # Cancel safety
    ///
    /// Dropped, it leaves every group and closes the socket without a close
    /// frame; `disconnected` does not run.
    pub fn run(self, transport: impl Transport) -> impl Future<Output = Disconnect> + Send {
        let session = Box::new(self);
        let mut transport = Some(Box::pin(transport));
        async move { session.attend(&mut transport, &drop).await }
    }

    /// As [`run`](Self::run), with a transport that the caller keeps.
    ///
    /// So the caller can give back what the connection has held before the client
    /// sees it end. Where handlers are still at work once the connection is closed,
    /// the transport is taken out and given to `let_go`.
    ///
    /// # Cancel safety
    ///
    /// As [`run`](Self::run).
    pub fn run_lent<T: Transport + Unpin>(
        self,
        transport: &mut Option<T>,
        let_go: impl Fn(T) + Send + Sync,
    ) -> impl Future<Output = Disconnect> + Send {
        // Boxed because every async function that it is moved into would keep a copy in its state.
        let session = Box::new(self);
        async move { session.attend(transport, &let_go).await }
    }

    async fn attend<T: Transport + Unpin>(
        self: Box<Self>,
        transport: &mut Option<T>,
        let_go: &(dyn Fn(T) + Send + Sync),
    ) -> Disconnect {
        let span = info_span!(
            "connection",
            channel = C::NAME,
            connection = %self.connection.id,
            path = &*Foreign::name(self.ctx.request().path()).to_text(),
            peer = self.ctx.request().peer().map(display),
            user = self.connection.user.as_ref().map(|user| display(Foreign::name(user.as_str()))),
        );
        let connection = self.connection.clone();
        // Queued before anybody can reach the connection, so that nothing comes ahead of it.
        if self.endpoint.options.authentication_frames == AuthenticationFrames::Always {
            let welcome = authentication_frame(StatusCode::OK, None);
            connection.outbox.push(&[welcome.into()]);
        }
        let member = Member(connection.clone());
        let _entered = self.reservation.enter(member.clone());
        let _attached = self.endpoint.layer.attach(member);
        let served = pin!(self.serve(transport, let_go, &span));
        let why = connection.unless_cut(served).await;
        let why = why.unwrap_or(Disconnect::Shutdown);
        span.in_scope(|| connection.log_end(&why));
        why
    }

    /// The application's own code runs in `span`. What only moves frames enters
    /// none, because it would do so for every frame.
    async fn serve<T: Transport + Unpin>(
        mut self: Box<Self>,
        transport: &mut Option<T>,
        let_go: &(dyn Fn(T) + Send + Sync),
        span: &Span,
    ) -> Disconnect {
        let (endpoint, connection) = (&*self.endpoint, &*self.connection);
        let transport = Shared::new(transport);
        let inbox = Inbox::new(endpoint.options.inbox_bytes);
        let pulse = Pulse::new();
        let streams = Streams::new(self.connection.clone());
        let peer_left = Notify::new();
        // Boxed where few connections have it.
        let rate = endpoint
            .options
            .rate_limit
            .map(|limit| Box::new(Rate::new(limit)));
        let reader = reader::read(&transport, &inbox, &pulse, connection, rate);
        let mut reader = pin!(reader.inspect(|_| peer_left.notify_one()).fuse());
        let mut writer = pin!(writer::write(&transport, connection, &peer_left).fuse());
        let mut worker = Worker {
            consumer: &mut self.consumer,
            ctx: &mut self.ctx,
            endpoint,
            connection,
            inbox: &inbox,
            pulse: &pulse,
            busy_until: 0,
            streams: &streams,
            is_streaming: false,
            rate: endpoint.options.rate_limit.map(Rate::new),
            has_begun: false,
            failures: self.failures,
        };

        Phases {
            connection,
            options: &endpoint.options,
            inbox: &inbox,
            pulse: &pulse,
            streams: &streams,
            span,
            expires_at: self.expires_at,
            reader: reader.as_mut(),
            writer: writer.as_mut(),
            handlers: pin!(
                worker
                    .run(self.on_connected)
                    .instrument(span.clone())
                    .fuse()
            ),
            let_go: &|| transport.take().into_iter().for_each(let_go),
        }
        .run()
        .await;

        let why = connection.ended().await;
        if why == Disconnect::Expired {
            connection.outbox.unmute();
            let expiring = worker.expiring().instrument(span.clone());
            let expiring = expiring.map(|()| Disconnect::Expired);
            first_to_end([pin!(expiring), writer.as_mut()]).await;
        }

        connection.outbox.close();
        inbox.close();
        let closing = async {
            if !why.is_loss() {
                let both = join(to_end(writer), to_end(reader));
                // A peer that does not finish the closing handshake is let go.
                let _ = timeout(endpoint.options.close_timeout, both).await;
            }
        };
        let disconnected = worker.disconnected(&why).instrument(span.clone());
        join(closing, disconnected).await;
        why
    }
}
