//! A connection as its layer sees it: a place to deliver to.

use std::sync::{Arc, atomic::AtomicU64};

use tracing::warn;

use super::{
    Connection, Disconnect,
    counters::Counters,
    event::AnyEvent,
    frames::Delivering,
    outbox::Pushed,
    publication::{Content, Outcome},
};
use crate::{
    identity::{ConnectionId, GroupName, MemberId, UserKey},
    wire::{GROUP_COMPLETE, Text},
};

/// A connection as its layer sees it.
#[derive(Debug, Clone)]
pub(crate) struct Member(pub(crate) Arc<Connection>);

/// The outcome of a publication at one member, and what is left to do about it.
#[derive(Debug)]
pub(crate) struct Delivery {
    pub(crate) outcome: Outcome,
    pub(crate) unfinished: Option<Unfinished>,
}

/// The part of a delivery that runs other people's code.
///
/// A log line runs the application's subscriber, and an event that is dropped
/// its `Drop`. Both may call back into the layer, so neither runs under a
/// lock of ours.
#[derive(Debug)]
#[must_use = "finish it once no lock is held"]
pub(crate) enum Unfinished {
    /// A queue has overflowed, and the connection ends for it.
    Overflow(Member, Disconnect),
    /// The application closes the connection.
    Close(Member, u16, String),
    /// This event had to make room.
    Drop(AnyEvent),
}

impl Member {
    pub(crate) fn id(&self) -> MemberId {
        MemberId {
            connection: self.0.id,
            topic: None,
        }
    }

    pub(crate) fn connection(&self) -> ConnectionId {
        self.0.id
    }

    pub(crate) fn channel(&self) -> &'static str {
        self.0.channel
    }

    pub(crate) fn user(&self) -> Option<&UserKey> {
        self.0.user.as_ref()
    }

    /// The groups that the connection is in, in order of joining.
    pub(crate) fn groups(&self) -> Vec<GroupName> {
        self.0.memberships.names()
    }

    /// Hands over what was published, without waiting and without running
    /// anybody else's code: that is what [`Unfinished::finish`] does.
    ///
    /// A full queue drops it, counts it and, by default, closes the connection.
    pub(crate) fn deliver(&self, delivering: &mut Delivering<'_>) -> Delivery {
        if let Some(frame) = delivering.frame_for(&self.0) {
            return self.deliver_frame(frame);
        }
        match &delivering.publication.content {
            Content::Event(event) => self.deliver_event(event),
            Content::Message(_) | Content::Unsubscribe { .. } => Delivery {
                outcome: Outcome::Closed,
                unfinished: None,
            },
            Content::Close { code, reason } => Delivery {
                outcome: Outcome::Queued,
                unfinished: Some(Unfinished::Close(self.clone(), *code, reason.clone())),
            },
        }
    }

    /// Tells the client that it may have missed something, unless it has left.
    pub(crate) fn lag(&self) -> bool {
        let is_here = self.0.ending().is_none();
        if is_here {
            self.0.outbox.lag();
        }
        is_here
    }

    fn deliver_event(&self, event: &AnyEvent) -> Delivery {
        let (pushed, oldest) = self.0.mailbox.push(event.clone());
        if matches!(pushed, Pushed::Dropped(_)) {
            self.0.outbox.lag();
        }
        let dropped = &self.0.counters.dropped_events;
        let mut delivery = self.settle(pushed, dropped, Disconnect::SlowConsumer);
        if let Some(oldest) = oldest {
            delivery.unfinished = Some(Unfinished::Drop(oldest));
        }
        delivery
    }

    fn deliver_frame(&self, frame: Text) -> Delivery {
        let pushed = if self.0.completion_frames {
            self.0.outbox.push(&[frame, GROUP_COMPLETE.clone().into()])
        } else {
            self.0.outbox.push(std::slice::from_ref(&frame))
        };
        let dropped = &self.0.counters.dropped_frames;
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
                unfinished = Some(Unfinished::Overflow(self.clone(), slow));
                Outcome::Dropped
            }
        };
        Delivery {
            outcome,
            unfinished,
        }
    }
}

impl Unfinished {
    pub(crate) fn finish(self) {
        match self {
            Self::Overflow(Member(connection), slow) => {
                let (id, channel) = (connection.id, connection.channel);
                connection.end(slow.clone());
                warn!(connection = %id, channel, ?slow, "a queue overflowed");
            }
            Self::Close(Member(connection), code, reason) => {
                connection.end(Disconnect::by_server(connection.id, code, reason));
            }
            Self::Drop(event) => drop(event),
        }
    }
}
