//! The two phases in which a session runs handlers: while its connection is open,
//! and while what was read before its end is finished.

use std::{
    future::{Future, pending, poll_fn},
    pin::{Pin, pin},
    sync::Arc,
    time::SystemTime,
};

use futures_util::{FutureExt, future::FusedFuture};
use tokio::{task::coop::unconstrained, time::sleep};
use tracing::Instrument;

use super::{
    common::Common,
    inbox::Inbox,
    parts::{Part, Woken, first_to_end},
    pulse::{self, Pulse},
    reader::ReadMessages,
    streams::Streams,
};
use crate::{
    connection::{Aftermath, Disconnect, Outbox, Stage},
    options::ChannelOptions,
    time_limit::capped,
};

/// A part that may have ended already.
pub(super) type FusedPart<'a> = Pin<&'a mut (dyn FusedFuture<Output = Disconnect> + Send)>;

/// The parts that depend on the type of the transport, behind one that does not.
pub(super) struct TransportParts<'a> {
    pub(super) messages: &'a dyn ReadMessages,
    pub(super) reader: FusedPart<'a>,
    pub(super) writer: FusedPart<'a>,
    /// Lets go of the transport.
    pub(super) let_go: &'a (dyn Fn() + Send + Sync),
    /// Those that have been woken of the parts that run while the connection is open.
    pub(super) woken: Arc<Woken>,
    pub(super) expires_at: Option<SystemTime>,
}

/// The part that runs a session's handlers, and those that run beside it.
pub(super) struct Phases<'r, 'a> {
    pub(super) common: &'r Common<'r>,
    pub(super) parts: &'r mut TransportParts<'a>,
    pub(super) streams: &'r Streams,
    pub(super) handlers: FusedPart<'r>,
    /// The topics, where the channel has any.
    pub(super) lanes: Option<FusedPart<'r>>,
}

impl Phases<'_, '_> {
    /// Runs the handlers until nothing is left for them.
    pub(super) async fn run(&mut self) {
        // A server that is shutting down has ended the connection before it began.
        let Common {
            connection,
            options,
            inbox,
            ..
        } = self.common;
        let begins = connection.stage() == Stage::Open;
        if begins {
            self.while_open().await;
        }
        if begins && connection.stage() == Stage::Finishing {
            inbox.seal();
        } else {
            inbox.close();
        }
        if connection.ending().is_some_and(|why| why.is_loss()) {
            (self.parts.let_go)();
        }
        if options.finish_timeout.is_zero() {
            return;
        }
        // Nearly always nothing is left for them, which they tell at once.
        if let Some(why) = to_end(self.handlers.as_mut()).now_or_never().flatten() {
            connection.end(why);
        }
        if !self.handlers.is_terminated() || self.lanes.is_some() {
            // Boxed because it runs once: inline it would enlarge every idle connection.
            Box::pin(self.finish()).await;
        }
    }

