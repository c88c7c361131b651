//! Publications to one connection, or to one user.

use std::{future::IntoFuture, marker::PhantomData};

use super::{
    PublishError,
    address::{Address, Publishing, block_on},
    close::Close,
    outgoing::content,
};
use crate::{
    connection::{AnyEvent, Content, Receipt},
    event::HandledBy,
    identity::UserKey,
    message::{MessageSet, SentBy},
};

/// One connection, one subscription, or all of a user's.
///
/// Made by [`Broadcaster::connection`](super::Broadcaster::connection),
/// [`Broadcaster::member`](super::Broadcaster::member) and
/// [`Broadcaster::user`](super::Broadcaster::user). What goes to these cannot
/// go to groups as well.
#[derive(Debug)]
#[must_use = "nothing is sent until `event`, `send` or `close` is awaited"]
pub struct Direct<'a, C> {
    address: Address<'a>,
    consumer: PhantomData<fn() -> C>,
}

impl<'a, C> Direct<'a, C> {
    pub(super) fn new(address: Address<'a>) -> Self {
        Self {
            address,
            consumer: PhantomData,
        }
    }

    /// Hands an event to the consumers, each of which handles it.
    pub fn event<E: HandledBy<C, Via>, Via>(self, event: E) -> DirectEvent<'a> {
        DirectEvent {
            address: self.address,
            event: AnyEvent::new(event),
        }
    }

    /// Sends a message to the clients, past the consumers.
    pub fn send<M: SentBy<C, Via>, Via>(self, message: M) -> DirectMessage<'a, M> {
        DirectMessage {
            address: self.address,
            message,
        }
    }

    /// Closes the connections: what is queued is still written, then the
    /// close frame. The reason is cut to 123 bytes (RFC 6455 §5.5).
    ///
    /// As [`Handle::close`](crate::Handle::close) for each of them, codes
    /// included: of subscriptions, these alone end.
    pub fn close(self, code: u16, reason: impl Into<String>) -> Close<'a> {
        let reason = reason.into();
        Close::new(self.address, Content::Close { code, reason })
    }

    /// Ends the subscriptions, and tells each client why: `reason` is what it
    /// branches on, `detail` what people read.
    ///
    /// Connections go on. One that has not come by a topic takes no notice.
    pub fn unsubscribe(self, reason: impl Into<String>, detail: impl Into<String>) -> Close<'a> {
        let (reason, detail) = (reason.into(), detail.into());
        Close::new(self.address, Content::Unsubscribe { reason, detail })
    }
}

/// A message on its way to one connection or user, sent when awaited.
///
/// As a [`Broadcast`](super::Broadcast), whose contract it has, without groups
/// to name or a sender to leave out.
///
/// # Errors
///
/// [`PublishError::Encode`] where the message has no form in JSON,
/// [`PublishError::Layer`] where the one connection is gone or another
/// consumer's. A user without connections is no error.
#[derive(Debug)]
#[must_use = "a message is sent when it is awaited"]
pub struct DirectMessage<'a, M> {
    address: Address<'a>,
    message: M,
}

impl<M> DirectMessage<'_, M> {
    /// Adds `is_mine` and `is_current` beside the payload, as
    /// [`Broadcast::with_metadata`](super::Broadcast::with_metadata) does.
    pub fn with_metadata(mut self) -> Self {
        self.address.with_metadata = true;
        self
    }

    /// Adds a number of the caller's own, as
    /// [`Broadcast::with_seq`](super::Broadcast::with_seq) does.
    pub fn with_seq(mut self, seq: u64) -> Self {
        self.address.seq = Some(seq);
        self
    }

    /// Says whose message it is, as
    /// [`Broadcast::on_behalf_of`](super::Broadcast::on_behalf_of) does.
    pub fn on_behalf_of(mut self, user: impl Into<UserKey>) -> Self {
        self.address.send_on_behalf_of(user.into());
        self
    }

    /// Sends it from a plain thread, waiting until it has been delivered.
    ///
    /// # Errors
    ///
    /// [`PublishError::InsideRuntime`] on a runtime's thread, one of
    /// `spawn_blocking` included; otherwise as when awaited.
    pub fn blocking(self) -> Result<Receipt, PublishError>
    where
        M: MessageSet,
    {
        block_on(self.into_future())
    }
}

// The constructor requires `SentBy`; a second bound would report the same error twice.
impl<'a, M: MessageSet> IntoFuture for DirectMessage<'a, M> {
    type Output = Result<Receipt, PublishError>;
    type IntoFuture = Publishing<'a>;

    fn into_future(self) -> Self::IntoFuture {
        self.address.publish(content(&self.message))
    }
}

/// An event on its way to the consumers of one connection or user, sent when awaited.
///
/// As an [`EventBroadcast`](super::EventBroadcast), whose contract it has,
/// without groups to name.
///
/// # Errors
///
/// [`PublishError::Layer`] where the one connection is gone or another
/// consumer's. A user without connections is no error.
#[derive(Debug)]
#[must_use = "an event is sent when it is awaited"]
pub struct DirectEvent<'a> {
    address: Address<'a>,
    event: AnyEvent,
}

impl DirectEvent<'_> {
    /// Adds a number of the caller's own, as
    /// [`EventBroadcast::with_seq`](super::EventBroadcast::with_seq) does.
    pub fn with_seq(mut self, seq: u64) -> Self {
        self.address.seq = Some(seq);
        self
    }

    /// Sends it from a plain thread, waiting until it has been delivered.
    ///
    /// # Errors
    ///
    /// [`PublishError::InsideRuntime`] on a runtime's thread, one of
    /// `spawn_blocking` included; otherwise as when awaited.
    pub fn blocking(self) -> Result<Receipt, PublishError> {
        block_on(self.into_future())
    }
}

impl<'a> IntoFuture for DirectEvent<'a> {
    type Output = Result<Receipt, PublishError>;
    type IntoFuture = Publishing<'a>;

    fn into_future(self) -> Self::IntoFuture {
        self.address.publish(Ok(Content::Event(self.event)))
    }
}
