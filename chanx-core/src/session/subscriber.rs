//! What comes for a subscription while it lasts, in turn.

use std::{
    ops::ControlFlow,
    task::{Context, Poll, ready},
};

use futures_util::future::BoxFuture;
use tokio::task::coop::{consume_budget, poll_proceed};

use super::{
    busy::Busy,
    handlers::{Handlers, Step},
    inbox::{InLane, LaneId, Queued},
    plain::Handled,
    rate::Allowance,
    read::{action_of, correlation_of},
    streams::FailedStream,
};
use crate::{
    connection::{AnyEvent, Counters, Disconnect, Stage, Subscription},
    wire::{Correlation, ErrorPayload},
};

/// The consumer of a subscription, and what comes for it.
pub(super) struct Subscriber<'r, 'a> {
    pub(super) handlers: Handlers<'r>,
    pub(super) subscription: &'r Subscription,
    pub(super) lane: LaneId,
    pub(super) busy: &'r mut Busy<'a>,
    /// True if an event comes next, where a frame waits too.
    pub(super) events_first: bool,
}

/// The reasons for which its consumer is not run any more.
pub(super) enum Stop {
    Refused(ErrorPayload, Correlation<'static>),
    Unsubscribed(Correlation<'static>),
    /// A handler or hook has failed.
    Failed(Disconnect),
    /// The subscription has been ended from elsewhere.
    Elsewhere,
}

/// A thing to do.
pub(super) enum Input {
    Frame(Queued, Allowance),
    /// What is left of a message whose handler has answered.
    Rest(Box<Handled>),
    Event(AnyEvent),
    FailedStream(Box<FailedStream>),
    /// The subscription has been ended from elsewhere.
    Ended,
}

impl Subscriber<'_, '_> {
    /// The next thing to do that takes an await. Messages that take none are handled here,
    /// one after the other.
    pub(super) fn poll_rest(&mut self, cx: &mut Context<'_>) -> Poll<Input> {
        loop {
            self.events_first = !self.events_first;
            let input = ready!(self.poll_next(self.events_first, cx));
            let Some(handled) = self.handle_at_once(&input, cx) else {
                return Poll::Ready(input);
            };
            if let Err(rest) = handled {
                return Poll::Ready(Input::Rest(rest));
            }
            self.handlers.answer_nobody();
            ready!(poll_proceed(cx)).made_progress();
        }
    }

    /// Handles a message for a handler that answers as it is called; any other input is
    /// left as it is.
    fn handle_at_once(
        &mut self,
        input: &Input,
        cx: &mut Context<'_>,
    ) -> Option<Result<(), Box<Handled>>> {
        let Input::Frame(frame, Allowance::Within) = input else {
            return None;
        };
        if self.handlers.common.connection.stage() != Stage::Open {
            return None;
        }
        let message = frame.read(self.subscription.topic()).ok()?;
        self.handlers.handle_in_lane(&message, cx)
    }

    /// The next frame or event, of which neither can starve the other. Once the
    /// connection has begun to end and nothing is left, it never comes.
    fn poll_next(&mut self, events_first: bool, cx: &Context<'_>) -> Poll<Input> {
        let Handlers {
            member,
            common,
            streams,
            ..
        } = &self.handlers;
        if self.subscription.has_ended() {
            return Poll::Ready(Input::Ended);
        }
        if let Poll::Ready(failed) = streams.poll_failed(cx) {
            return Poll::Ready(Input::FailedStream(failed));
        }
        let event = || member.poll_event(cx).map(Input::Event);
        let frame = || {
            let next = common.inbox.poll_lane(self.lane, true, cx);
            next.map(|next| match next {
                InLane::Frame(frame) => Input::Frame(frame, common.allowance()),
                InLane::Gone => Input::Ended,
            })
        };
        let first = if events_first { event() } else { frame() };
        let input = match first {
            Poll::Ready(input) => Poll::Ready(input),
            Poll::Pending if events_first => frame(),
            Poll::Pending => event(),
        };
        self.busy.set(input.is_ready());
        input
    }

    /// Deals with what has come.
    ///
    /// Boxed, so that an idle subscription keeps no room for it.
    pub(super) fn on(&mut self, input: Input) -> BoxFuture<'_, ControlFlow<Stop>> {
        Box::pin(async move {
            let handlers = &mut self.handlers;
            let step = match (handlers.common.connection.stage(), input) {
                (_, Input::Ended) => return ControlFlow::Break(Stop::Elsewhere),
                (Stage::Open | Stage::Finishing, Input::Frame(frame, allowance)) => {
                    return self.on_frame(frame, allowance).await;
                }
                (_, Input::Rest(handled)) => {
                    let step = handlers.finish(*handled).await;
                    return self.handled(step).await;
                }
                (Stage::Open, Input::Event(event)) => handlers.on_event(event).await,
                (Stage::Finishing | Stage::Dropping, Input::Event(_)) => {
                    handlers.member.drop_events(1);
                    Step::Continue(())
                }
                (Stage::Dropping, Input::Frame(..)) => Step::Continue(()),
                (_, Input::FailedStream(failed)) => handlers.on_failed_stream(*failed).await,
            };
            self.after(step).await
        })
    }

    async fn on_frame(&mut self, frame: Queued, allowance: Allowance) -> ControlFlow<Stop> {
        let handlers = &mut self.handlers;
        let read = frame.read(self.subscription.topic());
        let (action, correlation) = (action_of(&read), correlation_of(&read));
        if action == Some("unsubscribe") && allowance == Allowance::Within {
            let asked = correlation.clone().into_owned();
            return ControlFlow::Break(Stop::Unsubscribed(asked));
        }
        if handlers.is_about_a_stream(action, correlation) {
            // It has been completed, or the stream will be.
            let step = handlers.on_frame_about_a_stream(action, correlation, allowance);
            let step = step.await;
            return self.counted(step).await;
        }
        handlers.answer_to(correlation);
        let step = handlers.on_frame(read, allowance).await;
        self.handled(step).await
    }

    /// Tells a client that wants to know that a message has been dealt with.
    async fn handled(&mut self, step: Step) -> ControlFlow<Stop> {
        let handlers = &mut self.handlers;
        let is_streaming = std::mem::take(&mut handlers.is_streaming);
        if step.is_continue() && !is_streaming && handlers.sends_completions() {
            Box::pin(handlers.complete()).await;
        }
        self.counted(step).await
    }

    async fn counted(&mut self, step: Step) -> ControlFlow<Stop> {
        let connection = self.handlers.common.connection;
        Counters::add_own(&connection.counters.frames_handled, 1);
        self.after(step).await
    }

    async fn after(&mut self, step: Step) -> ControlFlow<Stop> {
        if let Step::Break(why) = step {
            return ControlFlow::Break(Stop::Failed(why));
        }
        // Of a client that has left, the next message is handled all the same.
        if self.handlers.is_cut_off && self.subscription.has_ended() {
            return ControlFlow::Break(Stop::Elsewhere);
        }
        self.handlers.answer_nobody();
        consume_budget().await;
        ControlFlow::Continue(())
    }
}
