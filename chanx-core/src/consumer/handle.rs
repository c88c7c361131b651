//! A connection as spawned tasks may keep it.

use std::{fmt, future::Future, marker::PhantomData};

use super::SendFuture;
use crate::{
    connection::{Disconnect, Member, Stage},
    identity::{ConnectionId, GroupName, MemberId, Topic, UserKey},
    layer::ChannelLayer,
    message::SentBy,
    wire::{Encoder, Envelope},
};

/// A connection as spawned tasks may keep it: cheap to clone, and it may
/// outlive the connection.
///
/// Made by [`Context::handle`](crate::Context::handle).
///
/// # Ordering
///
/// What one task sends arrives in the order in which its sends complete, a
/// broadcast that reaches this connection included. Nothing is promised
/// between tasks: a reply and another connection's broadcast come as they come.
///
/// # Shutdown
///
/// A handle does not keep its connection open. Once that is over,
/// [`send`](Self::send) fails and [`close`](Self::close) does nothing;
/// [`broadcast`](Self::broadcast) still reaches the groups that the connection
/// was in when it ended.
///
/// # Examples
///
/// ```
/// # use chanx::{Connect, Consumer, Context, Ping, Pong, channel};
/// # use std::time::Duration;
/// # #[derive(Default, Connect, Consumer)]
/// # struct Clock;
/// #[channel(name = "clock", sends(Pong))]
/// impl Clock {
///     /// Tick until the client leaves.
///     #[ws_handler]
///     async fn ping(&mut self, _: Ping, ctx: &mut Context<Self>) {
///         let client = ctx.handle();
///         tokio::spawn(async move {
///             while client.send(Pong).await.is_ok() {
///                 tokio::time::sleep(Duration::from_secs(1)).await;
///             }
///         });
///     }
/// }
/// ```
pub struct Handle<C> {
    member: Member,
    layer: ChannelLayer,
    /// The channel whose groups it broadcasts to: its own, or that of the
    /// consumer that a part is of.
    channel: &'static str,
    consumer: PhantomData<fn() -> C>,
}

impl<C> Handle<C> {
    pub(crate) fn new(member: Member, layer: ChannelLayer, channel: &'static str) -> Self {
        Self {
            member,
            layer,
            channel,
            consumer: PhantomData,
        }
    }

    /// The same connection, as the part or the consumer `P` may keep it.
    pub(crate) fn lent<P>(&self) -> Handle<P> {
        Handle::new(self.member.clone(), self.layer.clone(), self.channel)
    }

