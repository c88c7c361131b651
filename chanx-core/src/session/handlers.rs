//! The running of a consumer's handlers, of a connection or of a subscription.

use std::{future::Future, ops::ControlFlow};

use futures_util::{
    FutureExt,
    future::{BoxFuture, Either},
};
use tokio::time::Instant;
use tracing::{Instrument, Span, debug, debug_span};

use super::{common::Common, rate::Allowance, read::Read, refused::Refused, streams::Streams};
use crate::{
    channel::{Answer, Called, Running, Served},
    connection::{AnyEvent, Disconnect, Member},
    consumer::HandlerError,
    contained::Contained,
    identity::{GroupName, Topic},
    wire::{Correlation, FrameError, Inbound, Logged},
};

/// Runs one consumer: its hooks and its handlers, one at a time.
pub(super) struct Handlers<'a> {
    pub(super) served: &'a mut dyn Served,
    pub(super) common: &'a Common<'a>,
    pub(super) member: &'a Member,
    /// True once `connected` was started, which `disconnected` then answers.
    pub(super) has_begun: bool,
    /// The replies that come piece by piece.
    pub(super) streams: &'a Streams,
    /// True if the answer to what is being handled is a stream, which is completed
    /// later.
    pub(super) is_streaming: bool,
    /// True if an answer had nowhere to go, because the connection or the subscription has
    /// ended.
    pub(super) is_cut_off: bool,
    /// False while what is sent is known to answer nothing.
    is_answering: bool,
}

/// The connection or subscription goes on, or ends for a reason.
pub(super) type Step = ControlFlow<Disconnect>;

impl<'a> Handlers<'a> {
    pub(super) fn new(
        served: &'a mut dyn Served,
        common: &'a Common<'a>,
        streams: &'a Streams,
    ) -> Self {
        Self {
            served,
            common,
            member: &streams.member,
            has_begun: false,
            streams,
            is_streaming: false,
            is_cut_off: false,
            is_answering: true,
        }
    }

    /// True if the client is told of all that has been dealt with.
    pub(super) fn sends_completions(&self) -> bool {
        self.member.sends_completions()
    }

    /// Joins the groups of its channel, and that of its topic.
    pub(super) fn join(&mut self) -> BoxFuture<'_, Result<(), HandlerError>> {
        let mut groups = Vec::from_iter(self.member.topic().map(Topic::to_group));
        let declared = self.served.declared_groups().iter();
        groups.extend(declared.map(|group| GroupName::from(*group)));
        Box::pin(async move {
            let layer = self.common.layer;
            layer.join_everywhere(self.member, &groups).await?;
            Ok(())
        })
    }

    /// From now on, what is sent answers a frame with these marks.
    #[inline]
    pub(super) fn answer_to(&mut self, correlation: &Correlation<'_>) {
        // Nearly every frame has none beside its topic, and nothing is to be changed for it.
        let topic = self.member.topic().map(Topic::as_str);
        let is_nobody = correlation.is_push() && correlation.topic.as_deref() == topic;
        if self.is_answering || !is_nobody {
            self.served.set_correlation(correlation);
            self.is_answering = !is_nobody;
        }
    }

    /// From now on, what is sent answers nothing.
    #[inline]
    pub(super) fn answer_nobody(&mut self) {
        if !self.is_answering {
            return;
        }
        let mut nobody = Correlation::default();
        if let Some(topic) = self.member.topic() {
            nobody = nobody.with_topic(topic.as_str());
        }
        self.served.set_correlation(&nobody);
        self.is_answering = false;
    }

    /// The marks of the message that is being answered, if it is to have an answer.
    pub(super) fn asked(&self) -> Option<&Correlation<'static>> {
        let asked = self.is_answering.then(|| self.served.correlation());
        asked.filter(|asked| asked.reference.is_some())
    }

    /// Answers one frame of the client with its handler, or refuses it.
    pub(super) async fn on_frame(&mut self, read: Read<'_>, allowance: Allowance) -> Step {
        match (allowance, read) {
            (Allowance::Within, Ok(message)) => self.on_message(&message).await,
            (Allowance::Within, Err(FrameError { error, .. })) => {
                debug!(error = %Logged(&error), "refused a frame");
                self.answer_error(error).await
            }
            (above, _) => self.answer_above_rate(above).await,
        }
    }

    /// Answers a message with its handler.
    pub(super) async fn on_message(&mut self, message: &Inbound<'_>) -> Step {
        let route = self.served.route(message.action.as_bytes());
        let span = self.span_of(&message.action);
        let began = self.common.pulse.last_turn();
        let rest = {
            let handled = match self.call(&span, route, &message.action, message.payload) {
                Ok(Called::Answered(answer)) => Ok(answer),
                Ok(Called::Running(handler)) => to_answer(handler, &span).await,
                Err(refused) => Err(refused),
            };
            self.common.count_time(began);
            match handled {
                Ok(answer) => match self.common.answer_at_once(self.member, answer) {
                    Ok(()) => return Step::Continue(()),
                    Err(rest) => Ok(rest),
                },
                Err(refused) => Err(refused),
            }
        };
        let answered = self.answer(rest, &message.action).instrument(span);
        answered.await
    }

    /// Hands one event to its handler; the client sees nothing of a failure.
    pub(super) async fn on_event(&mut self, event: AnyEvent) -> Step {
        let name = event.name();
        let seq = event.seq();
        if seq.is_some() {
            self.push_with(seq);
        }
        let span = debug_span!("event", action = name.as_str());
        let began = Instant::now();
        let rest = {
            let handled = match self.call_for_event(&span, event) {
                Ok(Called::Answered(answer)) => Ok(answer),
                Ok(Called::Running(handler)) => to_answer(handler, &span).await,
                Err(refused) => Err(refused),
            };
            self.common.count_time(began);
            match handled {
                Ok(answer) => {
                    let sent = self.common.answer_at_once(self.member, answer);
                    sent.err().map(Ok)
                }
                Err(refused) => Some(Err(refused)),
            }
        };
        let step = match rest {
            None => Step::Continue(()),
            Some(rest) => self.answer_event(rest, &name).await,
        };
        if seq.is_some() {
            self.push_with(None);
        }
        let is_streaming = std::mem::take(&mut self.is_streaming);
        if step.is_continue()
            && !is_streaming
            && self.sends_completions()
            && let Err(frame) = self.common.try_send(self.member, self.event_completion())
        {
            Box::pin(self.send(frame)).await;
        }
        step
    }

    /// Gives this number of a publisher's to what is sent from now on.
    fn push_with(&mut self, seq: Option<u64>) {
        let mut correlation = self.served.correlation().clone();
        correlation.seq = seq;
        self.answer_to(&correlation);
    }
}

/// Runs a handler that may wait, in its span.
#[inline]
pub(super) fn to_answer<'r>(
    handler: Running<'r>,
    span: &Span,
) -> impl Future<Output = Result<Answer, Box<Refused>>> + Send + Unpin + use<'r> {
    let handler = Contained::new(handler).caught();
    // A span that nobody listens to is left out: it would take as much as all the rest.
    let handler = match span.is_disabled() {
        true => Either::Left(handler),
        false => Either::Right(Box::pin(handler.instrument(span.clone()))),
    };
    handler.map(|handled| handled.ok_or_else(|| Box::new(Refused::Panicked)))
}
