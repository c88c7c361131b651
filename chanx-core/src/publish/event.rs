//! An event for the consumers in groups.

use std::future::IntoFuture;

use super::{
    PublishError,
    address::{Address, Publishing, block_on},
    groups::Groups,
};
use crate::connection::{AnyEvent, Content, Receipt};

/// An event on its way to consumers, sent when awaited.
///
/// It waits in each consumer's mailbox until that has handled what it is at;
/// awaiting it does not wait for the handlers. Dropped without being awaited,
/// nothing is sent.
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
/// [`PublishError::NoGroup`] where there is no group to send to. Groups without
/// members are no error. With a broker, [`PublishError::Layer`] where the event has no
/// form in JSON, or other processes may not have got it.
///
/// # Examples
///
/// ```
/// use chanx::{Broadcaster, Connect, Consumer, Event, ChannelLayer, PublishError, channel};
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Clone, Serialize, Deserialize, Event)]
/// struct Restocked;
///
/// #[derive(Default, Connect, Consumer)]
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
pub struct EventBroadcast<'a> {
    address: Address<'a>,
    event: AnyEvent,
}

impl<'a> EventBroadcast<'a> {
    pub(super) fn new(address: Address<'a>, event: AnyEvent) -> Self {
        Self { address, event }
    }

    /// Names the groups to reach, in place of those it went to before. A
    /// member of several gets the event once.
    pub fn to(mut self, groups: impl Into<Groups>) -> Self {
        self.address.target = groups.into().into();
        self
    }

    /// Adds a number of the caller's own, which what handlers
    /// answer the event with is pushed with, as `seq`: the place in a log, for
    /// instance, from which a client that comes back reads on.
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

impl<'a> IntoFuture for EventBroadcast<'a> {
    type Output = Result<Receipt, PublishError>;
    type IntoFuture = Publishing<'a>;

    fn into_future(self) -> Self::IntoFuture {
        self.address.publish(Ok(Content::Event(self.event)))
    }
}
