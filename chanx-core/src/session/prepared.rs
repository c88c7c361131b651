//! All that a session begins with, and its life from then on.

use std::{
    future::{Future, poll_fn},
    mem,
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
    future::{BoxFuture, join, join3},
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
    parts::{Alone, first_to_end},
    phases::{FusedPart, Phases, TransportParts, to_end},
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
        let span = self.span();
        // Queued before anybody can reach the connection, so that nothing comes ahead of it.
        if self.settings.options.authentication_frames == AuthenticationFrames::Always {
            let welcome = authentication_frame(StatusCode::OK, None);
            self.connection.outbox.push(welcome.into(), None, None);
        }
        let _entered = self.reservation.enter(self.connection.clone());
        let _attached = self.settings.layer.attach(self.consumer.member().clone());
        // The consumer is dropped before the connection leaves its groups.
        let mut prepared = self;
        let inbox = prepared.inbox();
        let Self {
            settings,
            connection,
            consumer,
            expires_at,
            on_connected,
            failures,
            ..
        } = &mut *prepared;
        let connection = &*connection;
        let Settings { layer, options, .. } = &**settings;
        let transport = Shared::new(transport);
        let writing = Writing::new(&transport, connection);
        let alone = Alone::new();
        let pulse = Pulse::new();
        let peer_left = Notify::new();
        let rate = options.rate_limit;
        let reading = Reader::new(&transport, connection, &inbox, &pulse, rate.map(Rate::new));
        let reader = reading.run(consumer.has_topics());
        let common = Common {
            connection,
            layer,
            options,
            inbox: &inbox,
            pulse: &pulse,
            writing: &writing,
            rate: rate.map(|limit| Box::new(Mutex::new(Rate::new(limit)))),
            failures,
            span: &span,
            is_over: AtomicBool::new(false),
        };
        let parts = TransportParts {
            messages: &reading,
            reader: pin!(reader.inspect(|_| peer_left.notify_one()).fuse()),
            writer: pin!(writing.run(&peer_left).fuse()),
            let_go: &|| transport.take().into_iter().for_each(&let_go),
            woken: alone.woken(),
            expires_at: *expires_at,
        };
        let mut served = serve(&mut **consumer, on_connected, common, parts);
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

    fn span(&self) -> Span {
        info_span!(
            "connection",
            channel = self.connection.membership.channel,
            connection = %self.connection.id,
            path = &*Foreign::name(self.consumer.request().path()).to_text(),
            peer = self.consumer.request().peer().map(display),
            user = self.connection.user.as_ref().map(|user| display(Foreign::name(user.as_str()))),
        )
    }

    fn inbox(&self) -> Inbox {
        let options = &self.settings.options;
        let inbox = Inbox::new(options.inbox_bytes);
        match self.consumer.has_topics() {
            true => inbox.with_lanes(options.max_topics),
            false => inbox,
        }
    }
}

/// Runs the consumer, and the parts that are beside it.
///
/// The application's own code runs in the connection's span. What only moves frames enters
/// none, because it would do so for every frame.
///
/// Boxed so that what a delivery needs stands together, because the rest is large, and so
/// that this is compiled here and not once more for each type of transport.
fn serve<'a>(
    consumer: &'a mut dyn Served,
    on_connected: &'a mut OnConnected,
    common: Common<'a>,
    mut parts: TransportParts<'a>,
) -> BoxFuture<'a, Disconnect> {
    Box::pin(async move {
        let streams = Streams::new(consumer.member().clone());
        // Boxed where few channels have topics.
        let has_topics = consumer.has_topics();
        let mut lanes = has_topics.then(|| Box::new(Lanes::new(&common)));
        let mut running = lanes
            .as_mut()
            .map(|lanes| Box::pin(flushed(Box::pin(lanes.run()), common.writing).fuse()));
        let mut worker = Worker {
            handlers: Handlers::new(consumer, &common, &streams),
            messages: parts.messages,
        };

        {
            let mut working = pin!(
                worker
                    .run(mem::take(on_connected))
                    .instrument(common.span.clone())
            );
            // Where a handler waits, it is the reader's turn.
            let working = poll_fn(|cx| {
                let polled = working.as_mut().poll(cx);
                if !common.connection.is_idle.load(Ordering::Relaxed) {
                    common.inbox.hand_over();
                }
                polled
            });
            Phases {
                common: &common,
                parts: &mut parts,
                streams: &streams,
                handlers: pin!(flushed(working, common.writing).fuse()),
                lanes: running
                    .as_mut()
                    .map(|running| running.as_mut() as FusedPart<'_>),
            }
            .run()
            .await;
        }

        let why = common.connection.ended().await;
        if why == Disconnect::Expired {
            common.connection.outbox.unmute();
            let expiring = worker.handlers.expiring().instrument(common.span.clone());
            let expiring = expiring.map(|()| Disconnect::Expired);
            first_to_end([pin!(expiring), parts.writer.as_mut()]).await;
        }

        common.connection.outbox.close();
        common.inbox.close();
        drop(running);
        let closing = async {
            if !why.is_loss() {
                let both = join(to_end(parts.writer), to_end(parts.reader));
                // A peer that does not finish the closing handshake is let go.
                let _ = timeout(common.options.close_timeout, both).await;
            }
        };
        let disconnected = worker
            .handlers
            .disconnected(&why)
            .instrument(common.span.clone());
        let unsubscribed = async {
            if let Some(lanes) = lanes {
                lanes.finish().await;
            }
        };
        join3(closing, disconnected, unsubscribed).await;
        why
    })
}
