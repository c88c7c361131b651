//! The part of a session that runs the consumer.

use std::{
    future::{Future, poll_fn},
    ops::ControlFlow,
    panic::{AssertUnwindSafe, catch_unwind},
    task::Poll,
    time::Instant,
};

use bytes::Bytes;
use futures_util::{FutureExt, future::BoxFuture};
use serde_json::value::RawValue;
use tokio::sync::oneshot;
use tracing::{Instrument, debug, debug_span, error, trace, warn};

use super::{
    inbox::Inbox,
    rate::{Allowance, Rate},
};
use crate::{
    channel::{Answer, Channel},
    connection::{Connection, Counters, Disconnect, EventDelivery},
    consumer::{Context, Frames, HandlerError},
    endpoint::Endpoint,
    wire::{
        EVENT_COMPLETE, ErrorPayload, Foreign, Frame, Inbound, Logged, Refusal, complete_frame,
        error_frame_within,
    },
};

/// Owns the consumer while the connection lasts: handlers never overlap.
pub(super) struct Worker<'a, C> {
    pub(super) consumer: &'a mut C,
    pub(super) ctx: &'a mut Context<C>,
    /// Set when `connected` is started.
    pub(super) connected: &'a mut bool,
    pub(super) endpoint: &'a Endpoint<C>,
    pub(super) connection: &'a Connection,
    pub(super) inbox: &'a Inbox,
    pub(super) on_connected: Option<oneshot::Sender<()>>,
    pub(super) rate: Option<Rate>,
}

enum Input {
    Frame(Frame),
    Event(EventDelivery),
}

/// What a frame asked to be answered with its `ref` and `topic`.
#[derive(Debug, Default)]
struct ReplyTo {
    reference: Option<String>,
    topic: Option<String>,
}

impl From<&Inbound<'_>> for ReplyTo {
    fn from(inbound: &Inbound<'_>) -> Self {
        Self {
            reference: inbound.reference.as_deref().map(ToOwned::to_owned),
            topic: inbound.topic.as_deref().map(ToOwned::to_owned),
        }
    }
}

impl From<&Refusal> for ReplyTo {
    fn from(refusal: &Refusal) -> Self {
        Self {
            reference: refusal.reference.clone(),
            topic: refusal.topic.clone(),
        }
    }
}

/// The session goes on, or ends for a reason.
type Step = ControlFlow<Disconnect>;

