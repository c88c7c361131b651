//! The delivery of what was published to one member.

use std::sync::atomic::AtomicU64;

use tracing::warn;

use super::{
    Disconnect, Member, Stage,
    counters::Counters,
    event::AnyEvent,
    frames::Delivering,
    outbox::Pushed,
    publication::{Content, Outcome},
};
use crate::{
    identity::Topic,
    options::Overflow,
    wire::{Text, group_complete_frame},
};

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

    #[inline]
    fn deliver_frame(&self, frame: Text) -> Delivery {
        let connection = self.shared();
        let pushed = match self.sends_completions() {
            // The rule, which is compiled without what a completion takes.
            false => connection.outbox.push(frame, None, self.stream()),
            true => self.push_completed(frame),
        };
        if pushed == Pushed::Queued {
            return Delivery::of(Outcome::Queued);
        }
        let dropped = &connection.counters.dropped_frames;
        self.settle(pushed, dropped, Disconnect::SlowClient)
    }

    #[inline(never)]
    fn push_completed(&self, frame: Text) -> Pushed {
        let completion = group_complete_frame(self.topic().map(Topic::as_str));
        let outbox = &self.shared().outbox;
        outbox.push(frame, Some(completion), self.stream())
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
