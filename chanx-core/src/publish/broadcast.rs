//! A message for the clients in groups.

use std::future::IntoFuture;

use super::{
    PublishError,
    address::{Address, Publishing, block_on},
    groups::Groups,
    outgoing::content,
};
use crate::{
    connection::{Origin, Receipt},
    consumer::{Context, Handle},
    identity::UserKey,
    message::{MessageSet, SentBy},
};

/// A message on its way to the members of groups, sent when awaited.
///
/// Every member of the named groups gets it once, the sender included unless
/// excluded. It is encoded once, whatever the number of receivers, and goes
/// past their handlers. Dropped without being awaited, nothing is sent.
///
/// # Ordering
///
/// Two broadcasts of one task, one awaited after the other, reach every member
/// in that order. Between tasks there is none, and two members may get theirs
/// in different orders. Who joins while it is being delivered gets it once or
/// not at all.
///
/// # Backpressure
///
/// None: a reader that is too slow for it loses its connection, or the message,
/// as [`Overflow`](crate::Overflow) says.
///
/// # Cancel safety
///
/// Cancelled half-way, some members may have got it and others not.
///
/// # Errors
///
/// [`PublishError::NoGroup`] where there is no group to send to,
/// [`PublishError::Encode`] where the message has no form in JSON. Groups without
/// members are no error. With a broker, [`PublishError::Layer`] where other processes
/// may not have got it.
///
/// # Examples
///
/// ```
/// # use chanx::{Channels, Connect, Consumer, Context, HandlerError, ChannelLayer, Ping, Pong, channel};
/// # use chanx_testing::Communicator;
/// # #[derive(Default, Connect, Consumer)]
/// # struct Room;
/// #[channel(name = "room", groups = ["lobby"], sends(Pong))]
/// impl Room {
///     #[ws_handler]
///     async fn ping(&mut self, _: Ping, ctx: &mut Context<Self>) -> Result<(), HandlerError> {
///         let receipt = ctx.broadcast(Pong).to(["lobby", "staff"]).with_metadata().await?;
///         assert_eq!(receipt.reached, 2);
///         Ok(())
///     }
/// }
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() {
/// # let app = Channels::new(ChannelLayer::new()).route::<Room>("/ws").into_router();
/// # let mut ada = Communicator::<Room>::connect(&app, "/ws").await;
/// # let mut bob = Communicator::<Room>::connect(&app, "/ws").await;
///
/// ada.send(&Ping).await;
/// assert_eq!(ada.receive_any().await.json()["is_current"], true);
/// assert_eq!(bob.receive_any().await.json()["is_current"], false);
/// # }
/// ```
#[derive(Debug)]
#[must_use = "a broadcast is sent when it is awaited"]
pub struct Broadcast<'a, M> {
    address: Address<'a>,
    message: M,
}

impl<'a, M> Broadcast<'a, M> {
    pub(super) fn new(address: Address<'a>, message: M) -> Self {
        Self { address, message }
    }

    fn from_connection<C>(handle: &'a Handle<C>, message: M) -> Self {
        let origin = Origin {
            connection: Some(handle.connection_id()),
            user: handle.user().cloned(),
        };
        let groups = Groups::from(handle.groups());
        let mut address = Address::in_channel(handle.channel(), handle.layer(), groups.into());
        address.origin = Some(origin);
        address.counters = Some(handle.member().counters());
        Self::new(address, message)
    }

    /// Names the groups to reach, in place of those it went to before. A
    /// member of several gets the message once.
    pub fn to(mut self, groups: impl Into<Groups>) -> Self {
        self.address.target = groups.into().into();
        self
    }

    /// Leaves out the connection that sends it.
    ///
    /// What comes from outside of any connection leaves out nobody.
    pub fn exclude_current(mut self) -> Self {
        self.address.exclude_origin = true;
        self
    }

