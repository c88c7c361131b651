//! One subscription, from its admission to its end.

use std::{
    future::{Future, poll_fn},
    ops::ControlFlow,
    pin::{Pin, pin},
    task::Poll,
};

use futures_util::{FutureExt, future::BoxFuture};
use tokio::{
    task::coop::{Unconstrained, unconstrained},
    time::{Sleep, sleep},
};

use super::{
    answers::client_error,
    busy::Busy,
    common::Common,
    handlers::{Handlers, Step},
    inbox::LaneId,
    streams::Streams,
    subscriber::{Stop, Subscriber},
};
use crate::{
    channel::Served,
    connection::{Counters, Disconnect, Member, Stage, Subscription},
    time_limit::capped,
    wire::{Correlation, ErrorPayload, subscribed_frame},
};

/// The ways in which a subscription has ended, by what is left to answer.
pub(super) enum Ended {
    /// Before the client has been told of it, whose frame is answered with this.
    Refused(ErrorPayload, Correlation<'static>),
    /// The client has asked for it by a frame with these marks.
    Unsubscribed(Correlation<'static>),
    /// While a message was handled, which is answered with this: the client has been
    /// told, and an answer of the subscription's own cannot come behind that.
    CutOff(ErrorPayload, Correlation<'static>),
    /// The client has been told, or the connection ends too.
    ByServer,
}

/// Runs the consumer of a subscription from its beginning to its end.
pub(super) fn subscribed<'r>(
    common: &'r Common<'r>,
    lane: LaneId,
    busy: &'r mut Busy<'_>,
    mut consumer: Box<dyn Served>,
    subscribing: Box<Correlation<'static>>,
) -> BoxFuture<'r, Ended> {
    Box::pin(async move {
        let attached = common.layer.attach(consumer.member().clone());
        let Member::Subscription(subscription) = attached.member() else {
            unreachable!("what a lane has admitted is a subscription");
        };
        let streams = Streams::new(attached.member().clone());
        let mut subscriber = Subscriber {
            handlers: Handlers::new(&mut *consumer, common, &streams),
            subscription,
            lane,
            busy,
            events_first: false,
        };
        let stop = {
            let attending = pin!(subscriber.attend(subscribing));
            until_cancelled(attending, &streams, subscription, common).await
        };
        subscriber.leave(stop).await
    })
}

impl Subscriber<'_, '_> {
    /// Tells the client, and then handles messages and events in turn.
    #[expect(
        clippy::manual_async_fn,
        reason = "an async function would hold its arguments twice"
    )]
    fn attend(
        &mut self,
        subscribing: Box<Correlation<'static>>,
    ) -> impl Future<Output = Stop> + Send {
        async move {
            if let Err(stop) = self.begin(subscribing).await {
                return stop;
            }
            loop {
                let input = poll_fn(|cx| self.poll_rest(cx)).await;
                if let ControlFlow::Break(stop) = self.on(input).await {
                    return stop;
                }
            }
        }
    }

    /// Joins, tells the client, and runs `connected`.
    fn begin(&mut self, subscribing: Box<Correlation<'static>>) -> BoxFuture<'_, Result<(), Stop>> {
        Box::pin(async move {
            let handlers = &mut self.handlers;
            let connection = handlers.common.connection;
            handlers.answer_to(&subscribing);
            if let Err(error) = handlers.join().await {
                handlers.note_failure("subscribe", &error);
                let error = client_error(&error, "subscribe");
                return Err(Stop::Refused(error, *subscribing));
            }
            let told = handlers.member.send(subscribed_frame(&subscribing)).await;
            // A client that has left behind its last words is heard all the same.
            if told.is_err()
                && let Some(why) = self.subscription.ending()
            {
                return Err(Stop::Refused(refusal(&why), *subscribing));
            }
            if connection.stage() == Stage::Dropping {
                return Err(Stop::Elsewhere);
            }
            Counters::add_own(&connection.counters.frames_handled, 1);
            if let Step::Break(why) = handlers.connected().await {
                return Err(Stop::Failed(why));
            }
            if handlers.sends_completions() {
                handlers.answer_to(&subscribing);
                handlers.complete().await;
                handlers.answer_nobody();
            }
            Ok(())
        })
    }

    /// Ends the subscription, and runs `disconnected`.
    fn leave<'s>(mut self, stop: Option<Stop>) -> BoxFuture<'s, Ended>
    where
        Self: 's,
    {
        Box::pin(async move {
            let connection = self.handlers.common.connection;
            let cut_off = self.cut_off(stop.as_ref());
            let why = match &stop {
                Some(Stop::Refused(..) | Stop::Unsubscribed(_)) => Disconnect::Unsubscribed,
                Some(Stop::Failed(Disconnect::RateLimited)) => {
                    connection.end(Disconnect::RateLimited);
                    Disconnect::RateLimited
                }
                Some(Stop::Failed(why)) => self.subscription.ending().unwrap_or(why.clone()),
                Some(Stop::Elsewhere) | None => {
                    let ending = self.subscription.ending();
                    let ending = ending.or_else(|| connection.ending());
                    ending.unwrap_or(Disconnect::Lost)
                }
            };
            self.subscription.end(why.clone());
            self.handlers.disconnected(&why).await;
            match stop {
                Some(Stop::Refused(error, subscribing)) => Ended::Refused(error, subscribing),
                Some(Stop::Unsubscribed(asked)) => Ended::Unsubscribed(asked),
                Some(Stop::Failed(_) | Stop::Elsewhere) | None => {
                    cut_off.unwrap_or(Ended::ByServer)
                }
            }
        })
    }

    /// The end in which a frame is still to be answered: its handler, or the joining of
    /// groups, was cancelled, or it was answered when the client had been told of the end.
    fn cut_off(&self, stop: Option<&Stop>) -> Option<Ended> {
        let handlers = &self.handlers;
        let is_cut_off = stop.is_none() || handlers.is_cut_off;
        let why = self.subscription.ending().filter(|_| is_cut_off)?;
        if !handlers.has_begun {
            let subscribing = handlers.served.correlation();
            return Some(Ended::Refused(refusal(&why), subscribing.clone()));
        }
        let asked = handlers.asked()?;
        Some(Ended::CutOff(refusal(&why), asked.clone()))
    }
}

