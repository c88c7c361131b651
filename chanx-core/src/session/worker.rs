//! The part of a session that runs the consumer.

use std::{
    borrow::Cow,
    future::{Future, poll_fn},
    ops::ControlFlow,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::atomic::Ordering,
    task::Poll,
    time::Duration,
};

use bytes::Bytes;
use futures_util::{FutureExt, future::BoxFuture};
use tokio::time::timeout;
use tracing::{Instrument, debug, debug_span, error, trace, warn};

use super::{
    inbox::Inbox,
    observed::{Failures, OnConnected},
    pulse::Pulse,
    rate::{Allowance, Rate},
    streams::{FailedStream, Streams},
};
use crate::{
    channel::{Answer, Channel},
    connection::{AnyEvent, Connection, Counters, Disconnect, Stage},
    consumer::{Context, Frames, HandlerError},
    endpoint::Endpoint,
    identity::GroupName,
    wire::{
        COMPLETE, Correlation, EVENT_COMPLETE, ErrorPayload, Foreign, Frame, Inbound, Logged,
        Payload, complete_frame, error_frame_within,
    },
};

/// Runs the consumer of one connection: its hooks and its handlers, one at a time.
pub(super) struct Worker<'a, C> {
    pub(super) consumer: &'a mut C,
    pub(super) ctx: &'a mut Context<C>,
    pub(super) endpoint: &'a Endpoint<C>,
    pub(super) connection: &'a Connection,
    pub(super) inbox: &'a Inbox,
    pub(super) pulse: &'a Pulse,
    /// When the last handler was done.
    pub(super) busy_until: u64,
    pub(super) streams: &'a Streams,
    /// True if the answer to what is being handled is a stream, which is completed
    /// later.
    pub(super) is_streaming: bool,
    pub(super) rate: Option<Rate>,
    /// True once `connected` was started, which `disconnected` then answers.
    pub(super) has_begun: bool,
    pub(super) failures: Failures,
}

enum Input {
    Frame(Frame),
    Event(AnyEvent),
    FailedStream(FailedStream),
}

/// The session goes on, or ends for a reason.
pub(super) type Step = ControlFlow<Disconnect>;

