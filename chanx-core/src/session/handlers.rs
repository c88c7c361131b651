//! The running of a consumer's handlers and hooks, of a connection or of a
//! subscription.

use std::{
    borrow::Cow,
    future::Future,
    ops::ControlFlow,
    panic::{AssertUnwindSafe, catch_unwind},
    time::Duration,
};

use bytes::Bytes;
use futures_util::{FutureExt, future::BoxFuture};
use tokio::time::timeout;
use tracing::{Instrument, debug, debug_span, error, trace, warn};

use super::{common::Common, observed::Failures, rate::Allowance, streams::Streams};
use crate::{
    channel::{Answer, Served},
    connection::{AnyEvent, Counters, Disconnect, Member},
    consumer::{Frames, HandlerError},
    identity::{GroupName, Topic},
    wire::{
        Correlation, ErrorPayload, Foreign, Frame, Inbound, Logged, Payload, error_frame_within,
        subscribed_frame,
    },
};

/// Runs one consumer: its hooks and its handlers, one at a time.
pub(super) struct Handlers<'a> {
    pub(super) served: &'a mut dyn Served,
    pub(super) common: &'a Common<'a>,
    pub(super) member: Member,
    /// True once `connected` was started, which `disconnected` then answers.
    pub(super) has_begun: bool,
    /// When the last handler was done.
    busy_until: u64,
    /// The replies that come piece by piece.
    pub(super) streams: &'a Streams,
    /// True if the answer to what is being handled is a stream, which is completed
    /// later.
    pub(super) is_streaming: bool,
}

/// The connection or subscription goes on, or ends for a reason.
pub(super) type Step = ControlFlow<Disconnect>;

/// A client's message, apart from what its answers carry.
pub(super) struct Message<'a> {
    pub(super) action: Cow<'a, str>,
    payload: Payload<'a>,
}

impl<'a> Handlers<'a> {
    pub(super) fn new(
        served: &'a mut dyn Served,
        common: &'a Common<'a>,
        streams: &'a Streams,
    ) -> Self {
        Self {
            member: served.member().clone(),
            served,
            common,
            has_begun: false,
            busy_until: 0,
            streams,
            is_streaming: false,
        }
    }

    /// True if the client is told of all that has been dealt with; on topics it is not.
    pub(super) fn sends_completions(&self) -> bool {
        self.member.sends_completions()
    }

    /// Joins the groups of its channel, and that of its topic.
    pub(super) async fn join(&mut self) -> Result<(), HandlerError> {
        let declared = self.served.declared_groups().iter();
        let declared = declared.map(|group| GroupName::from(*group));
        let topic = self.member.topic().map(Topic::to_group);
        let groups: Vec<_> = topic.into_iter().chain(declared).collect();
        let layer = self.common.layer;
        layer.join_everywhere(&self.member, &groups).await?;
        Ok(())
    }

    /// Runs `connected`.
    pub(super) async fn connected(&mut self) -> Step {
        self.has_begun = true;
        self.answer_nobody();
        let served = &mut *self.served;
        let began = self.common.pulse.now();
        let connected = caught(async { served.connected().await }).await;
        self.count_time(began);
        match connected {
            Some(Ok(())) => Step::Continue(()),
            Some(Err(error)) => self.failed("connected", &error).await,
            None => self.panicked("connected").await,
        }
    }

    /// From now on, what is sent answers nothing.
    pub(super) fn answer_nobody(&mut self) {
        let mut nobody = Correlation::default();
        if let Some(topic) = self.member.topic() {
            nobody = nobody.with_topic(topic.to_string());
        }
        self.served.set_correlation(nobody);
    }

    /// Answers one frame of the client with its handler, or refuses it.
    pub(super) async fn on_frame(
        &mut self,
        read: Result<Message<'_>, ErrorPayload>,
        allowance: Allowance,
    ) -> Step {
        match (allowance, read) {
            (Allowance::Within, Ok(message)) => self.on_message(message).await,
            (Allowance::Within, Err(error)) => {
                debug!(error = %Logged(&error), "refused a frame");
                self.answer_error(error).await
            }
            (above, _) => Box::pin(self.answer_above_rate(above)).await,
        }
    }

