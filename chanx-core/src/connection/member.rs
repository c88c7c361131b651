//! A connection or a subscription as its layer sees it: a place to deliver to.

use std::sync::{Arc, atomic::AtomicU64};

use bytes::Bytes;
use tracing::warn;

use super::{
    Connection, Disconnect, Offer, Stage,
    counters::Counters,
    event::AnyEvent,
    frames::Delivering,
    membership::Membership,
    outbox::Pushed,
    publication::{Content, Outcome},
    stream::Stream,
    subscription::Subscription,
};
use crate::{
    identity::{ConnectionId, GroupName, MemberId, Topic, UserKey},
    options::{CompletionFrames, Overflow},
    wire::{Text, Unsubscribed, group_complete_frame, unsubscribed_frame},
};

/// A connection, or one of its subscriptions, as its layer sees it.
#[derive(Debug, Clone)]
pub(crate) enum Member {
    Connection(Arc<Connection>),
    Subscription(Arc<Subscription>),
}

/// The outcome of a publication at one member, and what is left to do about it.
#[derive(Debug)]
pub(crate) struct Delivery {
    pub(crate) outcome: Outcome,
    /// Boxed because there is hardly ever any.
    pub(crate) unfinished: Option<Box<Unfinished>>,
}

/// The part of a delivery that runs other people's code.
///
/// A log line runs the application's subscriber, and an event that is dropped
/// its `Drop`. Both may call back into the layer, so neither runs under a
/// lock of ours.
#[derive(Debug)]
#[must_use = "finish it once no lock is held"]
pub(crate) enum Unfinished {
    /// A queue has overflowed, and the member ends for it.
    Overflow(Member, Disconnect),
    /// The application ends the member.
    End(Member, Disconnect),
    /// This event had to make room.
    Drop(AnyEvent),
}

impl Member {
    pub(crate) fn shared(&self) -> &Arc<Connection> {
        match self {
            Self::Connection(connection) => connection,
            Self::Subscription(subscription) => &subscription.connection,
        }
    }

    fn membership(&self) -> &Membership {
        match self {
            Self::Connection(connection) => &connection.membership,
            Self::Subscription(subscription) => &subscription.membership,
        }
    }

    /// The subscription's place in the outbox.
    fn stream(&self) -> Option<&Arc<Stream>> {
        match self {
            Self::Connection(connection) => connection.stream.as_ref(),
            Self::Subscription(subscription) => Some(&subscription.stream),
        }
    }

    pub(crate) fn id(&self) -> MemberId {
        MemberId {
            connection: self.connection(),
            topic: self.topic().cloned(),
        }
    }

    pub(crate) fn connection(&self) -> ConnectionId {
        self.shared().id
    }

