//! How a publication is written: builders that are sent when awaited.

use std::{future::IntoFuture, marker::PhantomData};

use futures_util::future::{BoxFuture, FutureExt, ready};

use tracing::debug;

use super::{
    Content, EventDelivery, GroupMessage, GroupName, Layer, LayerError, Origin, Publication,
    Receipt, Target,
};
use crate::{
    Channel, HandledBy, Messages, SentBy,
    channel::Definition,
    wire::{EncodeError, Encoder, Envelope, InvalidPayload, Payload},
};

/// Why something was not published.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PublishError {
    /// No group was named, and there is none to fall back on.
    #[error("no group: name one with `.to(…)`, join one, or declare `groups` on the channel")]
    NoGroup,
    /// The message cannot be represented as JSON.
    #[error("the message could not be encoded")]
    Encode(#[from] EncodeError),
    /// The layer refused or failed.
    #[error(transparent)]
    Layer(#[from] LayerError),
    /// A blocking publication was tried on a thread of an async runtime.
    #[error("`.blocking()` was called inside an async runtime: await the publication instead")]
    InsideRuntime,
}

/// The groups that something is published to.
///
/// Made from one name or several: `"lobby"`, a [`String`], an array, a slice
/// or a [`Vec`] of these.
#[derive(Debug, Clone)]
pub struct Groups(Vec<GroupName>);

impl From<&str> for Groups {
    fn from(group: &str) -> Self {
        Self(vec![group.into()])
    }
}

impl From<String> for Groups {
    fn from(group: String) -> Self {
        Self(vec![group.into()])
    }
}

impl From<GroupName> for Groups {
    fn from(group: GroupName) -> Self {
        Self(vec![group])
    }
}

impl<G: Into<GroupName>, const N: usize> From<[G; N]> for Groups {
    fn from(groups: [G; N]) -> Self {
        Self(groups.into_iter().map(Into::into).collect())
    }
}

impl<G: Into<GroupName>> From<Vec<G>> for Groups {
    fn from(groups: Vec<G>) -> Self {
        Self(groups.into_iter().map(Into::into).collect())
    }
}

impl<G: Clone + Into<GroupName>> From<&[G]> for Groups {
    fn from(groups: &[G]) -> Self {
        groups.to_vec().into()
    }
}

impl From<Groups> for Target {
    fn from(Groups(groups): Groups) -> Self {
        Self::Groups(groups)
    }
}

/// A target for which other groups may be named: [`Groups`], and no user or connection.
#[diagnostic::on_unimplemented(
    message = "what goes to a user or a connection cannot go to groups",
    label = "names groups beside a user or a connection",
    note = "to reach groups, publish with `Broadcaster::broadcast` or `Broadcaster::event`"
)]
pub trait NamesGroups: From<Groups> {}

impl NamesGroups for Groups {}

/// Where a publication comes from and where it goes.
#[derive(Debug)]
struct Address<'a, T> {
    layer: &'a Layer,
    channel: &'static str,
    target: T,
    origin: Option<Origin>,
    exclude_origin: bool,
}

impl<'a, T: Into<Target>> Address<'a, T> {
    fn of<C: Channel>(layer: &'a Layer, target: T, origin: Option<Origin>) -> Self {
        Self {
            layer,
            channel: C::NAME,
            target,
            origin,
            exclude_origin: false,
        }
    }

    fn publish(self, content: Result<Content, EncodeError>) -> Publishing<'a> {
        let target = self.target.into();
        if matches!(&target, Target::Groups(groups) if groups.is_empty()) {
            return ready(Err(PublishError::NoGroup)).boxed();
        }
        let publication = Publication {
            channel: self.channel,
            target,
            content: match content {
                Ok(content) => content,
                Err(error) => return ready(Err(error.into())).boxed(),
            },
            origin: self.origin,
            exclude_origin: self.exclude_origin,
        };
        let channel = self.channel;
        let published = self.layer.0.publish(publication);
        Box::pin(async move {
            let receipt = published.await?;
            debug!(channel, receipt.reached, receipt.dropped, "published");
            Ok(receipt)
        })
    }
}

type Publishing<'a> = BoxFuture<'a, Result<Receipt, PublishError>>;

/// Waits for a publication on a plain thread.
fn block_on(publishing: Publishing<'_>) -> Result<Receipt, PublishError> {
    if tokio::runtime::Handle::try_current().is_ok() {
        return Err(PublishError::InsideRuntime);
    }
    futures_executor::block_on(publishing)
}

