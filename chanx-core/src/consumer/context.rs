//! The context that a handler is given beside its message.

use std::{fmt, marker::PhantomData, sync::Arc};

use ref_cast::{RefCastCustom, ref_cast_custom};
use tokio::task::coop::consume_budget;

use super::{Handle, RequestInfo, SendFuture};
use crate::{
    connection::{JoinError, Member},
    identity::{ConnectionId, GroupName, MemberId, UserKey},
    layer::ChannelLayer,
    message::SentBy,
    wire::{Correlation, Encoder},
};

/// The connection, its groups and its request, as a handler or hook is given them.
///
/// Everything a [`Handle`] does, a context does too. Only
/// [`send`](Self::send) differs: it is no error to a handler that its client
/// has left. For a spawned task, take [`handle`](Self::handle) along; only the
/// consumer itself joins and leaves groups.
///
/// # Examples
///
/// ```
/// use chanx::{Connect, Consumer, Context, HandlerError, Message, channel};
/// use schemars::JsonSchema;
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Serialize, Deserialize, JsonSchema, Message)]
/// struct Enter {
///     room: String,
/// }
///
/// #[derive(Serialize, Deserialize, JsonSchema, Message)]
/// struct Entered {
///     who: String,
/// }
///
/// #[derive(Default, Connect, Consumer)]
/// struct Lobby;
///
/// #[channel(name = "lobby", sends(Entered))]
/// impl Lobby {
///     #[ws_handler]
///     async fn enter(&mut self, enter: Enter, ctx: &mut Context<Self>) -> Result<(), HandlerError> {
///         ctx.join(format!("room.{}", enter.room)).await?;
///         let who = ctx.connection_id().to_string();
///         ctx.broadcast(Entered { who }).exclude_current().await?;
///         Ok(())
///     }
/// }
/// ```
#[derive(RefCastCustom)]
#[repr(transparent)]
pub struct Context<C> {
    /// The same for the consumer and for its parts, which is why one may be
    /// lent as the other.
    known: Known,
    consumer: PhantomData<fn() -> C>,
}

/// The connection and the frame being handled, whoever handles it.
#[derive(Debug)]
struct Known {
    handle: Handle<()>,
    request: Arc<RequestInfo>,
    correlation: Correlation<'static>,
}

impl<C> Context<C> {
    /// The context of a member of `channel`.
    pub(crate) fn new(
        member: Member,
        layer: ChannelLayer,
        channel: &'static str,
        request: Arc<RequestInfo>,
    ) -> Self {
        Self {
            known: Known {
                handle: Handle::new(member, layer, channel),
                request,
                correlation: Correlation::default(),
            },
            consumer: PhantomData,
        }
    }

    #[ref_cast_custom]
    fn of(known: &mut Known) -> &mut Self;

    /// The same context, as the part `P` of the consumer knows it.
    pub(crate) fn lend<P>(&mut self) -> &mut Context<P> {
        Context::of(&mut self.known)
    }

    pub(crate) fn as_handle(&self) -> &Handle<()> {
        &self.known.handle
    }

    pub(crate) fn member(&self) -> &Member {
        self.known.handle.member()
    }

