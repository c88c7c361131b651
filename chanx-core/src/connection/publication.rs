//! What is published, to whom, and what became of it.

use std::{
    any::{Any, TypeId},
    sync::Arc,
};

use bytes::Bytes;

use crate::{
    event::{Contained, EventSet, SharedEvent},
    identity::{ConnectionId, GroupName, UserKey},
    wire::EncodeError,
};

/// Something on its way to the connections of one channel.
///
/// Made when a [`Broadcast`](crate::Broadcast), an
/// [`EventBroadcast`](crate::EventBroadcast) or a [`Close`](crate::Close) is
/// awaited; an [`Observer`](crate::layer::Observer) sees it.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Publication {
    /// The channel whose connections it is for.
    pub channel: &'static str,
    /// Which of them.
    pub target: Target,
    /// What they get.
    pub content: Content,
    /// Who publishes, where it is a connection or a user.
    pub origin: Option<Origin>,
    /// Whether that connection is left out.
    pub exclude_origin: bool,
}

/// Which connections of a channel a publication is for.
#[derive(Debug, Clone)]
pub enum Target {
    /// The members of these groups, each of them once.
    Groups(Vec<GroupName>),
    /// One connection.
    Connection(ConnectionId),
    /// Every connection of one user.
    User(UserKey),
}

/// What the recipients of a publication get.
#[derive(Debug, Clone)]
pub enum Content {
    /// A frame for the client, past the handlers.
    Message(GroupMessage),
    /// An event for the consumer.
    Event(AnyEvent),
    /// The end of the connection.
    Close {
        /// The close code. Delivered, it is 1011 where it may not be sent.
        code: u16,
        /// The reason for the client.
        reason: String,
    },
}

/// The connection that publishes, or the user on whose behalf it is done.
#[derive(Debug, Clone, Default)]
pub struct Origin {
    /// The connection, unless it comes from outside of any.
    pub connection: Option<ConnectionId>,
    /// The user.
    pub user: Option<UserKey>,
}

/// A message for a group, encoded once.
#[derive(Debug, Clone)]
pub enum GroupMessage {
    /// The same frame for everyone.
    Same(Bytes),
    /// Frames that say whether the message is the recipient's own.
    Marked {
        /// For the connection that sent it.
        current: Bytes,
        /// For other connections of the same user.
        mine: Bytes,
        /// For everyone else.
        others: Bytes,
    },
}

impl GroupMessage {
    /// The frame for one recipient.
    pub(crate) fn frame_for(
        &self,
        id: ConnectionId,
        user: Option<&UserKey>,
        origin: Option<&Origin>,
    ) -> Bytes {
        let frame = match (self, origin) {
            (Self::Same(frame), _) | (Self::Marked { others: frame, .. }, None) => frame,
            (
                Self::Marked {
                    current,
                    mine,
                    others,
                },
                Some(origin),
            ) => {
                if origin.connection == Some(id) {
                    current
                } else if origin.user.is_some() && origin.user.as_ref() == user {
                    mine
                } else {
                    others
                }
            }
        };
        frame.clone()
    }
}

/// An event for a consumer, as the value it was sent as.
#[derive(Clone)]
pub struct AnyEvent(SharedEvent);

impl AnyEvent {
    /// Wraps an event; all its recipients share it.
    pub(crate) fn new<E: EventSet>(event: E) -> Self {
        Self(Arc::new(Contained::new(event)))
    }

    /// The event's action.
    #[must_use]
    pub fn action(&self) -> &'static str {
        self.0.action()
    }

    /// The event, if it was sent as an `E`.
    #[must_use]
    pub fn get<E: EventSet>(&self) -> Option<&E> {
        self.0.event().downcast_ref()
    }

    /// The frame of the event, for a layer that leaves the process.
    ///
    /// # Errors
    ///
    /// When the event has no form in JSON.
    pub fn encode(&self) -> Result<Bytes, EncodeError> {
        self.0.encode()
    }

    /// The event's type, which its handler goes by.
    pub(crate) fn event_type(&self) -> TypeId {
        self.0.event().type_id()
    }

    /// The event as its handler takes it, cloned where others hold it too.
    pub(crate) fn into_event<E: EventSet>(self) -> Option<E> {
        let event: Arc<dyn Any + Send + Sync> = self.0;
        let event = event.downcast::<Contained<E>>().ok()?;
        Some(event.take())
    }
}

impl std::fmt::Debug for AnyEvent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AnyEvent")
            .field("action", &self.action())
            .finish_non_exhaustive()
    }
}

/// What became of a publication at one recipient.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It waits in the recipient's queue.
    Queued,
    /// The queue was full: something was dropped.
    Dropped,
    /// The connection is closing.
    Closed,
}

/// What became of a publication, within this process.
///
/// A message that is counted waits to be written, and an event to be handled:
/// neither has happened yet. Connections that are closing count as neither.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Receipt {
    /// Connections that have it in their queue, where there was room; of a
    /// close, those that were told to.
    pub reached: usize,
    /// Connections whose queue was full: they are closed, miss this or, with
    /// [`Overflow::DropOldest`](crate::Overflow::DropOldest), have it and miss
    /// what waited longest.
    pub dropped: usize,
}

impl Receipt {
    /// Counts one more recipient.
    pub(crate) fn record(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Queued => self.reached += 1,
            Outcome::Dropped => self.dropped += 1,
            Outcome::Closed => {}
        }
    }
}
