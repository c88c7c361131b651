//! The trait that a broker implements.

use std::future::Future;

use bytes::Bytes;
use futures_util::future::BoxFuture;

use super::{Address, Inbound};
use crate::{identity::NodeId, layer::error::BrokerError};

/// A way between nodes: what joins the [`ChannelLayer`](crate::ChannelLayer)s of several processes.
///
/// Give one to [`ChannelLayer::connect`](crate::ChannelLayer::connect). It
/// carries bytes to addresses and knows neither channels nor connections. What
/// is common to all brokers is done by the layer:
///
/// - It calls [`subscribe`](Self::subscribe) and
///   [`unsubscribe`](Self::unsubscribe) one after another, never two at once;
///   what it subscribes to again may stand already.
/// - It gives each of these calls five seconds, and drops the future then: a
///   call that is dropped may or may not have been carried out. A subscription
///   that failed is tried again every second, one that is refused every half a minute.
/// - It takes a panic for a failure.
/// - It ignores what comes back to its own node, and what comes twice.
/// - It sends itself a message every five seconds and, where that does not come
///   back, subscribes again and tells its members.
///
/// # Ordering
///
/// What one task publishes, each awaited before the next, is received by every
/// subscriber in that order, whatever the addresses.
///
/// # Delivery
///
/// At most once. What is published after `subscribe` has returned reaches the
/// subscriber, or the broker says [`Inbound::away`] or [`Inbound::missed`]: what
/// is lost without that is lost untold.
///
/// # Shutdown
///
/// When the layer is dropped, so is the broker. Its tasks end by
/// [`Inbound::closed`].
///
/// # Examples
///
/// `chanx_testing::broker` has one that joins the layers of one process, and the
/// tests that every broker must pass.
pub trait Broker: Send + Sync + 'static {
    /// Connects, for a node that `inbound` leads to.
    ///
    /// Called once, before anything else.
    ///
    /// # Errors
    ///
    /// What keeps it from connecting, such as a wrong password: the application
    /// gets it from [`ChannelLayer::connect`](crate::ChannelLayer::connect).
    fn start(
        &self,
        inbound: Inbound,
        node: NodeId,
    ) -> impl Future<Output = Result<(), BrokerError>> + Send;

    /// Receives what is published to these addresses from now on.
    ///
    /// # Errors
    ///
    /// [`BrokerError::Refused`] where one of them is not allowed: the layer finds out
    /// which, and tells its members. With any other error all are tried again.
    fn subscribe(
        &self,
        addresses: &[Address],
    ) -> impl Future<Output = Result<(), BrokerError>> + Send;

    /// Receives nothing more of these addresses.
    ///
    /// # Errors
    ///
    /// Logged and not tried again: what comes for nobody is ignored.
    fn unsubscribe(
        &self,
        addresses: &[Address],
    ) -> impl Future<Output = Result<(), BrokerError>> + Send;

    /// Publishes a message to each of these addresses, in their order.
    ///
    /// `Ok` says that the broker has it. The layer gives it five seconds.
    ///
    /// # Errors
    ///
    /// [`BrokerError::TooLarge`] where the broker does not take as much,
    /// [`BrokerError::Away`] where it cannot be reached, [`BrokerError::Refused`]
    /// where it is not allowed.
    fn publish(
        &self,
        addresses: &[Address],
        message: Bytes,
    ) -> impl Future<Output = Result<Published, BrokerError>> + Send;
}

/// The broker's word on a message that it has taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Published {
    /// The number of subscriptions that it went to, over all addresses and the
    /// publisher's own included; `None` where the broker does not say.
    pub subscriptions: Option<usize>,
}

impl Published {
    /// The broker has it, and does not say for how many.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The broker has it, for so many subscriptions.
    #[must_use]
    pub fn to(subscriptions: usize) -> Self {
        Self {
            subscriptions: Some(subscriptions),
        }
    }
}

/// A [`Broker`] whose type nobody needs to know.
pub(super) trait AnyBroker: Send + Sync {
    fn start(&self, inbound: Inbound, node: NodeId) -> BoxFuture<'_, Result<(), BrokerError>>;
    fn subscribe<'a>(&'a self, addresses: &'a [Address]) -> BoxFuture<'a, Result<(), BrokerError>>;
    fn unsubscribe<'a>(
        &'a self,
        addresses: &'a [Address],
    ) -> BoxFuture<'a, Result<(), BrokerError>>;
    fn publish<'a>(
        &'a self,
        addresses: &'a [Address],
        message: Bytes,
    ) -> BoxFuture<'a, Result<Published, BrokerError>>;
}

impl<B: Broker> AnyBroker for B {
    fn start(&self, inbound: Inbound, node: NodeId) -> BoxFuture<'_, Result<(), BrokerError>> {
        Box::pin(Broker::start(self, inbound, node))
    }

    fn subscribe<'a>(&'a self, addresses: &'a [Address]) -> BoxFuture<'a, Result<(), BrokerError>> {
        Box::pin(Broker::subscribe(self, addresses))
    }

    fn unsubscribe<'a>(
        &'a self,
        addresses: &'a [Address],
    ) -> BoxFuture<'a, Result<(), BrokerError>> {
        Box::pin(Broker::unsubscribe(self, addresses))
    }

    fn publish<'a>(
        &'a self,
        addresses: &'a [Address],
        message: Bytes,
    ) -> BoxFuture<'a, Result<Published, BrokerError>> {
        Box::pin(Broker::publish(self, addresses, message))
    }
}