    /// Adds `is_mine` and `is_current` beside the payload, per recipient:
    /// whether it comes from the same user, and from the same connection.
    ///
    /// Both are `false` where it comes from outside of any connection, unless
    /// it is [`on_behalf_of`](Self::on_behalf_of) a user. Without
    /// [`Consumer::identity`](crate::Consumer::identity), `is_mine` is true for
    /// the connection alone.
    pub fn with_metadata(mut self) -> Self {
        self.address.with_metadata = true;
        self
    }

    /// Adds a number of the caller's own, which clients are told as `seq`: the
    /// place in a log, for instance, from which a client that comes back reads on.
    pub fn with_seq(mut self, seq: u64) -> Self {
        self.address.seq = Some(seq);
        self
    }

    /// Says whose message it is, where that is not the user of the connection
    /// that sends it: an HTTP handler's, which belongs to no connection.
    ///
    /// With [`with_metadata`](Self::with_metadata), `is_mine` is true for every
    /// connection of this user; nothing else comes of it.
    ///
    /// # Examples
    ///
    /// ```
    /// # use chanx::{Broadcaster, Channel, PublishError, SentBy};
    /// # async fn tell<Room: Channel, M: SentBy<Room>>(
    /// #     rooms: Broadcaster<Room>, line: M,
    /// # ) -> Result<(), PublishError> {
    /// // in an HTTP handler, which knows its user as the consumer does
    /// rooms.broadcast(line).with_metadata().on_behalf_of("ada").await?;
    /// # Ok(())
    /// # }
    /// ```
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

// Not for `SentBy`, because what makes a broadcast has asked for that: a
// mistake would be told twice.
impl<'a, M: MessageSet> IntoFuture for Broadcast<'a, M> {
    type Output = Result<Receipt, PublishError>;
    type IntoFuture = Publishing<'a>;

    fn into_future(self) -> Self::IntoFuture {
        self.address.publish(content(&self.message))
    }
}

impl<C> Handle<C> {
    /// Sends a message to the groups that this connection is in.
    ///
    /// To all of them, those that the channel declares among them: where it is
    /// in `everyone` and in `board.1`, everyone gets it. A consumer whose
    /// groups mean different things names one: `.to("board.1")`.
    ///
    /// The builder names other groups, or leaves this connection out; it is
    /// sent when awaited. Other groups may be any of this consumer's, also
    /// those that the connection is not in.
    ///
    /// In [`Consumer::disconnected`](crate::Consumer::disconnected) the groups
    /// still stand, and those who stay get it.
    ///
    /// # Errors
    ///
    /// [`PublishError::NoGroup`] where the
    /// connection is in none and none is named, and what else [`Broadcast`]
    /// fails with.
    ///
    /// # Examples
    ///
    /// ```
    /// # use chanx::{Connect, Consumer, Context, HandlerError, Ping, Pong, channel};
    /// # #[derive(Default, Connect, Consumer)]
    /// # struct Room;
    /// # #[channel(name = "room", groups = ["lobby"], sends(Pong))]
    /// # impl Room {
    /// #[ws_handler]
    /// async fn ping(&mut self, _: Ping, ctx: &mut Context<Self>) -> Result<(), HandlerError> {
    ///     ctx.broadcast(Pong).await?; // to "lobby", this client included
    ///     ctx.broadcast(Pong).exclude_current().await?; // to the others there
    ///     ctx.broadcast(Pong).to(["staff", "guests"]).await?; // to these instead
    ///     Ok(())
    /// }
    /// # }
    /// ```
    pub fn broadcast<M: SentBy<C, Via>, Via>(&self, message: M) -> Broadcast<'_, M> {
        Broadcast::from_connection(self, message)
    }
}

impl<C> Context<C> {
    /// Sends a message to the groups that this connection is in; see
    /// [`Handle::broadcast`].
    pub fn broadcast<M: SentBy<C, Via>, Via>(&self, message: M) -> Broadcast<'_, M> {
        Broadcast::from_connection(self.as_handle(), message)
    }
}
