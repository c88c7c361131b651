//! The part of a consumer's handlers in streams of replies: it begins them, stops them
//! and tells how they failed.

use bytes::Bytes;
use futures_util::future::BoxFuture;
use tracing::{debug, error, warn};

use super::{
    answers::{client_error, neutral_detail},
    handlers::{Handlers, Step},
    rate::Allowance,
    streams::{Asked, FailedStream},
};
use crate::{
    connection::{Disconnect, Stage},
    consumer::FrameStream,
    identity::Topic,
    wire::{COMPLETE, Correlation, ErrorPayload, Foreign, complete_frame, event_complete_frame},
};

impl Handlers<'_> {
    /// Sends what a handler of messages answers with, from now on beside the handlers.
    pub(super) async fn begin_stream(&mut self, frames: Box<FrameStream>, action: &str) -> Step {
        if self.member.stage() == Stage::Dropping {
            debug!(action, "dropped a stream of what has ended");
            self.is_cut_off = true;
            return Step::Continue(());
        }
        let correlation = self.served.correlation().clone();
        let is_told = self.sends_completions() || correlation.reference.is_some();
        let asked = Asked {
            action: action.to_owned(),
            completion: is_told.then(|| complete_frame(&correlation)),
            correlation,
            is_event: false,
        };
        if self.streams.begin(frames, asked).is_ok() {
            self.is_streaming = true;
            return Step::Continue(());
        }
        debug!(action, "too many streams");
        let error = ErrorPayload::with_reason("too_many_streams", "too many streams are under way");
        self.answer_error(error).await
    }

    /// Sends what a handler of events returns, likewise.
    pub(super) fn begin_stream_of_event(&mut self, frames: Box<FrameStream>, action: &str) {
        let completion = self.sends_completions().then(|| self.event_completion());
        let asked = Asked {
            action: action.to_owned(),
            correlation: Correlation::default(),
            completion,
            is_event: true,
        };
        match self.streams.begin(frames, asked) {
            Ok(()) => self.is_streaming = true,
            Err(_) => {
                error!(action, "too many streams");
                self.common
                    .failures
                    .tell(|| format!("event `{action}` was answered with one stream too many"));
            }
        }
    }

    /// True if the frame stops a stream, or has the `ref` of one under way.
    #[inline]
    pub(super) fn is_about_a_stream(
        &self,
        action: Option<&str>,
        correlation: &Correlation<'_>,
    ) -> bool {
        let reference = correlation.reference.as_deref();
        reference.is_some_and(|it| action == Some(COMPLETE) || self.streams.has(it))
    }

    /// Tells that a message has been dealt with.
    pub(super) async fn complete(&mut self) {
        let completion = complete_frame(self.served.correlation());
        // With the answer, as a rule, so that both are one write.
        if let Err(frame) = self.common.try_send(self.member, completion) {
            // No answer is missed with it where the connection or subscription has ended.
            let _ = self.member.send(frame).await;
        }
    }

    /// The frame that tells that an event has been dealt with.
    pub(super) fn event_completion(&self) -> Bytes {
        event_complete_frame(self.member.topic().map(Topic::as_str))
    }

    /// Deals with a frame that stops a stream, or has the `ref` of one under way.
    ///
    /// For a stream that has ended meanwhile a stop says nothing: no answer could
    /// be told from the stream's own.
    pub(super) fn on_frame_about_a_stream<'s>(
        &'s mut self,
        action: Option<&'s str>,
        correlation: &'s Correlation<'_>,
        allowance: Allowance,
    ) -> BoxFuture<'s, Step> {
        Box::pin(async move {
            let reference = correlation.reference.as_deref().unwrap_or_default();
            let step = if action == Some(COMPLETE) {
                self.streams.stop(reference);
                Step::Continue(())
            } else {
                debug!("refused a message whose `ref` belongs to a stream");
                let error = ErrorPayload::ref_in_use(reference);
                // Without the `ref`: with it, it would be the stream's last frame.
                let mut correlation = correlation.clone();
                correlation.reference = None;
                self.answer_to(&correlation);
                let step = self.answer_error(error).await;
                if self.sends_completions() {
                    self.complete().await;
                }
                step
            };
            match allowance {
                Allowance::StillAbove => Step::Break(Disconnect::RateLimited),
                Allowance::Within | Allowance::Above => step,
            }
        })
    }

    /// Tells how a stream has failed, as of a handler that has.
    pub(super) fn on_failed_stream(&mut self, failed: FailedStream) -> BoxFuture<'_, Step> {
        Box::pin(async move {
            let FailedStream { asked, error, .. } = failed;
            let Asked {
                action,
                correlation,
                is_event,
                ..
            } = asked;
            let told = match &error {
                Some(error) if error.is_mistake() && !is_event => {
                    debug!(action, error = %Foreign::prose(&error.chain()), "stream refused");
                    client_error(error, &action)
                }
                Some(error) => {
                    warn!(action, error = %Foreign::prose(&error.chain()), "stream failed");
                    self.common
                        .failures
                        .tell(|| format!("stream of `{action}` failed: {}", error.chain()));
                    client_error(error, &action)
                }
                None => {
                    error!(action, "stream panicked");
                    self.common
                        .failures
                        .tell(|| format!("stream of `{action}` panicked"));
                    ErrorPayload::detail(neutral_detail(&action))
                }
            };
            if is_event {
                if self.sends_completions() {
                    let frame = self.event_completion();
                    self.send(frame).await;
                }
                return Step::Continue(());
            }
            self.answer_to(&correlation);
            let step = self.answer_error(told).await;
            if step.is_continue() && self.sends_completions() {
                self.complete().await;
            }
            self.answer_nobody();
            step
        })
    }
}