impl<C: Channel> Worker<'_, C> {
    /// Runs `connected`, then a handler for each frame and event in turn.
    ///
    /// Dropped, it cancels the running handler at its current await.
    pub(super) async fn run(mut self) -> Disconnect {
        // The server may be shutting down: nothing is begun that is over already.
        if let Some(why) = self.connection.ending() {
            return why;
        }
        // Boxed like all that is rare: an idle connection has no room for it.
        let mut step = Box::pin(self.connected()).await;
        let mut events_first = false;
        while step.is_continue() {
            events_first = !events_first;
            let input = self.next(events_first).await;
            // The consumer, or somebody meanwhile, may have closed the connection: what
            // comes behind is not for it.
            if let Some(why) = self.connection.ending() {
                return why;
            }
            step = match input {
                Input::Frame(frame) => self.on_frame(&frame).await,
                Input::Event(event) => self.on_event(event).await,
            };
            tokio::task::coop::consume_budget().await;
        }
        step.break_value().expect("the loop ends with a reason")
    }

    /// The next frame or event; neither can starve the other.
    async fn next(&mut self, events_first: bool) -> Input {
        poll_fn(|cx| {
            let event = || self.connection.mailbox.poll_pop(cx).map(Input::Event);
            let frame = || self.inbox.poll_pop(cx).map(Input::Frame);
            let first = if events_first { event() } else { frame() };
            match first {
                Poll::Ready(input) => Poll::Ready(input),
                Poll::Pending if events_first => frame(),
                Poll::Pending => event(),
            }
        })
        .await
    }

    async fn connected(&mut self) -> Step {
        let joined = AssertUnwindSafe(self.join_declared_groups());
        match joined.catch_unwind().await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => return self.failed("connected", &error).await,
            Err(_) => {
                error!("the layer panicked in `join`");
                return Step::Break(Disconnect::Panicked);
            }
        }
        *self.connected = true;
        let (consumer, ctx) = (&mut *self.consumer, &mut *self.ctx);
        match caught(self.connection, async { consumer.connected(ctx).await }).await {
            Some(Ok(())) => {
                if let Some(signal) = self.on_connected.take() {
                    // Whoever wanted to know may have gone.
                    let _ = signal.send(());
                }
                Step::Continue(())
            }
            Some(Err(error)) => self.failed("connected", &error).await,
            None => self.panicked("connected", &ReplyTo::default()).await,
        }
    }

    async fn join_declared_groups(&mut self) -> Result<(), HandlerError> {
        for group in C::GROUPS {
            self.ctx.join(*group).await?;
        }
        Ok(())
    }

    /// Answers one frame of the client.
    async fn on_frame(&mut self, frame: &Frame) -> Step {
        let decoded = decode(frame);
        let reply_to = match &decoded {
            Ok(inbound) => ReplyTo::from(inbound),
            Err(refusal) => ReplyTo::from(refusal),
        };
        let step = match (self.allowance(), &decoded) {
            (Allowance::Within, Ok(inbound)) => self.on_message(inbound, &reply_to).await,
            (Allowance::Within, Err(refusal)) => {
                debug!(error = %Logged(&refusal.error), "refused a frame");
                self.refuse(refusal.error.clone(), &reply_to).await
            }
            (above, _) => Box::pin(self.refuse_above_rate(above, &reply_to)).await,
        };
        if step.is_continue() && self.connection.completion_frames {
            self.send(complete_frame(reply_to.reference.as_deref()))
                .await;
        }
        step
    }

    async fn on_message(&mut self, inbound: &Inbound<'_>, reply_to: &ReplyTo) -> Step {
        let span = debug_span!(
            "message",
            action = %Foreign::name(&inbound.action),
            r#ref = inbound.reference.as_deref().map(|it| display(Foreign::name(it))),
            topic = inbound.topic.as_deref().map(|it| display(Foreign::name(it))),
        );
        // A future in a variable has a place of its own beside where it is awaited.
        if span.is_disabled() {
            self.dispatch(inbound, reply_to).await
        } else {
            Box::pin(self.dispatch(inbound, reply_to).instrument(span)).await
        }
    }

    async fn dispatch(&mut self, inbound: &Inbound<'_>, reply_to: &ReplyTo) -> Step {
        self.log_received(inbound);
        if reply_to.topic.is_some() {
            let error = ErrorPayload::with_reason("not_subscribed", "not subscribed to this topic");
            return self.refuse(error, reply_to).await;
        }
        let Some(route) = self.endpoint.routes.for_action(&inbound.action) else {
            debug!("no handler for this action");
            return self.refuse(ErrorPayload::unknown_action(), reply_to).await;
        };
        self.ctx.set_reference(reply_to.reference.clone());
        let (consumer, ctx) = (&mut *self.consumer, &mut *self.ctx);
        let handled = caught(self.connection, async move {
            match route(consumer, &inbound.action, inbound.payload, ctx) {
                Ok(running) => Ok(running.await),
                Err(invalid) => Err(invalid),
            }
        })
        .await;
        self.ctx.set_reference(None);
        match handled {
            Some(Ok(answer)) => self.answer(answer, &inbound.action, reply_to).await,
            Some(Err(invalid)) => {
                let error = invalid.into_error(&inbound.action);
                debug!(error = %Logged(&error), "refused a payload");
                self.refuse(error, reply_to).await
            }
            None => self.panicked(&inbound.action, reply_to).await,
        }
    }

    fn allowance(&mut self) -> Allowance {
        self.rate.as_mut().map_or(Allowance::Within, Rate::check)
    }

    /// Refuses the message of a client that sends too many.
    async fn refuse_above_rate(&mut self, above: Allowance, reply_to: &ReplyTo) -> Step {
        let error = ErrorPayload::with_reason("rate_limited", "too many messages");
        let refused = self.refuse(error, reply_to).await;
        if above == Allowance::StillAbove {
            return Step::Break(Disconnect::RateLimited);
        }
        refused
    }

    fn log_received(&self, inbound: &Inbound<'_>) {
        let unlogged = &self.endpoint.options.unlogged_actions;
        if !unlogged.contains(&inbound.action) {
            debug!("received");
            trace!(
                payload = inbound.payload.raw().map(RawValue::get),
                "payload"
            );
        }
    }

    async fn answer(&mut self, answer: Answer, action: &str, reply_to: &ReplyTo) -> Step {
        match answer.0 {
            Ok(Frames::None) => {}
            Ok(Frames::One(frame)) => self.send(frame).await,
            Ok(Frames::Many(frames)) => {
                for frame in frames {
                    self.send(frame).await;
                }
            }
            Err(error) => {
                warn!(action, error = %Foreign::prose(&error.to_string()), "handler failed");
                return self.refuse(client_error(&error, action), reply_to).await;
            }
        }
        Step::Continue(())
    }

    /// Hands one event to its handler; the client sees nothing of a failure.
    async fn on_event(&mut self, event: EventDelivery) -> Step {
        let action = event.action();
        let Some(route) = self.endpoint.routes.for_event(&event) else {
            warn!(action, "event of another consumer");
            return Step::Continue(());
        };
        let (consumer, ctx) = (&mut *self.consumer, &mut *self.ctx);
        let handled = caught(self.connection, async move {
            match route(consumer, event, ctx) {
                Some(running) => running.await,
                None => Answer(Ok(Frames::None)),
            }
        })
        .instrument(debug_span!("event", action))
        .await;
        let step = match handled {
            Some(Answer(Err(error))) => {
                error!(action, error = %Foreign::prose(&error.to_string()), "event handler failed");
                Step::Continue(())
            }
            Some(answer) => self.answer(answer, action, &ReplyTo::default()).await,
            None => self.panicked(action, &ReplyTo::default()).await,
        };
        if step.is_continue() && self.connection.completion_frames {
            self.send(EVENT_COMPLETE.clone()).await;
        }
        step
    }

    /// Answers with an error; ends the session when the consumer panics over it.
    fn refuse<'a>(&'a mut self, error: ErrorPayload, reply_to: &'a ReplyTo) -> BoxFuture<'a, Step> {
        Box::pin(self.send_error(error, reply_to))
    }

    async fn send_error(&mut self, error: ErrorPayload, reply_to: &ReplyTo) -> Step {
        let rendered = AssertUnwindSafe(|| self.consumer.render_error(error));
        let Ok(error) = catch_unwind(rendered) else {
            error!("`render_error` panicked");
            return Step::Break(Disconnect::Panicked);
        };
        let frame = error_frame_within(
            self.endpoint.options.max_message_size,
            error,
            reply_to.reference.as_deref(),
            reply_to.topic.as_deref(),
        );
        self.send(frame).await;
        Step::Continue(())
    }

    async fn panicked(&mut self, action: &str, reply_to: &ReplyTo) -> Step {
        error!(action, "handler panicked");
        let error = ErrorPayload::detail(neutral_detail(action));
        let _ = self.refuse(error, reply_to).await;
        Step::Break(Disconnect::Panicked)
    }

    async fn failed(&mut self, hook: &str, error: &HandlerError) -> Step {
        warn!(hook, error = %Foreign::prose(&error.to_string()), "hook failed");
        let _ = self
            .refuse(client_error(error, hook), &ReplyTo::default())
            .await;
        Step::Break(Disconnect::Failed)
    }

    /// What cannot be sent any more is for a connection that is ending.
    async fn send(&mut self, frame: Bytes) {
        let _ = self.connection.outbox.send(frame).await;
    }
}

/// Runs a handler and counts its time; `None` when it panicked.
async fn caught<T>(connection: &Connection, handler: impl Future<Output = T>) -> Option<T> {
    let began = Instant::now();
    let output = AssertUnwindSafe(handler).catch_unwind().await.ok();
    let nanos = u64::try_from(began.elapsed().as_nanos()).unwrap_or(u64::MAX);
    Counters::add_own(&connection.counters.handler_nanos, nanos);
    output
}

fn decode(frame: &Frame) -> Result<Inbound<'_>, Refusal> {
    match frame {
        Frame::Text(text) => Inbound::decode(text),
        _ => Err(Refusal {
            error: ErrorPayload::binary_frame(),
            reference: None,
            topic: None,
        }),
    }
}

fn client_error(error: &HandlerError, action: &str) -> ErrorPayload {
    let detail = error
        .detail()
        .map_or_else(|| neutral_detail(action), ToOwned::to_owned);
    match error.reason() {
        Some(reason) => ErrorPayload::with_reason(reason.to_owned(), detail),
        None => ErrorPayload::detail(detail),
    }
}

fn neutral_detail(action: &str) -> String {
    format!("Failed to process message for {action}")
}