/// A message on its way to the members of groups, sent when awaited.
///
/// Every member of the named groups gets it once, the sender included unless
/// excluded. It is encoded once, whatever the number of receivers, and goes
/// past their handlers. Dropped without being awaited, nothing is sent.
///
/// `T` is where it goes: to [`Groups`], for which others may be named, or to
/// any other [`Target`], which stands.
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
/// [`PublishError::Encode`] where serde cannot represent the message,
/// [`PublishError::Layer`] where the layer fails: for one connection, also when
/// that is gone or another consumer's. Groups and users without connections
/// are no error.
///
/// # Examples
///
/// ```
/// # use chanx::{Channels, Consumer, Context, HandlerError, Layer, MemoryLayer, Ping, Pong, channel};
/// # use chanx_testing::Communicator;
/// # #[derive(Default, Consumer)]
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
/// # let app = Channels::new(Layer::from(MemoryLayer::new())).route::<Room>("/ws").into_router();
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
pub struct Broadcast<'a, C, M, T = Groups> {
    address: Address<'a, T>,
    message: M,
    marked: bool,
    consumer: PhantomData<fn() -> C>,
}

impl<'a, C: Channel, M, T: Into<Target>> Broadcast<'a, C, M, T> {
    /// A message for `target`, by way of `layer`.
    pub fn new(layer: &'a Layer, target: T, message: M) -> Self
    where
        M: SentBy<C>,
    {
        Self::from_origin(layer, target, message, None)
    }

    pub(crate) fn from_origin(
        layer: &'a Layer,
        target: T,
        message: M,
        origin: Option<Origin>,
    ) -> Self {
        Self {
            address: Address::of::<C>(layer, target, origin),
            message,
            marked: false,
            consumer: PhantomData,
        }
    }

    /// Names the groups to reach, in place of those it went to before. A
    /// member of several gets the message once.
    ///
    /// Where a user or a connection has been named, this does not compile.
    pub fn to(mut self, groups: impl Into<Groups>) -> Self
    where
        T: NamesGroups,
    {
        self.address.target = T::from(groups.into());
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
    /// Both are `false` where it comes from outside of any connection. Without
    /// [`Consumer::identity`](crate::Consumer::identity), `is_mine` is true for
    /// the connection alone.
    pub fn with_metadata(mut self) -> Self {
        self.marked = true;
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
        M: Messages,
    {
        block_on(self.into_future())
    }

    fn content(&self) -> Result<Content, EncodeError>
    where
        M: Messages,
    {
        let encode = |envelope| self.message.encode(Encoder::new(envelope));
        let message = if self.marked {
            GroupMessage::Marked {
                current: encode(Envelope::push().with_origin(true, true))?,
                mine: encode(Envelope::push().with_origin(true, false))?,
                others: encode(Envelope::push().with_origin(false, false))?,
            }
        } else {
            GroupMessage::Same(encode(Envelope::push())?)
        };
        Ok(Content::Message(message))
    }
}

// What makes a broadcast has asked for `SentBy`; asking again would tell a
// mistake twice.
impl<'a, C: Channel, M: Messages, T: Into<Target>> IntoFuture for Broadcast<'a, C, M, T> {
    type Output = Result<Receipt, PublishError>;
    type IntoFuture = Publishing<'a>;

    fn into_future(self) -> Self::IntoFuture {
        let content = self.content();
        self.address.publish(content)
    }
}

/// An event on its way to consumers, sent when awaited.
///
/// It waits in each consumer's mailbox until that has handled what it is at;
/// awaiting it does not wait for the handlers. Dropped without being awaited,
/// nothing is sent.
///
/// `T` is where it goes, as for a [`Broadcast`].
///
/// # Ordering
///
/// Two events of one task, one awaited after the other, are handled by every
/// consumer in that order. Between tasks, and between events and clients'
/// messages, there is none.
///
/// # Backpressure
///
/// None: a consumer whose mailbox is full loses its connection, or the event,
/// as [`Overflow`](crate::Overflow) says.
///
/// # Cancel safety
///
/// Cancelled half-way, some consumers may have got it and others not.
///
/// # Errors
///
/// [`PublishError::NoGroup`] where there is no group to send to,
/// [`PublishError::Layer`] where the layer fails: for one connection, also when
/// that is gone or another consumer's.
///
/// # Examples
///
/// ```
/// use chanx::{Broadcaster, Consumer, Event, Layer, MemoryLayer, PublishError, channel};
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Clone, Serialize, Deserialize, Event)]
/// struct Restocked;
///
/// #[derive(Default, Consumer)]
/// struct Shop;
///
/// #[channel(name = "shop")]
/// impl Shop {
///     #[event_handler]
///     async fn restocked(&mut self, _: Restocked) {}
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let layer = Layer::from(MemoryLayer::new());
/// let shops = Broadcaster::<Shop>::new(&layer);
///
/// assert!(shops.event(Restocked).to("shop.7").await.is_ok());
/// // The channel declares no groups to fall back on.
/// assert!(matches!(shops.event(Restocked).await, Err(PublishError::NoGroup)));
/// # }
/// ```
#[derive(Debug)]
#[must_use = "an event is sent when it is awaited"]
pub struct EventBroadcast<'a, C, T = Groups> {
    address: Address<'a, T>,
    event: EventDelivery,
    consumer: PhantomData<fn() -> C>,
}

