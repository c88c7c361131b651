//! One topic of one connection, whose client is subscribed to it or not.

use std::future::{Future, poll_fn};

use futures_util::future::BoxFuture;
use tokio::sync::oneshot;

use super::{
    answers::{not_subscribed, too_many_messages},
    ask::Ask,
    busy::Busy,
    common::Common,
    inbox::{InLane, LaneId, Queued},
    rate::Allowance,
    read::correlation_of,
    subscribed::{Ended, subscribed},
};
use crate::{
    channel::Served,
    connection::{Counters, Disconnect},
    identity::Topic,
    wire::{Correlation, ErrorPayload, FrameError, unsubscribed_reply},
};

/// One topic of one connection: it deals with the topic's frames in order, and
/// runs the consumer of the subscription while there is one.
///
/// It begins with a `subscribe`, and ends when nothing waits for it and there
/// is no subscription.
pub(super) struct Lane<'a> {
    id: LaneId,
    topic: Topic,
    common: &'a Common<'a>,
    busy: Busy<'a>,
    /// The number of frames to come that waited when the server ended the subscription
    /// that they were for.
    unhandled: usize,
}

/// A subscription that the hub has admitted.
struct Admitted {
    consumer: Box<dyn Served>,
    /// The marks of the frame that has asked for it.
    subscribing: Box<Correlation<'static>>,
}

/// The worker is gone, which alone has the hub's consumer.
struct WorkerGone;

impl<'a> Lane<'a> {
    pub(super) fn new(id: LaneId, topic: Topic, common: &'a Common<'a>) -> Self {
        Self {
            id,
            topic,
            common,
            busy: Busy::new(&common.connection.busy_lanes),
            unhandled: 0,
        }
    }

    /// Deals with the topic's frames until nothing waits and nobody is subscribed.
    ///
    /// Boxed is whatever is not the wait for something to do, so that an idle
    /// subscription keeps no room for it.
    #[expect(
        clippy::manual_async_fn,
        reason = "an async function would hold its arguments twice"
    )]
    pub(super) fn run(mut self) -> impl Future<Output = ()> + Send + use<'a> {
        async move {
            loop {
                let Some(frame) = self.next().await else {
                    return;
                };
                let Some(Admitted {
                    consumer,
                    subscribing,
                }) = self.on_frame(frame).await
                else {
                    continue;
                };
                let ended =
                    subscribed(self.common, self.id, &mut self.busy, consumer, subscribing).await;
                self.after(ended).await;
            }
        }
    }

    fn next(&self) -> impl Future<Output = Option<Queued>> {
        poll_fn(|cx| {
            let next = self.common.inbox.poll_lane(self.id, false, cx);
            next.map(|next| match next {
                InLane::Frame(frame) => Some(frame),
                InLane::Gone => None,
            })
        })
    }

    /// Answers one frame of a client that is not subscribed, unless it is admitted to a
    /// subscription: that counts its own frames, and this one among them.
    fn on_frame(&mut self, frame: Queued) -> BoxFuture<'_, Option<Admitted>> {
        Box::pin(async move {
            let read = frame.read(&self.topic);
            let correlation = correlation_of(&read).clone().into_owned();
            let above = self.common.allowance();
            let action = read.as_ref().map(|message| &*message.action);
            let is_answered = match (above, action) {
                (Allowance::Within, Ok("subscribe")) => match self.admit(correlation.clone()).await
                {
                    Ok(Some(consumer)) => {
                        return Some(Admitted {
                            consumer,
                            subscribing: Box::new(correlation),
                        });
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
            None
        })
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

    /// Answers what has ended a subscription, once that is over.
    fn after(&mut self, ended: Ended) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            match ended {
                Ended::Refused(error, subscribing) => {
                    if self.refuse(error, subscribing).await {
                        self.count_handled();
                    }
                }
                Ended::Unsubscribed(asked) => {
                    self.answer(unsubscribed_reply(&asked)).await;
                    self.count_handled();
                }
                Ended::CutOff(error, asked) => {
                    self.unhandled = self.common.inbox.waiting_in_lane(self.id);
                    // The message has been counted as handled, or was not.
                    self.refuse(error, asked).await;
                }
                Ended::ByServer => {
                    self.unhandled = self.common.inbox.waiting_in_lane(self.id);
                }
            }
        })
    }

    fn count_handled(&self) {
        let handled = &self.common.connection.counters.frames_handled;
        Counters::add_own(handled, 1);
    }
}
