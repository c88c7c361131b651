//! The way of a plain message: to its handler and back without an await.
//!
//! Nearly every message is `{"action":"…","payload":…}` for a handler that answers as it is
//! called, and nearly every answer is the next to be written. Such a message needs none of
//! what [`Worker::run`](super::worker::Worker) keeps across an await, and goes no further
//! than this file. Any other is left as it is, before anything has been done for it.
//!
//! A message of a topic has been read by the time it gets to its lane; there it takes the
//! same way.

use std::sync::atomic::Ordering;

use futures_util::future::BoxFuture;
use tracing::{Instrument, Span};

use super::{
    handlers::{Handlers, Step},
    rate::Allowance,
    refused::Refused,
};
use crate::{
    channel::{Answer, Called, Route},
    connection::{Counters, Stage},
    wire::{Beginning, Guess, Inbound, Payload},
};

/// A message that has been handled at once, and what is to be answered.
pub(super) struct AtOnce {
    action: &'static str,
    span: Span,
    answer: Result<Answer, Box<Refused>>,
}

impl Handlers<'_> {
    /// Handles a message, if it is a plain one.
    ///
    /// The text may be lent by the transport. That can write nothing until it has it back,
    /// so that the answer is [written](Self::finish_at_once) later.
    #[inline]
    pub(super) fn handle_at_once(&mut self, text: &[u8], allowance: Allowance) -> Option<AtOnce> {
        let is_open = self.common.connection.stage() == Stage::Open;
        if !is_open || allowance != Allowance::Within || self.member.topic().is_some() {
            return None;
        }
        let beginning = Beginning::of(text)?;
        let route = self.served.route(beginning.action)?;
        if route.may_wait {
            return None;
        }
        let guess = Guess::default();
        let (action, payload) = Payload::guess(beginning, &guess)?;
        self.common
            .connection
            .is_idle
            .store(false, Ordering::Relaxed);
        self.answer_nobody();
        self.call_at_once(route, action, payload)
    }

    /// Handles a message of a subscription, if its handler answers as it is called.
    #[inline]
    pub(super) fn handle_in_lane(&mut self, message: &Inbound<'_>) -> Option<AtOnce> {
        let route = self.served.route(message.action.as_bytes())?;
        let correlation = &message.correlation;
        if route.may_wait || self.is_about_a_stream(Some(&message.action), correlation) {
            return None;
        }
        self.answer_to(correlation);
        self.call_at_once(route, &message.action, message.payload)
    }

    /// Calls a handler that does not wait; `None` where its message was guessed to be one
    /// and is not.
    #[inline(always)]
    fn call_at_once(&mut self, route: Route, action: &str, payload: Payload<'_>) -> Option<AtOnce> {
        let span = self.span_of(action, payload).ok()?;
        let answer = match self.call(&span, Some(route), action, payload).ok()? {
            Ok(Called::Answered(answer)) => Ok(answer),
            Ok(Called::Running(_)) => unreachable!("its route says that it does not wait"),
            Err(refused) => Err(refused),
        };
        self.count_turn();
        Some(AtOnce {
            action: route.action,
            span,
            answer,
        })
    }

    /// Answers such a message, if that needs no wait.
    ///
    /// # Errors
    ///
    /// What is left to do.
    #[inline]
    pub(super) fn finish_at_once(&mut self, handled: AtOnce) -> Result<(), Box<AtOnce>> {
        let AtOnce {
            action,
            span,
            answer,
        } = handled;
        let left = match answer {
            Ok(answer) => match self.answer_at_once(answer) {
                Ok(()) if self.completes_at_once() => {
                    Counters::add_own(&self.common.connection.counters.frames_handled, 1);
                    return Ok(());
                }
                Ok(()) => Ok(Answer::NOTHING),
                Err(answer) => Ok(answer),
            },
            Err(refused) => Err(refused),
        };
        Err(Box::new(AtOnce {
            action,
            span,
            answer: left,
        }))
    }

    /// Tells a client that wants to know that its message has been dealt with; false where
    /// that has to wait.
    #[inline]
    fn completes_at_once(&self) -> bool {
        !self.sends_completions() || self.try_complete().is_ok()
    }

    /// Does what was left.
    pub(super) fn finish(&mut self, handled: AtOnce) -> BoxFuture<'_, Step> {
        let AtOnce {
            action,
            span,
            answer,
        } = handled;
        Box::pin(self.answer(answer, action).instrument(span))
    }
}
