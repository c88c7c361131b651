//! All that a session begins with, and its life from then on.

use std::{
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

use super::{
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
    transport::Transport,
    worker::Worker,
    writer::{Writing, flushed},
};
use crate::{
    channel::Served,
    connection::{Connection, Disconnect},
    endpoint::Settings,
    live::Reservation,
    options::AuthenticationFrames,
    wire::{Foreign, authentication_frame},
};

/// All that a session begins with.
///
/// Boxed because every async function that it is moved into would keep a copy in its
/// state.
pub(super) struct Prepared {
    pub(super) settings: Arc<Settings>,
    pub(super) connection: Arc<Connection>,
    pub(super) consumer: Box<dyn Served>,
    pub(super) expires_at: Option<SystemTime>,
    pub(super) on_connected: OnConnected,
    pub(super) failures: Failures,
    pub(super) reservation: Reservation,
}

impl Prepared {
    /// Serves the connection, see [`Session::run_lent`](super::Session::run_lent).
    pub(super) async fn attend<T: Transport + Unpin>(
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