    async fn on_message(&mut self, message: Message<'_>) -> Step {
        let correlation = self.served.correlation();
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
        if self.member.topic().map(Topic::as_str) != self.served.correlation().topic.as_deref() {
            return self.answer_error(not_subscribed()).await;
        }
        if self.member.topic().is_some() && message.action == "subscribe" {
            let frame = subscribed_frame(self.served.correlation());
            self.send(frame).await;
            return Step::Continue(());
        }
        // It could begin as soon as it was read, or once the handler before it was
        // done.
        let began = self.common.pulse.last_read().max(self.busy_until);
        let served = &mut *self.served;
        let handled = caught(async move {
            match served.handle(&message.action, message.payload)? {
                Ok(running) => Some(Ok(running.await)),
                Err(invalid) => Some(Err(invalid)),
            }
        })
        .await;
        self.count_time(began);
        match handled {
            Some(Some(Ok(answer))) => self.answer(answer, &message.action).await,
            Some(None) => {
                debug!("no handler for this action");
                self.answer_error(ErrorPayload::unknown_action()).await
            }
            Some(Some(Err(invalid))) => {
                let reason = invalid.reason().map(|it| Foreign::prose(it).to_string());
                let error = invalid.into_error(&message.action);
                debug!(error = %Logged(&error), reason = reason.map(display), "refused a payload");
                self.answer_error(error).await
            }
            None => self.panicked(&message.action).await,
        }
    }

    /// Answers the message of a client that sends too many, without handling it.
    async fn answer_above_rate(&mut self, above: Allowance) -> Step {
        let answered = self.answer_error(too_many_messages()).await;
        if above == Allowance::StillAbove {
            return Step::Break(Disconnect::RateLimited);
        }
        answered
    }

    /// Counts the time of a handler that is done.
    fn count_time(&mut self, began: u64) {
        self.busy_until = self.common.pulse.now();
        let nanos = self.busy_until.saturating_sub(began);
        Counters::add_own(&self.common.connection.counters.handler_nanos, nanos);
    }

