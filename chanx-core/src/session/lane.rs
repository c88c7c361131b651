//! One topic of one connection: a subscription while there is one.

use std::{
    future::{Future, poll_fn},
    pin::{Pin, pin},
    task::Poll,
};

use tokio::{
    sync::oneshot,
    time::{Sleep, sleep},
};

use super::{
    answers::{client_error, not_subscribed, too_many_messages},
    ask::Ask,
    busy::Busy,
    common::Common,
    handlers::{Handlers, Step},
    inbox::InLane,
    rate::Allowance,
    read::{action_of, correlation_of, decode},
    streams::{FailedStream, Streams},
};
use crate::{
    channel::Served,
    connection::{AnyEvent, Counters, Disconnect, Member, Stage, Subscription},
    identity::Topic,
    time_limit::capped,
    wire::{Correlation, ErrorPayload, Frame, FrameError, subscribed_frame, unsubscribed_reply},
};

/// One topic of one connection: it deals with the topic's frames in order, and
/// runs the consumer of the subscription while there is one.
///
/// It begins with a `subscribe`, and ends when nothing waits for it and there
/// is no subscription.
pub(super) struct Lane<'a> {
    topic: Topic,
    common: &'a Common<'a>,
    busy: Busy<'a>,
    /// The number of frames to come that waited when the server ended the subscription
    /// that they were for.
    unhandled: usize,
}

enum Input {
    Frame(Frame),
    Event(AnyEvent),
    FailedStream(Box<FailedStream>),
    /// The subscription has been ended from elsewhere.
    Ended,
}

/// The worker is gone, which alone has the hub's consumer.
struct WorkerGone;

/// The ways in which the running of a subscription's consumer ends.
enum Ended {
    /// Before the client has been told of it, which is answered with this.
    Refused(ErrorPayload),
    /// The client unsubscribes by a frame with this `ref`.
    Unsubscribed(Correlation<'static>),
    /// A handler or hook has failed.
    Failed(Disconnect),
    /// The subscription has been ended from elsewhere.
    Elsewhere,
}

impl<'a> Lane<'a> {
    pub(super) fn new(topic: Topic, common: &'a Common<'a>) -> Self {
        Self {
            topic,
            common,
            busy: Busy::new(&common.connection.busy_lanes),
            unhandled: 0,
        }
    }

    /// Deals with the topic's frames until nothing waits and nobody is subscribed.
    pub(super) async fn run(mut self) {
        while let Some(frame) = self.next_unsubscribed().await {
            self.on_frame(&frame).await;
        }
    }

    async fn next_unsubscribed(&mut self) -> Option<Frame> {
        poll_fn(|cx| {
            let next = self.common.inbox.poll_lane(&self.topic, false, cx);
            next.map(|next| match next {
                InLane::Frame(frame) => Some(frame),
                InLane::Gone => None,
            })
        })
        .await
    }

    fn count_handled(&self) {
        let handled = &self.common.connection.counters.frames_handled;
        Counters::add_own(handled, 1);
    }

    /// Answers one frame of a client that is not subscribed.
    async fn on_frame(&mut self, frame: &Frame) {
        let read = decode(frame);
        let correlation = correlation_of(&read).clone().into_owned();
        let above = self.common.allowance();
        let action = read.as_ref().map(|message| &*message.action);
        let is_answered = match (above, action) {
            (Allowance::Within, Ok("subscribe")) => match self.admit(correlation.clone()).await {
                Ok(Some(consumer)) => {
                    // Boxed, so that a lane without a subscription is small. It counts its
                    // own frames, and this one among them.
                    return Box::pin(self.subscription(consumer, correlation)).await;
                }
                Ok(None) => true,
                Err(WorkerGone) => false,
            },
            (Allowance::Within, Ok("unsubscribe")) => {
                self.answer(unsubscribed_reply(&correlation)).await;
                true
            }
            (Allowance::Within, Ok(_)) => self.refuse(not_subscribed(), correlation).await,
            (Allowance::Within, Err(FrameError { error, .. })) => {
                self.refuse(error.clone(), correlation).await
            }
            (Allowance::Above | Allowance::StillAbove, _) => {
                let is_answered = self.refuse(too_many_messages(), correlation).await;
                if above == Allowance::StillAbove {
                    self.common.connection.end(Disconnect::RateLimited);
                }
                is_answered
            }
        };
        match self.unhandled.checked_sub(1) {
            Some(unhandled) => self.unhandled = unhandled,
            None if is_answered => self.count_handled(),
            None => {}
        }
    }