    /// The marks that answers to the frame being handled carry.
    pub(crate) fn correlation(&self) -> &Correlation<'static> {
        &self.known.correlation
    }

    pub(crate) fn shared_request(&self) -> &Arc<RequestInfo> {
        &self.known.request
    }

    pub(crate) fn set_correlation(&mut self, correlation: &Correlation<'_>) {
        self.known.correlation.replace_by(correlation);
    }

    /// A cloneable handle of the connection that spawned tasks may keep.
    ///
    /// # Examples
    ///
    /// ```
    /// # use chanx::{Connect, Consumer, Context, Ping, Pong, channel};
    /// # #[derive(Default, Connect, Consumer)]
    /// # struct Jobs;
    /// #[channel(name = "jobs", sends(Pong))]
    /// impl Jobs {
    ///     /// Answer when the work is done, and handle other messages meanwhile.
    ///     #[ws_handler]
    ///     async fn ping(&mut self, _: Ping, ctx: &mut Context<Self>) {
    ///         let client = ctx.handle();
    ///         tokio::spawn(async move {
    ///             // An error says that the client has left meanwhile.
    ///             let _ = client.send(Pong).await;
    ///         });
    ///     }
    /// }
    /// ```
    #[must_use]
    pub fn handle(&self) -> Handle<C> {
        self.known.handle.lent()
    }

    /// Joins a group of this consumer's. Joining again does nothing.
    ///
    /// The name is the channel's own: `lobby` of another consumer is another
    /// group. A group comes to be with its first member and is gone with its
    /// last; the connection leaves all of its groups when it ends.
    ///
    /// # Ordering
    ///
    /// Once this returns, what is published to the group reaches the
    /// connection. A message that is being published meanwhile reaches it once
    /// or not at all; nothing that was published before on this node does.
    ///
    /// With a [`Broker`](crate::layer::Broker) it waits until what other nodes
    /// publish arrives here, a second at most and not at all while the broker is
    /// away. Where it has not waited to the end, the client gets an `error` with
    /// reason `lagged` once that is so.
    ///
    /// # Cancel safety
    ///
    /// Cancelled, a group that was not joined before has been left again.
    ///
    /// # Errors
    ///
    /// [`JoinError::TooManyGroups`] at
    /// [`ChannelOptions::max_groups`](crate::ChannelOptions::max_groups),
    /// [`JoinError::GroupName`] where the name is empty or longer than
    /// [`ChannelOptions::max_group_name`](crate::ChannelOptions::max_group_name).
    /// The group has not been joined then.
    ///
    /// # Examples
    ///
    /// ```
    /// # use chanx::{Consumer, Context, HandlerError};
    /// # struct Room { name: String }
    /// impl Consumer for Room {
    ///     async fn connected(&mut self, ctx: &mut Context<Self>) -> Result<(), HandlerError> {
    ///         ctx.join(format!("room.{}", self.name)).await?;
    ///         Ok(())
    ///     }
    /// }
    /// ```
    pub async fn join(&mut self, group: impl Into<GroupName>) -> Result<(), JoinError> {
        let group = group.into();
        self.join_all(&[group]).await
    }

    /// Joins several groups, and waits for other nodes once.
    pub(crate) async fn join_all(&mut self, groups: &[GroupName]) -> Result<(), JoinError> {
        // Nothing else would ever interrupt a handler that joins without end. First, because
        // one that is cancelled here has joined nothing.
        consume_budget().await;
        let layer = self.known.handle.layer();
        layer.join_everywhere(self.member(), groups).await
    }

    /// Leaves a group. Leaving one that was never joined does nothing.
    ///
    /// The groups that the channel declares can be left like any other.
    ///
    /// # Ordering
    ///
    /// Within one process, nothing that is published to the group reaches the
    /// connection once this has returned. What waits for the client or the
    /// consumer already still comes.
    ///
    /// # Examples
    ///
    /// ```
    /// # use chanx::{Channel, Context};
    /// # fn leave<Room: Channel>(ctx: &mut Context<Room>) {
    /// ctx.leave("room.7");
    /// assert!(ctx.groups().iter().all(|group| group != "room.7"));
    /// # }
    /// ```
    pub fn leave(&mut self, group: impl Into<GroupName>) {
        let layer = self.known.handle.layer();
        layer.leave(self.member(), &group.into());
    }

    /// Sends a message to this connection's client, when awaited.
    ///
    /// The message is one that `#[channel]` or a handler declares in
    /// `sends(…)`. It carries no `ref`: a handler answers with what it returns.
    ///
    /// Where the client has left, or the connection has been closed, this is Ok,
    /// sends nothing and does not wait: what the handler does next, a broadcast or
    /// a commit, concerns others too. [`is_open`](Handle::is_open) tells.
    ///
    /// # Backpressure
    ///
    /// Waits while more than half of the connection's outbox is taken
    /// ([`ChannelOptions::outbox_frames`](crate::ChannelOptions::outbox_frames)), so that a
    /// slow client slows its own consumer down.
    ///
    /// # Cancel safety
    ///
    /// Cancelled, the message has not been queued.
    ///
    /// # Errors
    ///
    /// [`SendError::Encode`](crate::SendError::Encode) when the message has no form
    /// in JSON.
    ///
    /// # Examples
    ///
    /// ```
    /// # use chanx::{Connect, Consumer, Context, HandlerError, Ping, Pong, channel};
    /// # #[derive(Default, Connect, Consumer)]
    /// # struct Echo;
    /// # #[channel(name = "echo", groups = ["echoes"])]
    /// # impl Echo {
    /// #[ws_handler(sends(Ping))]
    /// async fn ping(&mut self, _: Ping, ctx: &mut Context<Self>) -> Result<Pong, HandlerError> {
    ///     ctx.send(Ping).await?; // comes first, without a `ref`
    ///     ctx.broadcast(Ping).await?; // happens, whether or not the client is still there
    ///     Ok(Pong) // the reply
    /// }
    /// # }
    /// ```
    pub fn send<M: SentBy<C, Via>, Via>(&self, message: M) -> SendFuture<'_> {
        let frame = message.encode(Encoder::new(self.known.handle.envelope()));
        SendFuture::of_handler(self.member(), frame)
    }

    /// The request that opened the connection.
    ///
    /// # Examples
    ///
    /// ```
    /// # use chanx::{Channel, Context};
    /// # fn describe<Room: Channel>(ctx: &Context<Room>) -> String {
    /// let request = ctx.request();
    /// format!("{} from {:?}", request.path(), request.peer())
    /// # }
    /// ```
    #[must_use]
    pub fn request(&self) -> &RequestInfo {
        &self.known.request
    }

    /// The `ref` of the message being handled, if it has one.
    ///
    /// What the handler returns carries it by itself; this is for the log, or
    /// for an answer that comes another way. `None` in hooks and in handlers of
    /// events. At most 128 bytes, chosen by the client.
    ///
    /// # Examples
    ///
    /// ```
    /// # use chanx::{Channel, Context};
    /// # fn note<Room: Channel>(ctx: &Context<Room>) {
    /// if let Some(reference) = ctx.request_ref() {
    ///     println!("{} asked with ref {reference:?}", ctx.connection_id());
    /// }
    /// # }
    /// ```
    #[must_use]
    pub fn request_ref(&self) -> Option<&str> {
        self.known.correlation.reference.as_deref()
    }
}