    fn log_received(&self, message: &Message<'_>) {
        let unlogged = &self.common.options.unlogged_actions;
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
                    self.common
                        .failures
                        .tell(|| format!("handler of `{action}` failed: {}", error.chain()));
                }
                return self.answer_error(client_error(&error, action)).await;
            }
        }
        Step::Continue(())
    }

    /// Hands one event to its handler; the client sees nothing of a failure.
    pub(super) async fn on_event(&mut self, event: AnyEvent) -> Step {
        let name = event.name();
        let action = name.as_str();
        let seq = event.seq();
        if seq.is_some() {
            self.push_with(seq);
        }
        let served = &mut *self.served;
        let began = self.common.pulse.now();
        let handled = caught(async move { Some(served.handle_event(event)?.await) })
            .instrument(debug_span!("event", action))
            .await;
        self.count_time(began);
        let step = match handled {
            Some(None) => {
                warn!(action, "event of another consumer");
                Step::Continue(())
            }
            Some(Some(Answer(Err(error)))) => {
                error!(action, error = %Foreign::prose(&error.chain()), "event handler failed");
                self.common
                    .failures
                    .tell(|| format!("handler of event `{action}` failed: {}", error.chain()));
                Step::Continue(())
            }
            Some(Some(Answer(Ok(Frames::Stream(frames))))) => {
                self.begin_stream_of_event(frames, action);
                Step::Continue(())
            }
            Some(Some(answer)) => self.answer(answer, action).await,
            None => self.panicked(action).await,
        };
        if seq.is_some() {
            self.push_with(None);
        }
        step
    }

    /// Gives this number of a publisher's to what is sent from now on.
    fn push_with(&mut self, seq: Option<u64>) {
        let mut correlation = self.served.correlation().clone();
        correlation.seq = seq;
        self.served.set_correlation(correlation);
    }

    /// Answers with an error; ends the session when `render_error` panics.
    ///
    /// Boxed because it is rare: inline it would enlarge every idle connection.
    pub(super) fn answer_error(&mut self, error: ErrorPayload) -> BoxFuture<'_, Step> {
        Box::pin(self.send_error(error))
    }

    async fn send_error(&mut self, error: ErrorPayload) -> Step {
        let rendered = AssertUnwindSafe(|| self.served.render_error(error));
        let Ok(error) = catch_unwind(rendered) else {
            error!("`render_error` panicked");
            self.common
                .failures
                .tell(|| "`render_error` panicked".to_owned());
            return Step::Break(Disconnect::Panicked);
        };
        let limit = self.common.options.max_message_size;
        let frame = error_frame_within(limit, error, self.served.correlation());
        self.send(frame).await;
        Step::Continue(())
    }

    async fn panicked(&mut self, action: &str) -> Step {
        error!(action, "handler panicked");
        self.common.failures.tell(|| format!("`{action}` panicked"));
        let error = ErrorPayload::detail(neutral_detail(action));
        // The connection ends with 1011 either way.
        let _ = self.answer_error(error).await;
        Step::Break(Disconnect::Panicked)
    }

    pub(super) async fn failed(&mut self, hook: &str, error: &HandlerError) -> Step {
        self.note_failure(hook, error);
        // The connection ends with 1011 either way.
        let _ = self.answer_error(client_error(error, hook)).await;
        Step::Break(Disconnect::ConnectedFailed)
    }

    /// Logs why a hook has failed.
    pub(super) fn note_failure(&self, hook: &str, error: &HandlerError) {
        if error.is_mistake() {
            debug!(hook, error = %Foreign::prose(&error.chain()), "hook refused");
        } else {
            warn!(hook, error = %Foreign::prose(&error.chain()), "hook failed");
            self.common
                .failures
                .tell(|| format!("`{hook}` failed: {}", error.chain()));
        }
    }

    /// Sends a frame, unless the connection is ending: nobody is there to read it then.
    ///
    /// By `&mut self`, because a shared borrow across an await would require consumers to be `Sync`.
    pub(super) fn send(&mut self, frame: Bytes) -> impl Future<Output = ()> + Send + use<'_> {
        self.member.send(frame).map(drop)
    }
}

/// The hooks at the end: whatever becomes of one, the clean-up goes on.
impl Handlers<'_> {
    /// Runs `expiring`, where `connected` was started.
    pub(super) async fn expiring(&mut self) {
        if self.has_begun {
            self.answer_nobody();
            let hook = async { self.served.expiring().await };
            let limit = self.common.options.disconnect_timeout;
            to_end("expiring", limit, &self.common.failures, hook).await;
        }
    }

    /// Runs `disconnected`, where `connected` was started.
    pub(super) async fn disconnected(&mut self, why: &Disconnect) {
        if self.has_begun {
            self.answer_nobody();
            let why = why.clone();
            let hook = async { self.served.disconnected(why).await };
            let limit = self.common.options.disconnect_timeout;
            to_end("disconnected", limit, &self.common.failures, hook).await;
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

/// Reads a frame: the message or the error to answer with, and what the answers carry.
pub(super) fn decode(frame: &Frame) -> (Result<Message<'_>, ErrorPayload>, Correlation<'static>) {
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

/// A frame that names a topic which it is not for.
pub(super) fn not_subscribed() -> ErrorPayload {
    ErrorPayload::with_reason("not_subscribed", "not subscribed to this topic")
}

/// A message of a client that sends too many.
pub(super) fn too_many_messages() -> ErrorPayload {
    ErrorPayload::with_reason("rate_limited", "too many messages")
}