impl<'a, C: Channel, T: Into<Target>> EventBroadcast<'a, C, T> {
    /// An event for `target`, by way of `layer`.
    pub fn new<E: HandledBy<C>>(layer: &'a Layer, target: T, event: E) -> Self {
        Self {
            address: Address::of::<C>(layer, target, None),
            event: EventDelivery::new(event),
            consumer: PhantomData,
        }
    }

    /// An event that comes as JSON, chosen by its action among those that `C` handles.
    ///
    /// # Errors
    ///
    /// What keeps the payload from being the event, by path; without any
    /// violation, no event of `C` goes by the action.
    pub fn decode(
        layer: &'a Layer,
        target: T,
        action: &str,
        payload: Payload<'_>,
    ) -> Result<Self, InvalidPayload> {
        let (routes, _) = Definition::<C>::of_channel().into_parts();
        Ok(Self {
            address: Address::of::<C>(layer, target, None),
            event: routes.decode_event(action, payload)?,
            consumer: PhantomData,
        })
    }

    /// Names the groups to reach, in place of those it went to before. A
    /// member of several gets the event once.
    ///
    /// Where a user or a connection has been named, this does not compile.
    pub fn to(mut self, groups: impl Into<Groups>) -> Self
    where
        T: NamesGroups,
    {
        self.address.target = T::from(groups.into());
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

impl<'a, C: Channel, T: Into<Target>> IntoFuture for EventBroadcast<'a, C, T> {
    type Output = Result<Receipt, PublishError>;
    type IntoFuture = Publishing<'a>;

    fn into_future(self) -> Self::IntoFuture {
        self.address.publish(Ok(Content::Event(self.event)))
    }
}

/// The end of one connection or of all of a user's, carried out when awaited.
///
/// What is queued is still written, then the close frame. Awaiting it does not
/// wait for that, nor for `disconnected`.
///
/// # Errors
///
/// [`PublishError::Layer`] where the one connection is gone or another
/// consumer's, or the layer fails. A user without connections is no error.
#[derive(Debug)]
#[must_use = "a close is carried out when it is awaited"]
pub struct Close<'a> {
    address: Address<'a, Target>,
    code: u16,
    reason: String,
}

impl<'a> Close<'a> {
    /// Closes what `target` names among the connections of `C`.
    pub fn new<C: Channel>(
        layer: &'a Layer,
        target: Target,
        code: u16,
        reason: impl Into<String>,
    ) -> Self {
        Self {
            address: Address::of::<C>(layer, target, None),
            code,
            reason: reason.into(),
        }
    }

    /// Carries it out from a plain thread.
    ///
    /// # Errors
    ///
    /// [`PublishError::InsideRuntime`] on a runtime's thread, one of
    /// `spawn_blocking` included; otherwise as when awaited.
    pub fn blocking(self) -> Result<Receipt, PublishError> {
        block_on(self.into_future())
    }
}

impl<'a> IntoFuture for Close<'a> {
    type Output = Result<Receipt, PublishError>;
    type IntoFuture = Publishing<'a>;

    fn into_future(self) -> Self::IntoFuture {
        self.address.publish(Ok(Content::Close {
            code: self.code,
            reason: self.reason,
        }))
    }
}