impl<C: Channel> Worker<'_, C> {
    /// Runs `connected`, then a handler for each frame and event in turn, until
    /// nothing is left to handle of a connection that has begun to end.
    ///
    /// Dropped, it cancels the running handler at its current await.
    ///
    /// Tells `on_connected` when `connected` has returned, and drops it wherever
    /// that does not come to pass.
    pub(super) async fn run(&mut self, on_connected: OnConnected) -> Disconnect {
        if let Some(why) = self.connection.ending()
            && self.inbox.is_empty()
        {
            // The client has left without a word, or the server was shutting down before.
            return why;
        }
        // Boxed because it runs once: inline it would enlarge every idle connection.
        let mut step = Box::pin(self.connected(on_connected)).await;
        let mut events_first = false;
        while step.is_continue() {
            events_first = !events_first;
            let Some(input) = self.next(events_first).await else {
                break;
            };
            step = match (self.connection.stage(), input) {
                (Stage::Open | Stage::Finishing, Input::Frame(frame)) => {
                    self.on_frame(&frame).await
                }
                (Stage::Open, Input::Event(event)) => self.on_event(event).await,
                (Stage::Finishing | Stage::Dropping, Input::Event(_)) => {
                    self.connection.drop_events(1);
                    Step::Continue(())
                }
                (Stage::Dropping, Input::Frame(_)) => break,
                (_, Input::FailedStream(failed)) => Box::pin(self.on_failed_stream(failed)).await,
            };
            tokio::task::coop::consume_budget().await;
        }
        match step {
            Step::Break(why) => why,
            Step::Continue(()) => self.connection.ended().await,
        }
    }

    /// The next frame or event, of which neither can starve the other; `None`
    /// once the inbox has closed and is empty. A stream that has failed comes
    /// first, as there are few of them.
    async fn next(&mut self, events_first: bool) -> Option<Input> {
        let connection = self.connection;
        poll_fn(|cx| {
            if let Poll::Ready(failed) = self.streams.poll_failed(cx) {
                return Poll::Ready(Some(Input::FailedStream(failed)));
            }
            let event = || {
                let event = connection.mailbox.poll_pop(cx);
                event.map(|event| Some(Input::Event(event)))
            };
            let frame = || self.inbox.poll_pop(cx).map(|frame| frame.map(Input::Frame));
            let first = if events_first { event() } else { frame() };
            let input = match first {
                Poll::Ready(input) => Poll::Ready(input),
                Poll::Pending if events_first => frame(),
                Poll::Pending => event(),
            };
            connection
                .is_idle
                .store(input.is_pending(), Ordering::Relaxed);
            input
        })
        .await
    }

    async fn connected(&mut self, on_connected: OnConnected) -> Step {
        if let Err(error) = self.join_declared_groups().await {
            return self.failed("connected", &error).await;
        }
        self.has_begun = true;
        let (consumer, ctx) = (&mut *self.consumer, &mut *self.ctx);
        let began = self.pulse.now();
        let connected = caught(async { consumer.connected(ctx).await }).await;
        self.count_time(began);
        match connected {
            Some(Ok(())) => {
                on_connected.tell();
                Step::Continue(())
            }
            Some(Err(error)) => self.failed("connected", &error).await,
            None => self.panicked("connected").await,
        }
    }

    async fn join_declared_groups(&mut self) -> Result<(), HandlerError> {
        let groups: Vec<_> = C::GROUPS
            .iter()
            .map(|group| GroupName::from(*group))
            .collect();
        self.ctx.join_all(&groups).await?;
        Ok(())
    }

    /// Answers one frame of the client.
    async fn on_frame(&mut self, frame: &Frame) -> Step {
        let (decoded, correlation) = decode(frame);
        let step = if self.is_about_a_stream(&decoded, &correlation) {
            let action = decoded.ok().map(|message| message.action);
            Box::pin(self.on_frame_about_a_stream(action, correlation)).await
        } else {
            self.ctx.set_correlation(correlation);
            let step = match (self.allowance(), decoded) {
                (Allowance::Within, Ok(message)) => self.on_message(message).await,
                (Allowance::Within, Err(error)) => {
                    debug!(error = %Logged(&error), "refused a frame");
                    self.answer_error(error).await
                }
                (above, _) => Box::pin(self.answer_above_rate(above)).await,
            };
            if step.is_continue() && !std::mem::take(&mut self.is_streaming) {
                self.complete().await;
            }
            step
        };
        self.ctx.set_correlation(Correlation::default());
        Counters::add_own(&self.connection.counters.frames_handled, 1);
        step
    }

    /// True if the frame stops a stream, or has the `ref` of one under way.
    fn is_about_a_stream(
        &self,
        decoded: &Result<Message<'_>, ErrorPayload>,
        correlation: &Correlation<'_>,
    ) -> bool {
        let Some(reference) = correlation.reference.as_deref() else {
            return false;
        };
        let is_stop = decoded
            .as_ref()
            .is_ok_and(|message| message.action == COMPLETE);
        is_stop || self.streams.has(reference)
    }

    /// Tells that a message has been dealt with, where that is told of each.
    pub(super) async fn complete(&mut self) {
        if self.connection.completion_frames {
            let frame = complete_frame(self.ctx.correlation());
            self.send(frame).await;
        }
    }

    async fn on_message(&mut self, message: Message<'_>) -> Step {
        let correlation = self.ctx.correlation();
        let span = debug_span!(
            "message",
            action = %Foreign::name(&message.action),
            r#ref = correlation.reference.as_deref().map(|it| display(Foreign::name(it))),
            topic = correlation.topic.as_deref().map(|it| display(Foreign::name(it))),
        );
        // Awaited where it is made, because a variable would keep room for the future twice.
        if span.is_disabled() {
            self.dispatch(&message).await
        } else {
            Box::pin(self.dispatch(&message).instrument(span)).await
        }
    }

    async fn dispatch(&mut self, message: &Message<'_>) -> Step {
        self.log_received(message);
        if self.ctx.correlation().topic.is_some() {
            let error = ErrorPayload::with_reason("not_subscribed", "not subscribed to this topic");
            return self.answer_error(error).await;
        }
        let Some(route) = self.endpoint.routes.for_action(&message.action) else {
            debug!("no handler for this action");
            return self.answer_error(ErrorPayload::unknown_action()).await;
        };
        // It could begin as soon as it was read, or once the handler before it was
        // done.
        let began = self.pulse.last_read().max(self.busy_until);
        let (consumer, ctx) = (&mut *self.consumer, &mut *self.ctx);
        let handled = caught(async move {
            match route(consumer, &message.action, message.payload, ctx) {
                Ok(running) => Ok(running.await),
                Err(invalid) => Err(invalid),
            }
        })
        .await;
        self.count_time(began);
        match handled {
            Some(Ok(answer)) => self.answer(answer, &message.action).await,
            Some(Err(invalid)) => {
                let reason = invalid.reason().map(|it| Foreign::prose(it).to_string());
                let error = invalid.into_error(&message.action);
                debug!(error = %Logged(&error), reason = reason.map(display), "refused a payload");
                self.answer_error(error).await
            }
            None => self.panicked(&message.action).await,
        }
    }

    pub(super) fn allowance(&mut self) -> Allowance {
        self.rate.as_mut().map_or(Allowance::Within, Rate::check)
    }

    /// Answers the message of a client that sends too many, without handling it.
    async fn answer_above_rate(&mut self, above: Allowance) -> Step {
        let error = ErrorPayload::with_reason("rate_limited", "too many messages");
        let answered = self.answer_error(error).await;
        if above == Allowance::StillAbove {
            return Step::Break(Disconnect::RateLimited);
        }
        answered
    }

    /// Counts the time of a handler that is done.
    fn count_time(&mut self, began: u64) {
        self.busy_until = self.pulse.now();
        let nanos = self.busy_until.saturating_sub(began);
        Counters::add_own(&self.connection.counters.handler_nanos, nanos);
    }

    fn log_received(&self, message: &Message<'_>) {
        let unlogged = &self.endpoint.options.unlogged_actions;
        if !unlogged.contains(&message.action) {
            debug!("received");
            trace!(payload = message.payload.json(), "payload");
        }
    }

    async fn answer(&mut self, answer: Answer, action: &str) -> Step {
        match answer.0 {
            Ok(Frames::None) => {}
            Ok(Frames::One(frame)) => self.send(frame).await,
            Ok(Frames::Many(frames)) => {
                for frame in frames {
                    self.send(frame).await;
                }
            }
            Ok(Frames::Stream(frames)) => {
                return Box::pin(self.begin_stream(frames, action)).await;
            }
            Err(error) => {
                if error.is_mistake() {
                    debug!(action, error = %Foreign::prose(&error.chain()), "handler refused");
                } else {
                    warn!(action, error = %Foreign::prose(&error.chain()), "handler failed");
                    self.failures
                        .tell(|| format!("handler of `{action}` failed: {}", error.chain()));
                }
                return self.answer_error(client_error(&error, action)).await;
            }
        }
        Step::Continue(())
    }

    /// Hands one event to its handler; the client sees nothing of a failure.
    async fn on_event(&mut self, event: AnyEvent) -> Step {
        let name = event.name();
        let action = name.as_str();
        let Some(route) = self.endpoint.routes.for_event(&event) else {
            warn!(action, "event of another consumer");
            return Step::Continue(());
        };
        let began = self.pulse.now();
        let (consumer, ctx) = (&mut *self.consumer, &mut *self.ctx);
        let handled = caught(async move {
            match route(consumer, event, ctx) {
                Some(running) => running.await,
                None => Answer(Ok(Frames::None)),
            }
        })
        .instrument(debug_span!("event", action))
        .await;
        self.count_time(began);
        let step = match handled {
            Some(Answer(Err(error))) => {
                error!(action, error = %Foreign::prose(&error.chain()), "event handler failed");
                self.failures
                    .tell(|| format!("handler of event `{action}` failed: {}", error.chain()));
                Step::Continue(())
            }
            Some(Answer(Ok(Frames::Stream(frames)))) => {
                self.begin_stream_of_event(frames, action);
                Step::Continue(())
            }
            Some(answer) => self.answer(answer, action).await,
            None => self.panicked(action).await,
        };
        let is_streaming = std::mem::take(&mut self.is_streaming);
        if step.is_continue() && !is_streaming && self.connection.completion_frames {
            self.send(EVENT_COMPLETE.clone()).await;
        }
        step
    }

    /// Answers with an error; ends the session when `render_error` panics.
    ///
    /// Boxed because it is rare: inline it would enlarge every idle connection.
    pub(super) fn answer_error(&mut self, error: ErrorPayload) -> BoxFuture<'_, Step> {
        Box::pin(self.send_error(error))
    }

    async fn send_error(&mut self, error: ErrorPayload) -> Step {
        let rendered = AssertUnwindSafe(|| self.consumer.render_error(error));
        let Ok(error) = catch_unwind(rendered) else {
            error!("`render_error` panicked");
            self.failures.tell(|| "`render_error` panicked".to_owned());
            return Step::Break(Disconnect::Panicked);
        };
        let limit = self.endpoint.options.max_message_size;
        let frame = error_frame_within(limit, error, self.ctx.correlation());
        self.send(frame).await;
        Step::Continue(())
    }

    async fn panicked(&mut self, action: &str) -> Step {
        error!(action, "handler panicked");
        self.failures.tell(|| format!("`{action}` panicked"));
        let error = ErrorPayload::detail(neutral_detail(action));
        // The connection ends with 1011 either way.
        let _ = self.answer_error(error).await;
        Step::Break(Disconnect::Panicked)
    }

    async fn failed(&mut self, hook: &str, error: &HandlerError) -> Step {
        if error.is_mistake() {
            debug!(hook, error = %Foreign::prose(&error.chain()), "hook refused");
        } else {
            warn!(hook, error = %Foreign::prose(&error.chain()), "hook failed");
            self.failures
                .tell(|| format!("`{hook}` failed: {}", error.chain()));
        }
        // The connection ends with 1011 either way.
        let _ = self.answer_error(client_error(error, hook)).await;
        Step::Break(Disconnect::ConnectedFailed)
    }

    /// Sends a frame, unless the connection is ending: nobody is there to read it then.
    ///
    /// By `&mut self`, because a shared borrow across an await would require `C: Sync`.
    pub(super) fn send(&mut self, frame: Bytes) -> impl Future<Output = ()> + Send + use<'_, C> {
        self.connection.outbox.send(frame).map(drop)
    }
}

