//! One connection's life, from the completed upgrade to the last clean-up.
//!
//! ```text
//!          ┌────────────── text, while nothing waits ───────────────┐
//!          │                                                        ▼
//! socket ──┴─ frame, while a handler runs ─▶ reader ─▶ inbox ─▶ worker: decode ─▶ dispatch ─▶ handler ─▶ outbox ─▶ writer ─▶ socket
//!                                                                   ▲                                      ▲
//! layer ──────── event ────────▶ mailbox ───────────────────────────┘                                      │
//! layer ──────── group message (already encoded) ──────────────────────────────────────────────────────────┘
//! ```
//!
//! The worker reads by itself while nothing else is to be done. A plain message for a
//! handler that waits for nothing it handles at once, where its text stands (`at_once`);
//! of any other a frame is made, which it handles behind an await (`frames`). Where a
//! handler waits, the reader takes over: it answers pings, notices a close and queues the
//! messages. An answer that would be the next to be written goes past outbox and writer.
//!
//! A frame that names a topic goes to the lane of that, which does for the
//! subscription's consumer what the worker does for the connection's; only to
//! admit a subscription does it ask the worker, which has the hub's consumer:
//!
//! ```text
//! reader ─inbox, by topic─▶ lane: decode ─▶ dispatch ─▶ handler ─▶ outbox
//!                            │        ▲
//!                       ask ─▼─ worker └─ mailbox of the subscription
//! ```
//!
//! [`Session::run`] is one task. Its parts have a waker each, so that the
//! socket's read side is never polled because something is to be written, and
//! a handler that waits keeps nobody from answering pings. The lanes are one
//! part. A writer that is woken alone, which is what a publisher does, is polled
//! past all the rest.

// The queue between reader and worker.
mod inbox;
// The running of consumers: the connection's, and those of its topics.
mod admission;
mod answers;
mod ask;
mod at_once;
mod busy;
mod calls;
mod common;
mod frames;
mod handlers;
mod hooks;
mod lane;
mod lanes;
mod read;
mod refused;
mod subscribed;
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
mod batch;
mod halves;
mod shared;
mod transport;
// The observations of a test.
mod observed;
mod opening;
// A refusal in place of a session.
mod refusal;

#[cfg(all(test, chanx_loom))]
mod models;

pub use halves::Halves;
pub use refusal::reject_after_upgrade;
pub use transport::{TakeText, Transport, TransportError};

use std::{
    fmt,
    future::{Future, poll_fn},
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::Poll,
    time::SystemTime,
};

use futures_util::{
    FutureExt,
    future::{join, join3},
};
use http::StatusCode;
use parking_lot::Mutex;
use tokio::{sync::Notify, time::timeout};
use tracing::{Instrument, Span, info_span};

use self::{
    common::Common,
    handlers::Handlers,
    inbox::Inbox,
    lanes::Lanes,
    observed::{Failures, OnConnected},
    parts::{Alone, Woken, first_to_end},
    phases::{FusedPart, Phases, to_end},
    pulse::Pulse,
    rate::Rate,
    reader::Reader,
    shared::Shared,
    streams::Streams,
    worker::Worker,
    writer::{Writing, flushed},
};
use crate::{
    channel::Served,
    connection::{Connection, Disconnect, WireCounter},
    endpoint::Settings,
    identity::{Topic, UserKey},
    live::Reservation,
    options::AuthenticationFrames,
    wire::{Foreign, authentication_frame},
};

/// A connection whose consumer has been built, waiting for its socket.
///
/// Dropping it before [`run`](Self::run) leaves nothing behind.
pub struct Session(Box<Prepared>);

/// All that a session begins with.
///
/// Boxed because every async function that it is moved into would keep a copy in its
/// state.
struct Prepared {
    settings: Arc<Settings>,
    connection: Arc<Connection>,
    consumer: Box<dyn Served>,
    expires_at: Option<SystemTime>,
    on_connected: OnConnected,
    failures: Failures,
    reservation: Reservation,
}

impl Session {
    /// Calls `tell` when `connected` has returned, and drops it where that fails.
    #[must_use]
    pub fn on_connected(mut self, tell: impl FnOnce() + Send + 'static) -> Self {
        self.0.on_connected = OnConnected::call(tell);
        self
    }

    /// Calls `tell` with each failure of a handler or hook, beside logging it: for tests.
    #[must_use]
    pub fn on_failure(mut self, tell: impl Fn(String) + Send + Sync + 'static) -> Self {
        self.0.failures = Failures::to(tell);
        self
    }

    /// The counter of the connection's socket, where it compresses.
    #[must_use]
    pub fn wire_counter(&self) -> WireCounter {
        WireCounter::of(self.0.connection.clone())
    }

    /// The user that the connection belongs to, as its consumer has answered.
    #[must_use]
    pub fn user(&self) -> Option<&UserKey> {
        self.0.connection.user.as_ref()
    }

    /// The topic, on a topic's own route.
    #[must_use]
    pub fn topic(&self) -> Option<&str> {
        self.0.connection.topic().map(Topic::as_str)
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
        let mut transport = Some(Box::pin(transport));
        async move { self.0.attend(&mut transport, drop).await }
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
        self.0.attend(transport, let_go)
    }
}

