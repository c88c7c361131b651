//! A connection as spawned tasks may keep it.

use std::{fmt, marker::PhantomData};

use super::Sending;
use crate::{
    Broadcast, Channel, ConnectionId, Disconnect, GroupName, Layer, SentBy, UserKey,
    layer::{Origin, Target},
    session::Recipient,
    wire::{Encoder, Envelope},
};

/// A connection as spawned tasks may keep it: cheap to clone, and it may
/// outlive the connection.
///
/// # Ordering
///
/// What one task sends arrives in the order in which its sends complete.
pub struct Handle<C> {
    recipient: Recipient,
    layer: Layer,
    consumer: PhantomData<fn() -> C>,
}

impl<C> Handle<C> {
    pub(crate) fn new(recipient: Recipient, layer: Layer) -> Self {
        Self {
            recipient,
            layer,
            consumer: PhantomData,
        }
    }

    pub(crate) fn recipient(&self) -> &Recipient {
        &self.recipient
    }

    /// The layer that the connection belongs to.
    #[must_use]
    pub fn layer(&self) -> &Layer {
        &self.layer
    }

    /// The connection's name.
    #[must_use]
    pub fn connection_id(&self) -> ConnectionId {
        self.recipient.id()
    }

    /// The user that the connection belongs to.
    #[must_use]
    pub fn user(&self) -> Option<&UserKey> {
        self.recipient.user()
    }

    /// The groups that the connection is in, in order of joining.
    #[must_use]
    pub fn groups(&self) -> Vec<GroupName> {
        self.recipient.groups()
    }

    /// Closes the connection: what is queued is still written, then the close frame.
    ///
    /// The running handler is cancelled at its next await that has to wait.
    /// Closing a connection that is closing already does nothing. The reason
    /// is cut to 123 bytes (RFC 6455 §5.5).
    pub fn close(&self, code: u16, reason: impl Into<String>) {
        let reason = reason.into();
        self.recipient.0.end(Disconnect::Server { code, reason });
    }
}

impl<C: Channel> Handle<C> {
    /// Sends a message to this connection's client, when awaited.
    ///
    /// # Errors
    ///
    /// When the connection has closed, or serde cannot represent the message.
    pub fn send<M: SentBy<C>>(&self, message: M) -> Sending<'_> {
        let frame = message.encode(Encoder::new(Envelope::push()));
        Sending::new(&self.recipient, frame)
    }

    /// Sends a message to the groups that this connection is in.
    ///
    /// The builder names other groups, or leaves this connection out; it is
    /// sent when awaited.
    pub fn broadcast<M: SentBy<C>>(&self, message: M) -> Broadcast<'_, C, M> {
        let origin = Origin {
            connection: self.recipient.id(),
            user: self.recipient.user().cloned(),
        };
        let groups = Target::Groups(self.groups());
        Broadcast::from_origin(&self.layer, groups, message, Some(origin))
    }
}

impl<C> Clone for Handle<C> {
    fn clone(&self) -> Self {
        Self::new(self.recipient.clone(), self.layer.clone())
    }
}

impl<C> fmt::Debug for Handle<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handle")
            .field("connection", &self.recipient.id())
            .field("channel", &self.recipient.channel())
            .finish_non_exhaustive()
    }
}