/// The hooks at the end of a connection: whatever becomes of one, the clean-up goes on.
impl<C: Channel> Worker<'_, C> {
    /// Runs `expiring`, where `connected` was started.
    pub(super) async fn expiring(&mut self) {
        if self.has_begun {
            self.ctx.set_correlation(Correlation::default());
            let (consumer, ctx) = (&mut *self.consumer, &mut *self.ctx);
            let hook = async { consumer.expiring(ctx).await };
            let limit = self.endpoint.options.disconnect_timeout;
            to_end("expiring", limit, &self.failures, hook).await;
        }
    }

    /// Runs `disconnected`, where `connected` was started.
    pub(super) async fn disconnected(&mut self, why: &Disconnect) {
        if self.has_begun {
            self.ctx.set_correlation(Correlation::default());
            let (consumer, ctx, why) = (&mut *self.consumer, &mut *self.ctx, why.clone());
            let hook = async { consumer.disconnected(ctx, why).await };
            let limit = self.endpoint.options.disconnect_timeout;
            to_end("disconnected", limit, &self.failures, hook).await;
        }
    }
}

/// Runs a hook, and logs what goes wrong with it.
async fn to_end(
    name: &'static str,
    limit: Duration,
    failures: &Failures,
    hook: impl Future<Output = Result<(), HandlerError>>,
) {
    match timeout(limit, AssertUnwindSafe(hook).catch_unwind()).await {
        Ok(Ok(Ok(()))) => {}
        Ok(Ok(Err(error))) => {
            error!(hook = name, error = %Foreign::prose(&error.chain()), "hook failed");
            failures.tell(|| format!("`{name}` failed: {}", error.chain()));
        }
        Ok(Err(_)) => {
            error!(hook = name, "hook panicked");
            failures.tell(|| format!("`{name}` panicked"));
        }
        Err(_) => {
            warn!(hook = name, "hook took too long and was cancelled");
            failures.tell(|| format!("`{name}` took too long and was cancelled"));
        }
    }
}