    /// Has the hub admit a subscription; `None` where the hub has answered why not.
    ///
    /// # Errors
    ///
    /// Where the session is about to end.
    async fn admit(
        &self,
        correlation: Correlation<'static>,
    ) -> Result<Option<Box<dyn Served>>, WorkerGone> {
        let (admitted, consumer) = oneshot::channel();
        let topic = self.topic.clone();
        self.common.inbox.ask(Ask::Admit {
            topic,
            correlation,
            admitted,
        });
        consumer.await.map_err(|_| WorkerGone)
    }

    /// Has the hub answer with an error, as it renders it: not where the session is
    /// about to end.
    async fn refuse(&self, error: ErrorPayload, correlation: Correlation<'static>) -> bool {
        let (refused, answered) = oneshot::channel();
        self.common.inbox.ask(Ask::Refuse {
            error,
            correlation,
            refused,
        });
        answered.await.is_ok()
    }

    /// Sends a frame that is no subscription's.
    async fn answer(&self, frame: bytes::Bytes) {
        // An error says that the connection is ending.
        let _ = self.common.connection.outbox.send(frame, None).await;
    }

    /// Runs the consumer of a subscription from its beginning to its end.
    async fn subscription(
        &mut self,
        mut consumer: Box<dyn Served>,
        subscribing: Correlation<'static>,
    ) {
        let common = self.common;
        let member = consumer.member().clone();
        let Member::Subscription(subscription) = &member else {
            unreachable!("what a lane has admitted is a subscription");
        };
        let attached = common.layer.attach(member.clone());
        let streams = Streams::new(member.clone());
        let mut handlers = Handlers::new(&mut *consumer, common, &streams);
        let ended = {
            let attending = pin!(self.attend(subscription, &mut handlers, &subscribing));
            until_cancelled(attending, &streams, subscription, common).await
        };

        let why = match &ended {
            Some(Ended::Refused(_) | Ended::Unsubscribed(_)) => Disconnect::Unsubscribed,
            Some(Ended::Failed(Disconnect::RateLimited)) => {
                common.connection.end(Disconnect::RateLimited);
                Disconnect::RateLimited
            }
            Some(Ended::Failed(why)) => why.clone(),
            Some(Ended::Elsewhere) | None => {
                let ending = subscription.ending();
                let ending = ending.or_else(|| common.connection.ending());
                ending.unwrap_or(Disconnect::Lost)
            }
        };
        subscription.end(why.clone());
        handlers.disconnected(&why).await;
        drop(attached);
        match ended {
            Some(Ended::Refused(error)) => {
                if self.refuse(error, subscribing).await {
                    self.count_handled();
                }
            }
            Some(Ended::Unsubscribed(asked)) => {
                self.answer(unsubscribed_reply(&asked)).await;
                self.count_handled();
            }
            Some(Ended::Failed(_) | Ended::Elsewhere) | None => {
                self.unhandled = common.inbox.waiting_in_lane(&self.topic);
            }
        }
    }

