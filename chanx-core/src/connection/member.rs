//! A connection or a subscription as its layer sees it: a place to deliver to.

use std::{
    cmp::Ordering,
    sync::Arc,
    task::{Context, Poll},
};

use bytes::Bytes;

use super::{
    Connection, Disconnect, Offer, Stage, counters::Counters, event::AnyEvent,
    membership::Membership, stream::Stream, subscription::Subscription,
};
use crate::{
    identity::{ConnectionId, GroupName, MemberId, Topic, UserKey},
    options::CompletionFrames,
    wire::{Unsubscribed, unsubscribed_frame},
};

/// A connection, or one of its subscriptions, as its layer sees it.
#[derive(Debug, Clone)]
pub(crate) enum Member {
    Connection(Arc<Connection>),
    Subscription(Arc<Subscription>),
}

/// Members are ordered as they lie in memory, and are the same where they are one.
///
/// So nothing of a member is read to compare it: in a large group, most members
/// are in no cache of the processor.
impl Ord for Member {
    fn cmp(&self, other: &Self) -> Ordering {
        self.address().cmp(&other.address())
    }
}

impl PartialOrd for Member {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Member {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Member {}

impl Member {
    /// The place in memory, which no other member has for as long as this one is held.
    fn address(&self) -> usize {
        match self {
            Self::Connection(connection) => Arc::as_ptr(connection).addr(),
            Self::Subscription(subscription) => Arc::as_ptr(subscription).addr(),
        }
    }

    pub(crate) fn shared(&self) -> &Arc<Connection> {
        match self {
            Self::Connection(connection) => connection,
            Self::Subscription(subscription) => &subscription.connection,
        }
    }

    pub(super) fn membership(&self) -> &Membership {
        match self {
            Self::Connection(connection) => &connection.membership,
            Self::Subscription(subscription) => &subscription.membership,
        }
    }

    /// The subscription's place in the outbox.
    pub(super) fn stream(&self) -> Option<&Arc<Stream>> {
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
        match self {
            Self::Connection(connection) => connection.topic(),
            Self::Subscription(subscription) => Some(subscription.topic()),
        }
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

    /// True if a frame of the consumer's own would be the next to be written.
    #[inline]
    pub(crate) fn is_next(&self) -> bool {
        self.shared().outbox.is_next(self.stream())
    }

    /// Takes the oldest event.
    #[inline]
    pub(crate) fn poll_event(&self, cx: &Context<'_>) -> Poll<AnyEvent> {
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

    /// Tells the client that it may have missed something, unless it has left.
    #[cfg(feature = "broker")]
    pub(crate) fn lag(&self) -> bool {
        let is_here = self.stage() == Stage::Open;
        if is_here {
            self.shared().outbox.lag(self.stream());
        }
        is_here
    }
}