    pub(crate) fn channel(&self) -> &'static str {
        self.channel
    }

    pub(crate) fn member(&self) -> &Member {
        &self.member
    }

    /// The envelope of what this consumer pushes.
    pub(crate) fn envelope(&self) -> Envelope<'_> {
        Envelope::push().with_topic(self.topic())
    }

    /// The topic that the client has subscribed to, where this is a subscription.
    #[must_use]
    pub fn topic(&self) -> Option<&str> {
        self.member.topic().map(Topic::as_str)
    }

    /// The name of the connection or subscription itself, by which
    /// `Broadcaster::member` reaches it from elsewhere.
    #[must_use]
    pub fn member_id(&self) -> MemberId {
        self.member.id()
    }

    /// The layer that the connection belongs to.
    #[must_use]
    pub fn layer(&self) -> &ChannelLayer {
        &self.layer
    }

    /// The connection's name, by which `Broadcaster::connection` reaches it
    /// from elsewhere.
    #[must_use]
    pub fn connection_id(&self) -> ConnectionId {
        self.member.connection()
    }

    /// The user that the connection belongs to, as
    /// [`Consumer::identity`](crate::Consumer::identity) has answered.
    #[must_use]
    pub fn user(&self) -> Option<&UserKey> {
        self.member.user()
    }

    /// The groups that the connection is in, in order of joining: those that
    /// the channel declares come first.
    ///
    /// Once the connection is over, those that it was in when it ended.
    #[must_use]
    pub fn groups(&self) -> Vec<GroupName> {
        self.member.groups()
    }

    /// True while the connection is open: the client has not left, and nobody has begun
    /// to close it.
    ///
    /// A handler goes on when its client has left; this lets long work stop
    /// earlier. To wait for the end instead of asking, take [`closed`](Self::closed).
    ///
    /// That a client has left is known once its close has been read. What stands behind
    /// a message is read while its handler waits, so that a handler that has not waited
    /// yet may find the connection open although the close has come with the message.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.member.stage() == Stage::Open
    }

    /// Waits until the connection is no longer open, whoever has ended it.
    ///
    /// It borrows nothing, so a handler may hold it beside its context.
    ///
    /// # Cancel safety
    ///
    /// Cancelled, nothing is lost: asked again, it answers the same.
    ///
    /// # Examples
    ///
    /// ```
    /// # use chanx::{Connect, Consumer, Context, HandlerError, Ping, Pong, channel};
    /// # async fn search() -> Pong { Pong }
    /// # #[derive(Default, Connect, Consumer)]
    /// # struct Library;
    /// #[channel(name = "library")]
    /// impl Library {
    ///     /// Search for as long as somebody waits for the answer.
    ///     #[ws_handler]
    ///     async fn ping(&mut self, _: Ping, ctx: &mut Context<Self>) -> Option<Pong> {
    ///         tokio::select! {
    ///             found = search() => Some(found),
    ///             () = ctx.closed() => None,
    ///         }
    ///     }
    /// }
    /// ```
    pub fn closed(&self) -> impl Future<Output = ()> + Send + 'static + use<C> {
        let member = self.member.clone();
        async move {
            member.ended().await;
        }
    }

    /// Closes the connection: what is queued is still written, then the close frame.
    ///
    /// The running handler goes on to its end, within
    /// [`ChannelOptions::finish_timeout`](crate::ChannelOptions::finish_timeout). What it sends
    /// or returns from here on is not sent: send what the client is to read before.
    /// Messages that wait behind it are dropped and counted.
    ///
    /// In a subscription it is the subscription that ends: the client is told
    /// `unsubscribed` with reason `closed` and this reason as the detail, and the
    /// code is not sent. The connection and its other subscriptions go on.
    ///
    /// The code is one of an application's own, 4000 to 4999, or one of
    /// RFC 6455 §7.4 that may be sent, such as 1000. In place of any other, such
    /// as 1005, which clients would take for a violation of the protocol, 1011
    /// is sent, and an error logged. The reason is cut to 123 bytes (RFC 6455 §5.5).
    ///
    /// Closing a connection that is closing already does nothing.
    ///
    /// # Examples
    ///
    /// ```
    /// # use chanx::{Channels, Connect, Consumer, Context, HandlerError, ChannelLayer, Ping, Pong, channel};
    /// # use chanx_testing::Communicator;
    /// # #[derive(Default, Connect, Consumer)]
    /// # struct Quiz;
    /// #[channel(name = "quiz", sends(Pong))]
    /// impl Quiz {
    ///     /// Answer, and say goodbye.
    ///     #[ws_handler]
    ///     async fn ping(&mut self, _: Ping, ctx: &mut Context<Self>) -> Result<(), HandlerError> {
    ///         ctx.send(Pong).await?;
    ///         ctx.close(4001, "that was all");
    ///         ctx.send(Pong).await?; // goes nowhere, and is no error
    ///         assert!(ctx.handle().send(Pong).await.is_err());
    ///         Ok(())
    ///     }
    /// }
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() {
    /// # let layer = ChannelLayer::new();
    /// # let app = Channels::new(layer).route::<Quiz>("/ws").into_router();
    /// # let mut client = Communicator::<Quiz>::connect(&app, "/ws").await;
    ///
    /// client.send(&Ping).await;
    /// client.receive::<Pong>().await;
    /// assert_eq!(client.closed().await.code, 4001);
    /// # }
    /// ```
    pub fn close(&self, code: u16, reason: impl Into<String>) {
        let why = Disconnect::by_server(self.connection_id(), code, reason.into());
        self.member.end(why);
    }
}

impl<C> Handle<C> {
    /// Sends a message to this connection's client, when awaited.
    ///
    /// The message is one that `#[channel]` or a handler declares in
    /// `sends(…)`. It carries no `ref`: a handler answers with what it returns.
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
    /// [`SendError::Closed`](crate::SendError::Closed) once the client has left or
    /// the connection has been closed, so that a loop ends: a server that shuts
    /// down, or closes for a violation of the protocol, still sends until the
    /// handlers have finished. [`Context::send`](crate::Context::send) is Ok there.
    /// [`SendError::Encode`](crate::SendError::Encode) when the message
    /// has no form in JSON. `Ok` says that it waits to be written, not that
    /// the client has it.
    ///
    /// # Examples
    ///
    /// ```
    /// # use chanx::{Connect, Consumer, Context, HandlerError, Ping, Pong, channel};
    /// # #[derive(Default, Connect, Consumer)]
    /// # struct Echo;
    /// # #[channel(name = "echo")]
    /// # impl Echo {
    /// #[ws_handler(sends(Ping))]
    /// async fn ping(&mut self, _: Ping, ctx: &mut Context<Self>) -> Result<Pong, HandlerError> {
    ///     ctx.send(Ping).await?; // comes first, without a `ref`
    ///     Ok(Pong) // the reply
    /// }
    /// # }
    /// ```
    pub fn send<M: SentBy<C, Via>, Via>(&self, message: M) -> SendFuture<'_> {
        let frame = message.encode(Encoder::new(self.envelope()));
        SendFuture::new(&self.member, frame)
    }
}

impl<C> Clone for Handle<C> {
    fn clone(&self) -> Self {
        self.lent()
    }
}

impl<C> fmt::Debug for Handle<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handle")
            .field("connection", &self.member.connection())
            .field("channel", &self.member.channel())
            .finish_non_exhaustive()
    }
}
