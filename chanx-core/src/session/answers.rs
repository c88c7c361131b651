//! The answers that a consumer's handlers give, and those in place of a handler's.

use std::{
    future::{Future, ready},
    panic::{AssertUnwindSafe, catch_unwind},
};

use bytes::Bytes;
use futures_util::{FutureExt, future::BoxFuture};
use tracing::{debug, error, warn};

use super::{
    common::Common,
    handlers::{Handlers, Step},
    rate::Allowance,
    refused::Refused,
};
use crate::{
    channel::Answer,
    connection::{Disconnect, Member},
    consumer::{Frames, HandlerError},
    wire::{ErrorPayload, Foreign, Logged, error_frame_within, subscribed_frame},
};

impl Common<'_> {
    /// Sends what a handler has answered, if there is room for it: all but rarely.
    ///
    /// # Errors
    ///
    /// The answer, where that takes more.
    #[inline]
    pub(super) fn answer_at_once(&self, member: &Member, answer: Answer) -> Result<(), Answer> {
        match answer.0 {
            Ok(Frames::Few(None)) => Ok(()),
            Ok(Frames::Few(Some(frame))) => {
                let sent = self.try_send(member, frame);
                sent.map_err(|frame| Answer(Ok(Frames::Few(Some(frame)))))
            }
            rest => Err(Answer(rest)),
        }
    }

    /// Sends a frame, if there is room for it.
    ///
    /// # Errors
    ///
    /// The frame, where it has to wait.
    #[inline]
    pub(super) fn try_send(&self, member: &Member, frame: Bytes) -> Result<(), Bytes> {
        let written = self.writing.try_write(member, frame);
        written.or_else(|frame| member.try_send(frame))
    }
}

impl Handlers<'_> {
    /// Sends what a handler has answered, or what is answered in its place.
    ///
    /// Boxed because it is rare: inline it would enlarge every idle connection.
    pub(super) fn answer<'a>(
        &'a mut self,
        handled: Result<Answer, Box<Refused>>,
        action: &'a str,
    ) -> BoxFuture<'a, Step> {
        Box::pin(async move {
            let refused = match handled {
                Ok(answer) => return self.send_answer(answer, action).await,
                Err(refused) => *refused,
            };
            match refused {
                Refused::WrongGuess => unreachable!("it is begun anew"),
                Refused::Panicked => self.panicked(action).await,
                Refused::Subscribed => {
                    let frame = subscribed_frame(self.served.correlation());
                    self.send(frame).await;
                    Step::Continue(())
                }
                Refused::NotSubscribed => self.answer_error(not_subscribed()).await,
                Refused::Unknown if self.is_for_topics(action) => {
                    debug!("it names no topic");
                    self.answer_error(ErrorPayload::missing_topic()).await
                }
                Refused::Unknown => {
                    debug!("no handler for this action");
                    self.answer_error(ErrorPayload::unknown_action()).await
                }
                Refused::Invalid(invalid) => {
                    let reason = invalid.reason().map(|it| Foreign::prose(it).to_string());
                    let error = invalid.into_error(action);
                    let logged = Logged(&error);
                    debug!(error = %logged, reason = reason.map(display), "refused a payload");
                    self.answer_error(error).await
                }
            }
        })
    }

    /// True for the actions that topics are followed by, where the channel has any.
    fn is_for_topics(&self, action: &str) -> bool {
        matches!(action, "subscribe" | "unsubscribe") && self.served.has_topics()
    }

    /// Sends what a handler of events has answered; the client sees nothing of a failure.
    pub(super) fn answer_event<'a>(
        &'a mut self,
        handled: Result<Answer, Box<Refused>>,
        action: &'a str,
    ) -> BoxFuture<'a, Step> {
        match handled {
            Ok(Answer(Err(error))) => {
                error!(action, error = %Foreign::prose(&error.chain()), "event handler failed");
                self.common
                    .failures
                    .tell(|| format!("handler of event `{action}` failed: {}", error.chain()));
            }
            Ok(Answer(Ok(Frames::Stream(frames)))) => self.begin_stream_of_event(frames, action),
            Err(refused) if matches!(*refused, Refused::Unknown) => {
                warn!(action, "event of another consumer");
            }
            handled => return self.answer(handled, action),
        }
        Box::pin(ready(Step::Continue(())))
    }

    async fn send_answer(&mut self, answer: Answer, action: &str) -> Step {
        match answer.0 {
            Ok(Frames::Few(None)) => {}
            Ok(Frames::Few(Some(frame))) => self.send(frame).await,
            Ok(Frames::Many(frames)) => {
                for frame in frames {
                    self.send(frame).await;
                }
            }
            Ok(Frames::Stream(frames)) => return self.begin_stream(frames, action).await,
            Err(error) => {
                self.log_error(&error, action);
                return self.answer_error(client_error(&error, action)).await;
            }
        }
        Step::Continue(())
    }

    fn log_error(&self, error: &HandlerError, action: &str) {
        if error.is_mistake() {
            debug!(action, error = %Foreign::prose(&error.chain()), "handler refused");
        } else {
            warn!(action, error = %Foreign::prose(&error.chain()), "handler failed");
            self.common
                .failures
                .tell(|| format!("handler of `{action}` failed: {}", error.chain()));
        }
    }

    /// Answers the message of a client that sends too many, without handling it.
    pub(super) fn answer_above_rate(&mut self, above: Allowance) -> BoxFuture<'_, Step> {
        let answered = self.answer_error(too_many_messages());
        match above {
            Allowance::StillAbove => then_end(answered, Disconnect::RateLimited),
            Allowance::Within | Allowance::Above => answered,
        }
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

    pub(super) fn panicked(&mut self, action: &str) -> BoxFuture<'_, Step> {
        error!(action, "handler panicked");
        self.common.failures.tell(|| format!("`{action}` panicked"));
        let error = ErrorPayload::detail(neutral_detail(action));
        then_end(self.answer_error(error), Disconnect::Panicked)
    }

    pub(super) fn failed(&mut self, hook: &str, error: &HandlerError) -> BoxFuture<'_, Step> {
        self.note_failure(hook, error);
        let answered = self.answer_error(client_error(error, hook));
        then_end(answered, Disconnect::ConnectedFailed)
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

    /// Sends an answer, unless the connection has ended, whose client reads nothing more, or
    /// the subscription, whose lane then tells the client.
    ///
    /// By `&mut self`, because a shared borrow across an await would require consumers to be `Sync`.
    pub(super) fn send(&mut self, frame: Bytes) -> impl Future<Output = ()> + Send + use<'_> {
        let Self {
            member, is_cut_off, ..
        } = self;
        let sent = member.send(frame);
        sent.map(|sent| *is_cut_off |= sent.is_err())
    }
}

/// Ends the connection behind an answer, however that goes.
fn then_end(answered: BoxFuture<'_, Step>, why: Disconnect) -> BoxFuture<'_, Step> {
    Box::pin(answered.map(|_| Step::Break(why)))
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