/// Runs a handler; `None` when it panicked.
fn caught<T>(handler: impl Future<Output = T>) -> impl Future<Output = Option<T>> {
    AssertUnwindSafe(handler).catch_unwind().map(Result::ok)
}

/// A client's message, apart from what its answers carry.
struct Message<'a> {
    action: Cow<'a, str>,
    payload: Payload<'a>,
}

/// Reads a frame: the message or the error to answer with, and what the answers carry.
fn decode(frame: &Frame) -> (Result<Message<'_>, ErrorPayload>, Correlation<'static>) {
    let Some(text) = frame.text() else {
        return (Err(ErrorPayload::binary_frame()), Correlation::default());
    };
    match Inbound::decode(text) {
        Ok(inbound) => {
            let Inbound {
                action,
                payload,
                correlation,
            } = inbound;
            (Ok(Message { action, payload }), correlation.into_owned())
        }
        Err(frame_error) => (Err(frame_error.error), frame_error.correlation),
    }
}

pub(super) fn client_error(error: &HandlerError, action: &str) -> ErrorPayload {
    let detail = error
        .detail()
        .map_or_else(|| neutral_detail(action), ToOwned::to_owned);
    match error.reason() {
        Some(reason) => ErrorPayload::with_reason(reason.to_owned(), detail),
        None => ErrorPayload::detail(detail),
    }
}

pub(super) fn neutral_detail(action: &str) -> String {
    format!("Failed to process message for {action}")
}