impl Prepared {
    async fn attend<T: Transport + Unpin>(
        self: Box<Self>,
        transport: &mut Option<T>,
        let_go: impl Fn(T) + Send + Sync,
    ) -> Disconnect {
        let span = info_span!(
            "connection",
            channel = self.connection.membership.channel,
            connection = %self.connection.id,
            path = &*Foreign::name(self.consumer.request().path()).to_text(),
            peer = self.consumer.request().peer().map(display),
            user = self.connection.user.as_ref().map(|user| display(Foreign::name(user.as_str()))),
        );
        let connection = self.connection.clone();
        // Queued before anybody can reach the connection, so that nothing comes ahead of it.
        if self.settings.options.authentication_frames == AuthenticationFrames::Always {
            let welcome = authentication_frame(StatusCode::OK, None);
            connection.outbox.push(welcome.into(), None, None);
        }
        let _entered = self.reservation.enter(connection.clone());
        let member = self.consumer.member().clone();
        let _attached = self.settings.layer.attach(member);
        let transport = Shared::new(transport);
        let writing = Writing::new(&transport, &connection);
        let alone = Alone::new();
        // Boxed so that what a delivery needs stands together: the rest is large.
        let mut served = Box::pin(self.serve(&writing, alone.woken(), &let_go, &span));
        let why = connection.unless_cut(|cx, is_new| {
            if is_new {
                alone.set_task(cx.waker());
            }
            match alone.poll(|cx| writing.poll_alone(cx)) {
                true => Poll::Pending,
                false => served.as_mut().poll(cx),
            }
        });
        let why = why.await;
        let why = why.unwrap_or(Disconnect::Shutdown);
        span.in_scope(|| connection.log_end(&why));
        why
    }

    /// The application's own code runs in `span`. What only moves frames enters
    /// none, because it would do so for every frame.
    #[expect(
        clippy::manual_async_fn,
        reason = "an async function would hold its arguments twice"
    )]
    fn serve<T: Transport + Unpin>(
        mut self: Box<Self>,
        writing: &Writing<'_, T>,
        woken: Arc<Woken>,
        let_go: &(dyn Fn(T) + Send + Sync),
        span: &Span,
    ) -> impl Future<Output = Disconnect> + Send {
        async move {
            let Settings { layer, options, .. } = &*self.settings;
            let connection = &self.connection;
            let has_topics = self.consumer.has_topics();
            let transport = writing.transport;
            let inbox = match has_topics {
                true => Inbox::new(options.inbox_bytes).with_lanes(options.max_topics),
                false => Inbox::new(options.inbox_bytes),
            };
            let pulse = Pulse::new();
            let streams = Streams::new(self.consumer.member().clone());
            let peer_left = Notify::new();
            let rate = options.rate_limit.map(Rate::new);
            let reading = Reader::new(transport, connection, &inbox, &pulse, rate);
            let reader = reading.run(has_topics);
            let mut reader = pin!(reader.inspect(|_| peer_left.notify_one()).fuse());
            let mut writer = pin!(writing.run(&peer_left).fuse());
            let rate = options.rate_limit;
            let rate = rate.map(|limit| Box::new(Mutex::new(Rate::new(limit))));
            let common = Common {
                connection,
                layer,
                options,
                inbox: &inbox,
                pulse: &pulse,
                writing,
                rate,
                failures: &self.failures,
                span,
                is_over: AtomicBool::new(false),
            };
            let mut worker = Worker {
                handlers: Handlers::new(&mut *self.consumer, &common, &streams),
                messages: &reading,
            };
            // Boxed where few channels have topics.
            let mut lanes = has_topics.then(|| Box::new(Lanes::new(&common)));
            let mut running = lanes
                .as_mut()
                .map(|lanes| Box::pin(flushed(Box::pin(lanes.run()), writing).fuse()));

            {
                let mut working = pin!(worker.run(self.on_connected).instrument(span.clone()));
                // Where a handler waits, it is the reader's turn.
                let working = poll_fn(|cx| {
                    let polled = working.as_mut().poll(cx);
                    if !connection.is_idle.load(Ordering::Relaxed) {
                        inbox.hand_over();
                    }
                    polled
                });
                Phases {
                    common: &common,
                    woken,
                    streams: &streams,
                    expires_at: self.expires_at,
                    reader: reader.as_mut(),
                    writer: writer.as_mut(),
                    handlers: pin!(flushed(working, writing).fuse()),
                    lanes: running
                        .as_mut()
                        .map(|running| running.as_mut() as FusedPart<'_>),
                    let_go: &|| transport.take().into_iter().for_each(let_go),
                }
                .run()
                .await;
            }

            let why = connection.ended().await;
            if why == Disconnect::Expired {
                connection.outbox.unmute();
                let expiring = worker.handlers.expiring().instrument(span.clone());
                let expiring = expiring.map(|()| Disconnect::Expired);
                first_to_end([pin!(expiring), writer.as_mut()]).await;
            }

            connection.outbox.close();
            inbox.close();
            drop(running);
            let closing = async {
                if !why.is_loss() {
                    let both = join(to_end(writer), to_end(reader));
                    // A peer that does not finish the closing handshake is let go.
                    let _ = timeout(options.close_timeout, both).await;
                }
            };
            let disconnected = worker.handlers.disconnected(&why).instrument(span.clone());
            let unsubscribed = async {
                if let Some(lanes) = lanes {
                    lanes.finish().await;
                }
            };
            join3(closing, disconnected, unsubscribed).await;
            why
        }
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("connection", &self.0.connection)
            .finish_non_exhaustive()
    }
}