    /// Reads, handles and writes, until one of these or something outside ends the connection.
    ///
    /// The streams of replies end with it.
    async fn while_open(&mut self) {
        let Common {
            connection,
            options,
            inbox,
            pulse,
            span,
            ..
        } = self.common;
        let watch = watch(
            &connection.outbox,
            inbox,
            pulse,
            options,
            self.parts.expires_at,
        );
        // Handlers that never pause leave nothing of the task's budget to its clocks.
        let watch = unconstrained(watch);
        let streams = self.streams.run().instrument((*span).clone());
        let (mut watch, mut streams) = (pin!(watch), pin!(streams));
        // One part, because neither has much to do. The streams end with it alone.
        let beside = pin!(poll_fn(|cx| {
            let _ = streams.as_mut().poll(cx);
            watch.as_mut().poll(cx)
        }));
        let TransportParts {
            reader,
            writer,
            woken,
            ..
        } = &mut *self.parts;
        let (reader, writer) = (reader.as_mut(), writer.as_mut());
        let handlers = self.handlers.as_mut();
        let why = match &mut self.lanes {
            None => {
                let parts: [Part<'_>; 4] = [reader, handlers, beside, writer];
                connection
                    .unless_ended(pin!(woken.first_to_end(parts)))
                    .await
            }
            Some(lanes) => {
                let parts: [Part<'_>; 5] = [reader, handlers, lanes.as_mut(), beside, writer];
                // Boxed because few channels have topics: inline it would enlarge every
                // idle connection.
                let parts = Box::pin(woken.first_to_end(parts));
                connection.unless_ended(parts).await
            }
        };
        connection.end(why);
    }

    /// Handles what was read, for as long as the options allow.
    ///
    /// Meanwhile the reader brings what it has in hand and is stopped, and the
    /// writer sends answers, or the close frame at once and lets the transport go.
    async fn finish(&mut self) {
        let TransportParts {
            reader,
            writer,
            let_go,
            expires_at,
            ..
        } = &mut *self.parts;
        let Common {
            connection,
            options,
            inbox,
            ..
        } = self.common;
        let reader = async {
            let left = to_end(reader.as_mut()).await;
            if left.is_some_and(|why| why.aftermath() == Aftermath::HandledUnheard) {
                // Nobody is left to hear the answers.
                connection.outbox.abandon();
            }
            pending().await
        };
        let writer = async {
            to_end(writer.as_mut()).await;
            let_go();
            pending().await
        };
        let watch = unconstrained(async {
            tokio::select! {
                () = connection.dropping() => {}
                () = expiry(*expires_at) => connection.end(Disconnect::Expired),
            }
            inbox.close();
            pending().await
        });
        let out_of_time = unconstrained(async {
            sleep(capped(options.finish_timeout)).await;
            connection.ended().await
        });
        let handlers = async {
            if let Some(why) = to_end(self.handlers.as_mut()).await {
                connection.end(why);
            }
            // One that panicked has left the topics' handlers at their work.
            while poll_fn(|cx| inbox.poll_pop(cx)).await.is_some() {}
            connection.ended().await
        };
        let lanes = async {
            match &mut self.lanes {
                Some(lanes) => lanes.as_mut().await,
                None => pending().await,
            }
        };
        // The reader comes behind the handlers: of what a client sends without end, all is
        // forgotten by now, which would leave them nothing of the task's budget.
        let parts: [Part<'_>; 6] = [
            pin!(handlers),
            pin!(reader),
            pin!(lanes),
            pin!(writer),
            pin!(watch),
            pin!(out_of_time),
        ];
        connection.end(first_to_end(parts).await);
    }
}

/// Waits for a part and returns why it ended; `None` where it had ended before.
pub(super) async fn to_end(part: FusedPart<'_>) -> Option<Disconnect> {
    if part.is_terminated() {
        return None;
    }
    Some(part.await)
}

/// Waits until a clock ends an open connection.
#[expect(
    clippy::manual_async_fn,
    reason = "an async function would hold its arguments twice"
)]
fn watch<'a>(
    outbox: &'a Outbox,
    inbox: &'a Inbox,
    pulse: &'a Pulse,
    options: &'a ChannelOptions,
    expires_at: Option<SystemTime>,
) -> impl Future<Output = Disconnect> + use<'a> {
    async move {
        if options.idle_timeout.is_none() && expires_at.is_none() {
            return pulse::ping(pulse, inbox, outbox, options).await;
        }
        // Boxed because timers are large and few connections have these.
        Box::pin(async {
            let idle = async {
                match options.idle_timeout {
                    Some(timeout) => pulse::idle(pulse, inbox, timeout).await,
                    None => pending().await,
                }
            };
            tokio::select! {
                why = pulse::ping(pulse, inbox, outbox, options) => why,
                why = idle => why,
                () = expiry(expires_at) => Disconnect::Expired,
            }
        })
        .await
    }
}

/// Waits until the client's credentials expire.
async fn expiry(at: Option<SystemTime>) {
    let Some(at) = at else {
        return pending().await;
    };
    let remaining = at.duration_since(SystemTime::now()).unwrap_or_default();
    sleep(remaining).await;
}
