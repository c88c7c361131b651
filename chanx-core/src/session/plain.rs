//! The way of a plain message: from where its text stands to its handler, and back.
//!
//! Nearly every message is `{"action":"…","payload":…}` for a handler of the connection's
//! own consumer, and nearly every answer is the next to be written. Its handler is called
//! where its text stands. Most have answered by the time they wait for something, and then
//! the message needs none of what [`Worker::run`](super::worker::Worker) keeps across an
//! await. A message that is not plain is left as it is, before anything has been done for
//! it.
//!
//! A message of a topic has been read by the time it gets to its lane; there it takes the
//! same way, if its handler has no await.

use std::{
    sync::atomic::Ordering,
    task::{Context, Poll},
};

use futures_util::{FutureExt, future::BoxFuture};
use tracing::{Instrument, Level, Span, enabled};

use super::{
    common::Common,
    handlers::{Handlers, Step, to_answer},
    rate::Allowance,
    refused::Refused,
};
use crate::{
    channel::{Answer, Called, Route},
    connection::{Counters, Member, Stage},
    wire::{Beginning, Correlation, Guess, Inbound, Payload, complete_frame},
};

/// The marks of what answers a plain message.
pub(super) const NO_MARKS: &Correlation<'static> = &Correlation::NONE;

/// A message whose handler has been called.
pub(super) struct Begun<'h> {
    action: &'static str,
    span: Span,
    called: Result<Called<'h>, Box<Refused>>,
}

/// A message that its handler is done with, and what is to be answered.
pub(super) struct Handled {
    action: &'static str,
    span: Span,
    answer: Result<Answer, Box<Refused>>,
}

impl<'h> Begun<'h> {
    /// Runs the handler, as far as it comes.
    ///
    /// # Errors
    ///
    /// The rest, where it waits.
    #[inline(always)]
    pub(super) fn run(
        self,
        common: &'h Common<'_>,
        cx: &mut Context<'_>,
    ) -> Result<Handled, BoxFuture<'h, Handled>> {
        let Self {
            action,
            span,
            called,
        } = self;
        let answer = match called {
            Ok(Called::Answered(answer)) => Ok(answer),
            Ok(Called::Running(handler)) => {
                let mut answer = to_answer(handler, &span);
                match answer.poll_unpin(cx) {
                    Poll::Ready(answer) => answer,
                    Poll::Pending => {
                        let began = common.pulse.last_turn();
                        return Err(Box::pin(async move {
                            let answer = answer.await;
                            common.count_time(began);
                            Handled {
                                action,
                                span,
                                answer,
                            }
                        }));
                    }
                }
            }
            Err(refused) => Err(refused),
        };
        common.count_turn();
        Ok(Handled {
            action,
            span,
            answer,
        })
    }
}

impl Handled {
    /// Answers, if that needs no wait, and tells a client that wants to know that the
    /// message with these marks has been dealt with.
    ///
    /// # Errors
    ///
    /// What is left to do.
    #[inline]
    pub(super) fn finish_at_once(
        self,
        common: &Common<'_>,
        member: &Member,
        marks: &Correlation<'_>,
    ) -> Result<(), Box<Self>> {
        let answer = match self.answer {
            Ok(answer) => match common.answer_at_once(member, answer) {
                Ok(())
                    if !member.sends_completions()
                        || common.try_send(member, complete_frame(marks)).is_ok() =>
                {
                    Counters::add_own(&common.connection.counters.frames_handled, 1);
                    return Ok(());
                }
                Ok(()) => Ok(Answer::NOTHING),
                Err(answer) => Ok(answer),
            },
            Err(refused) => Err(refused),
        };
        Err(Box::new(Self { answer, ..self }))
    }
}

impl Handlers<'_> {
    /// Calls the handler of a message, if it is a plain one.
    ///
    /// The text may be lent by the transport. That can write nothing until it has it back,
    /// so that the handler is [run](Begun::run) later.
    #[inline]
    pub(super) fn begin_plain(&mut self, text: &[u8], allowance: Allowance) -> Option<Begun<'_>> {
        let is_open = self.common.connection.stage() == Stage::Open;
        if !is_open || allowance != Allowance::Within || self.member.topic().is_some() {
            return None;
        }
        let beginning = Beginning::of(text)?;
        let route = self.served.route(beginning.action)?;
        let guess = Guess::default();
        let (action, payload) = Payload::guess(beginning, &guess)?;
        // Whoever listens is told of no message that is none.
        if enabled!(Level::DEBUG) && payload.json().is_none() {
            return None;
        }
        self.common
            .connection
            .is_idle
            .store(false, Ordering::Relaxed);
        self.answer_nobody();
        self.begin(route, action, payload)
    }

    /// Handles a message of a subscription, if its handler answers as it is called.
    #[inline]
    pub(super) fn handle_in_lane(
        &mut self,
        message: &Inbound<'_>,
        cx: &mut Context<'_>,
    ) -> Option<Result<(), Box<Handled>>> {
        let route = self.served.route(message.action.as_bytes())?;
        let correlation = &message.correlation;
        if route.may_wait || self.is_about_a_stream(Some(&message.action), correlation) {
            return None;
        }
        self.answer_to(correlation);
        let (common, member) = (self.common, self.member);
        let begun = self.begin(route, &message.action, message.payload)?;
        let handled = begun.run(common, cx).ok()?;
        Some(handled.finish_at_once(common, member, correlation))
    }

    /// Calls a handler; `None` where its message was guessed to be one and is not.
    #[inline(always)]
    fn begin(&mut self, route: Route, action: &str, payload: Payload<'_>) -> Option<Begun<'_>> {
        let span = self.span_of(action);
        let called = match self.call(&span, Some(route), action, payload) {
            Err(refused) if matches!(*refused, Refused::WrongGuess) => return None,
            called => called,
        };
        Some(Begun {
            action: route.action,
            span,
            called,
        })
    }

    /// Does what was left.
    pub(super) fn finish(&mut self, handled: Handled) -> BoxFuture<'_, Step> {
        let Handled {
            action,
            span,
            answer,
        } = handled;
        Box::pin(self.answer(answer, action).instrument(span))
    }
}