    /// Joins, tells the client, and then handles messages and events in turn.
    async fn attend(
        &mut self,
        subscription: &Subscription,
        handlers: &mut Handlers<'_>,
        subscribing: &Correlation<'static>,
    ) -> Ended {
        if let Err(error) = handlers.join().await {
            handlers.note_failure("subscribe", &error);
            return Ended::Refused(client_error(&error, "subscribe"));
        }
        let told = handlers.member.send(subscribed_frame(subscribing)).await;
        match (told, subscription.ending()) {
            // A client that has left behind its last words is heard all the same.
            (Ok(()), _) | (Err(_), None) => {}
            (Err(_), Some(Disconnect::Ended { reason, detail })) => {
                return Ended::Refused(ErrorPayload::with_reason(reason, detail));
            }
            (Err(_), Some(_)) => {
                return Ended::Refused(ErrorPayload::detail("the subscription was closed"));
            }
        }
        if self.common.connection.stage() == Stage::Dropping {
            return Ended::Elsewhere;
        }
        self.count_handled();
        if let Step::Break(why) = Box::pin(handlers.connected()).await {
            return Ended::Failed(why);
        }
        if handlers.sends_completions() {
            handlers.answer_to(subscribing);
            Box::pin(handlers.complete()).await;
            handlers.answer_nobody();
        }
        let mut events_first = false;
        loop {
            events_first = !events_first;
            let input = self.next(subscription, handlers, events_first).await;
            let step = match (self.common.connection.stage(), input) {
                (_, Input::Ended) => return Ended::Elsewhere,
                (Stage::Open | Stage::Finishing, Input::Frame(frame)) => {
                    let read = decode(&frame);
                    let (action, correlation) = (action_of(&read), correlation_of(&read));
                    let allowance = self.common.allowance();
                    if action == Some("unsubscribe") && allowance == Allowance::Within {
                        return Ended::Unsubscribed(correlation.clone().into_owned());
                    }
                    let step = if handlers.is_about_a_stream(action, correlation) {
                        let step = handlers.on_frame_about_a_stream(action, correlation, allowance);
                        Box::pin(step).await
                    } else {
                        handlers.answer_to(correlation);
                        let step = handlers.on_frame(read, allowance).await;
                        let is_done = step.is_continue() && !handlers.is_streaming;
                        if is_done && handlers.sends_completions() {
                            Box::pin(handlers.complete()).await;
                        }
                        step
                    };
                    handlers.is_streaming = false;
                    self.count_handled();
                    step
                }
                (Stage::Open, Input::Event(event)) => handlers.on_event(event).await,
                (Stage::Finishing | Stage::Dropping, Input::Event(_)) => {
                    handlers.member.drop_events(1);
                    Step::Continue(())
                }
                (Stage::Dropping, Input::Frame(_)) => Step::Continue(()),
                (_, Input::FailedStream(failed)) => {
                    Box::pin(handlers.on_failed_stream(*failed)).await
                }
            };
            if let Step::Break(why) = step {
                return Ended::Failed(why);
            }
            handlers.answer_nobody();
            tokio::task::coop::consume_budget().await;
        }
    }

    /// The next frame or event, of which neither can starve the other. Once the
    /// connection has begun to end and nothing is left, it never comes.
    async fn next(
        &mut self,
        subscription: &Subscription,
        handlers: &mut Handlers<'_>,
        events_first: bool,
    ) -> Input {
        let (topic, common, busy) = (&self.topic, self.common, &mut self.busy);
        let (member, streams) = (&handlers.member, handlers.streams);
        poll_fn(|cx| {
            if subscription.has_ended() {
                return Poll::Ready(Input::Ended);
            }
            if let Poll::Ready(failed) = streams.poll_failed(cx) {
                return Poll::Ready(Input::FailedStream(failed));
            }
            let event = || member.poll_event(cx).map(Input::Event);
            let frame = || {
                let next = common.inbox.poll_lane(topic, true, cx);
                next.map(|next| match next {
                    InLane::Frame(frame) => Input::Frame(frame),
                    InLane::Gone => Input::Ended,
                })
            };
            let first = if events_first { event() } else { frame() };
            let input = match first {
                Poll::Ready(input) => Poll::Ready(input),
                Poll::Pending if events_first => frame(),
                Poll::Pending => event(),
            };
            busy.set(input.is_ready());
            input
        })
        .await
    }
}

/// Runs a subscription's consumer until that ends or has to: with the session,
/// or when it has had its time since the subscription was ended.
async fn until_cancelled(
    mut attending: Pin<&mut impl Future<Output = Ended>>,
    streams: &Streams,
    subscription: &Subscription,
    common: &Common<'_>,
) -> Option<Ended> {
    let mut known = None;
    // The replies that come piece by piece end with the connection or the subscription.
    let mut sending = Some(Box::pin(streams.run()));
    // Boxed because a timer is large and few subscriptions have one.
    let mut deadline: Option<Pin<Box<Sleep>>> = None;
    poll_fn(|cx| {
        subscription.task.note(cx.waker(), &mut known);
        if common.is_over() {
            return Poll::Ready(None);
        }
        if subscription.has_ended() || common.connection.stage() > Stage::Open {
            sending = None;
        }
        if let Some(sending) = &mut sending {
            // It never ends.
            let _ = sending.as_mut().poll(cx);
        }
        if let Poll::Ready(ended) = attending.as_mut().poll(cx) {
            return Poll::Ready(Some(ended));
        }
        if !subscription.has_ended() {
            return Poll::Pending;
        }
        let limit = capped(common.options.finish_timeout);
        let deadline = deadline.get_or_insert_with(|| Box::pin(sleep(limit)));
        deadline.as_mut().poll(cx).map(|()| None)
    })
    .await
}