    pub(crate) fn channel(&self) -> &'static str {
        self.membership().channel
    }

    /// The topic that it has been subscribed to.
    pub(crate) fn topic(&self) -> Option<&Topic> {
        self.membership().topic.as_ref()
    }

    pub(crate) fn user(&self) -> Option<&UserKey> {
        self.shared().user.as_ref()
    }

    pub(crate) fn counters(&self) -> &Counters {
        &self.shared().counters
    }

    /// The groups that it is in.
    pub(crate) fn memberships(&self) -> &super::Memberships {
        &self.membership().groups
    }

    /// The groups that it is in, in order of joining.
    pub(crate) fn groups(&self) -> Vec<GroupName> {
        self.memberships().names()
    }

    /// True if the client is told of all that has been dealt with; on topics only a
    /// test is.
    pub(crate) fn sends_completions(&self) -> bool {
        match self.shared().completion_frames {
            CompletionFrames::Off => false,
            CompletionFrames::On => self.topic().is_none(),
            CompletionFrames::OnTopicsToo => true,
        }
    }

    /// The stage that it has reached: a subscription's is no earlier than its
    /// connection's.
    pub(crate) fn stage(&self) -> Stage {
        match self {
            Self::Subscription(subscription) if subscription.has_ended() => Stage::Dropping,
            Self::Connection(_) | Self::Subscription(_) => self.shared().stage(),
        }
    }

    /// Waits until it is no longer open.
    pub(crate) async fn ended(&self) {
        match self {
            Self::Connection(connection) => {
                connection.ended().await;
            }
            Self::Subscription(subscription) => subscription.ended().await,
        }
    }

    /// Begins its end. A subscription goes alone, unless it is the client that
    /// is too slow.
    pub(crate) fn end(&self, why: Disconnect) {
        match (self, &why) {
            (Self::Connection(connection), Disconnect::Ended { reason, detail }) => {
                if let Some(stream) = &connection.stream {
                    let told = Unsubscribed { reason, detail };
                    let last = unsubscribed_frame(stream.topic(), &told);
                    let dropped = connection.outbox.end(stream, Some(last));
                    Counters::add(&connection.counters.dropped_frames, dropped);
                }
                connection.end(why);
            }
            (Self::Connection(connection), _) => connection.end(why),
            (Self::Subscription(subscription), Disconnect::SlowClient) => {
                subscription.connection.end(why);
            }
            (Self::Subscription(subscription), _) => subscription.end(why),
        }
    }

    /// Queues a frame of the consumer's own, waiting for room.
    pub(crate) fn send(&self, frame: Bytes) -> Offer<'_> {
        self.shared().outbox.send(frame, self.stream())
    }

    /// Queues a frame of the consumer's own, if there is room for it now.
    ///
    /// # Errors
    ///
    /// The frame, where there is no room for it.
    #[inline]
    pub(crate) fn try_send(&self, frame: Bytes) -> Result<(), Bytes> {
        self.shared().outbox.try_send(frame, self.stream())
    }

    /// Takes the oldest event.
    #[inline]
    pub(crate) fn poll_event(&self, cx: &std::task::Context<'_>) -> std::task::Poll<AnyEvent> {
        let waiting = &self.shared().waiting;
        self.membership().mailbox.poll_pop(cx, waiting)
    }

    /// Drops and counts the events that wait, and so many that were taken already.
    pub(crate) fn drop_events(&self, taken: u64) {
        match self {
            Self::Connection(connection) => connection.drop_events(taken),
            Self::Subscription(subscription) => subscription.drop_events(taken),
        }
    }

    /// Hands over what was published, without waiting and without running
    /// anybody else's code: that is what [`Unfinished::finish`] does.
    ///
    /// A full queue drops it, counts it and, by default, ends the member.
    pub(crate) fn deliver(&self, delivering: &mut Delivering<'_>) -> Delivery {
        if let Some(frame) = delivering.frame_for(self.shared(), self.topic()) {
            return self.deliver_frame(frame);
        }
        let publication = delivering.publication;
        match &publication.content {
            Content::Event(event) => self.deliver_event(event.clone().with_seq(publication.seq)),
            Content::Message(_) => Delivery::of(Outcome::Closed),
            Content::Unsubscribe { .. } if self.topic().is_none() => Delivery::of(Outcome::Closed),
            Content::Unsubscribe { reason, detail } => self.deliver_end(Disconnect::Ended {
                reason: reason.clone(),
                detail: detail.clone(),
            }),
            Content::Close { code, reason } => self.deliver_end(Disconnect::Server {
                code: *code,
                reason: reason.clone(),
            }),
        }
    }

    /// Tells the client that it may have missed something, unless it has left.
    pub(crate) fn lag(&self) -> bool {
        let is_here = self.stage() == Stage::Open;
        if is_here {
            self.shared().outbox.lag(self.stream());
        }
        is_here
    }

    fn deliver_end(&self, why: Disconnect) -> Delivery {
        if self.stage() > Stage::Open && self.topic().is_some() {
            return Delivery::of(Outcome::Closed);
        }
        Delivery {
            outcome: Outcome::Queued,
            unfinished: Some(Box::new(Unfinished::End(self.clone(), why))),
        }
    }

    fn deliver_event(&self, event: AnyEvent) -> Delivery {
        let connection = self.shared();
        let mailbox = &self.membership().mailbox;
        let crowded = mailbox.is_full(&connection.waiting);
        if let Some(fullest) = crowded.then(|| self.fullest_other()).flatten() {
            return self.deliver_in_place_of(&fullest, event);
        }
        let (pushed, oldest) = mailbox.push(event, &connection.waiting);
        if matches!(pushed, Pushed::Dropped(_)) {
            connection.outbox.lag(self.stream());
        }
        let dropped = &connection.counters.dropped_events;
        let mut delivery = self.settle(pushed, dropped, Disconnect::SlowConsumer);
        if let Some(oldest) = oldest {
            delivery.unfinished = Some(Box::new(Unfinished::Drop(oldest)));
        }
        delivery
    }

    /// The other member of the connection that has more events waiting than this one,
    /// and the most of all.
    fn fullest_other(&self) -> Option<Self> {
        let own = self.membership().mailbox.len();
        let others = self.shared().members().into_iter();
        let others = others.map(|member| (member.membership().mailbox.len(), member));
        let fullest = others.filter(|(waiting, _)| *waiting > own);
        fullest
            .max_by_key(|(waiting, _)| *waiting)
            .map(|(_, member)| member)
    }

    /// Delivers an event where the room has gone to another member: it is that
    /// one which is slow, and which the policy is for.
    fn deliver_in_place_of(&self, fullest: &Self, event: AnyEvent) -> Delivery {
        let connection = self.shared();
        let slow = &fullest.membership().mailbox;
        let unfinished = match slow.overflow() {
            Overflow::Close => {
                Counters::add(&connection.counters.dropped_events, 1);
                Some(Unfinished::Overflow(
                    fullest.clone(),
                    Disconnect::SlowConsumer,
                ))
            }
            Overflow::DropNewest | Overflow::DropOldest => {
                let room = slow.make_room(&connection.waiting);
                Counters::add(
                    &connection.counters.dropped_events,
                    room.iter().len() as u64,
                );
                connection.outbox.lag(fullest.stream());
                room.map(Unfinished::Drop)
            }
        };
        let mailbox = &self.membership().mailbox;
        let outcome = match mailbox.push_beyond(event, &connection.waiting) {
            true => Outcome::Queued,
            false => Outcome::Closed,
        };
        Delivery {
            outcome,
            unfinished: unfinished.map(Box::new),
        }
    }

    fn deliver_frame(&self, frame: Text) -> Delivery {
        let connection = self.shared();
        let outbox = &connection.outbox;
        let completion = self.sends_completions();
        let completion = completion.then(|| group_complete_frame(self.topic().map(Topic::as_str)));
        let pushed = outbox.push(frame, completion, self.stream());
        if pushed == Pushed::Queued {
            return Delivery::of(Outcome::Queued);
        }
        let dropped = &connection.counters.dropped_frames;
        self.settle(pushed, dropped, Disconnect::SlowClient)
    }

    fn settle(&self, pushed: Pushed, dropped: &AtomicU64, slow: Disconnect) -> Delivery {
        let mut unfinished = None;
        let outcome = match pushed {
            Pushed::Queued => Outcome::Queued,
            Pushed::Closed => Outcome::Closed,
            Pushed::Dropped(count) => {
                Counters::add(dropped, count);
                Outcome::Dropped
            }
            Pushed::Overflowed => {
                Counters::add(dropped, 1);
                unfinished = Some(Box::new(Unfinished::Overflow(self.clone(), slow)));
                Outcome::Dropped
            }
        };
        Delivery {
            outcome,
            unfinished,
        }
    }
}

impl Delivery {
    fn of(outcome: Outcome) -> Self {
        Self {
            outcome,
            unfinished: None,
        }
    }
}

impl Unfinished {
    pub(crate) fn finish(self) {
        match self {
            Self::Overflow(member, slow) => {
                let (id, channel) = (member.connection(), member.channel());
                let topic = member.topic().map(|topic| topic.as_str());
                member.end(slow.clone());
                warn!(connection = %id, channel, topic, ?slow, "a queue overflowed");
            }
            Self::End(member, Disconnect::Server { code, reason }) => {
                member.end(Disconnect::by_server(member.connection(), code, reason));
            }
            Self::End(member, why) => member.end(why),
            Self::Drop(event) => drop(event),
        }
    }
}