/// The connection, as its [`Handle`] knows it.
impl<C> Context<C> {
    /// The layer that the connection belongs to.
    #[must_use]
    pub fn layer(&self) -> &ChannelLayer {
        self.known.handle.layer()
    }

    /// The connection's name, by which `Broadcaster::connection` reaches it
    /// from elsewhere.
    #[must_use]
    pub fn connection_id(&self) -> ConnectionId {
        self.known.handle.connection_id()
    }

    /// The topic that the client has subscribed to, where this is a
    /// subscription: `room:5`. Its group has the same name.
    #[must_use]
    pub fn topic(&self) -> Option<&str> {
        self.known.handle.topic()
    }

    /// The name of the connection or subscription itself, by which
    /// `Broadcaster::member` reaches it from elsewhere.
    #[must_use]
    pub fn member_id(&self) -> MemberId {
        self.known.handle.member_id()
    }

    /// The user that the connection belongs to, as
    /// [`Consumer::identity`](crate::Consumer::identity) has answered.
    #[must_use]
    pub fn user(&self) -> Option<&UserKey> {
        self.known.handle.user()
    }

    /// The groups that the connection is in, in order of joining: those that
    /// the channel declares come first.
    #[must_use]
    pub fn groups(&self) -> Vec<GroupName> {
        self.known.handle.groups()
    }

    /// True while the connection is open; see [`Handle::is_open`].
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.known.handle.is_open()
    }

    /// Waits until the connection is no longer open; see [`Handle::closed`].
    pub fn closed(&self) -> impl Future<Output = ()> + Send + 'static + use<C> {
        self.known.handle.closed()
    }

    /// Closes the connection, or ends the subscription; see [`Handle::close`].
    ///
    /// What the running handler sends or returns from here on is not sent.
    pub fn close(&self, code: u16, reason: impl Into<String>) {
        self.known.handle.close(code, reason);
    }
}

impl<C> fmt::Debug for Context<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Context").field(&self.known).finish()
    }
}