/// Runs a subscription's consumer until that stops or has to: with the session,
/// or when it has had its time since the subscription was ended.
fn until_cancelled<'r>(
    mut attending: Pin<&'r mut (impl Future<Output = Stop> + Send)>,
    streams: &'r Streams,
    subscription: &'r Subscription,
    common: &'r Common<'_>,
) -> impl Future<Output = Option<Stop>> + Send {
    let mut known = None;
    // The replies that come piece by piece end with the connection or the subscription.
    let mut sending = Some(streams.run());
    // Boxed because a timer is large and few subscriptions have one. A handler that never
    // pauses leaves it nothing of the task's budget.
    let mut deadline: Option<Pin<Box<Unconstrained<Sleep>>>> = None;
    poll_fn(move |cx| {
        subscription.task.note(cx.waker(), &mut known);
        if common.is_over() {
            return Poll::Ready(None);
        }
        if subscription.has_ended() || common.connection.stage() > Stage::Open {
            sending = None;
        }
        if let Some(sending) = &mut sending {
            // It never ends.
            let _ = sending.poll_unpin(cx);
        }
        if let Poll::Ready(stop) = attending.as_mut().poll(cx) {
            return Poll::Ready(Some(stop));
        }
        if !subscription.has_ended() {
            return Poll::Pending;
        }
        let limit = capped(common.options.finish_timeout);
        let deadline = deadline.get_or_insert_with(|| Box::pin(unconstrained(sleep(limit))));
        deadline.as_mut().poll(cx).map(|()| None)
    })
}

/// The error for a frame that was to be answered when the subscription had ended.
fn refusal(why: &Disconnect) -> ErrorPayload {
    match why.unsubscribed() {
        Some(told) => ErrorPayload::with_reason(told.reason.to_owned(), told.detail.to_owned()),
        None => ErrorPayload::with_reason("closed", "the subscription was closed"),
    }
}
