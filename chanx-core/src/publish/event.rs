//! An event for the consumers in groups.

use std::{future::IntoFuture, marker::PhantomData};

use super::{
    Address, PublishError, Publishing, block_on,
    groups::{Groups, NamesGroups},
};
use crate::{
    channel::{Channel, Definition},
    connection::{AnyEvent, Content, Receipt, Target},
    event::HandledBy,
    layer::ChannelLayer,
    wire::{InvalidPayload, Payload},
};

/// An event on its way to consumers, sent when awaited.
///
/// It waits in each consumer's mailbox until that has handled what it is at;
/// awaiting it does not wait for the handlers. Dropped without being awaited,
/// nothing is sent.
///
/// `T` is where it goes, as for a [`Broadcast`](crate::Broadcast).
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
/// [`PublishError::Layer`] where it is for one connection that is gone or another
/// consumer's.
///
/// # Examples
///
/// ```
/// use chanx::{Broadcaster, Consumer, Event, ChannelLayer, PublishError, channel};
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
/// let layer = ChannelLayer::new();
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
    event: AnyEvent,
    consumer: PhantomData<fn() -> C>,
}

impl<'a, C: Channel, T: Into<Target>> EventBroadcast<'a, C, T> {
    /// An event for `target`, by way of `layer`.
    pub fn new<E: HandledBy<C>>(layer: &'a ChannelLayer, target: T, event: E) -> Self {
        Self {
            address: Address::of::<C>(layer, target, None),
            event: AnyEvent::new(event),
            consumer: PhantomData,
        }
    }

    /// An event that comes as JSON, chosen by its action among those that `C` handles.
    ///
    /// # Errors
    ///
    /// What keeps the payload from being the event, by path; without any
    /// violation, no event of `C` goes by the action.
    pub fn from_json(
        layer: &'a ChannelLayer,
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
