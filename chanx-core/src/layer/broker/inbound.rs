//! The handle by which a broker hands messages to its node.

use std::{fmt, sync::Weak};

use bytes::Bytes;
use tokio::sync::watch;

use super::Address;

/// The node that an [`Inbound`] leads to.
pub(super) trait Receive: Send + Sync {
    fn receive(&self, message: Bytes);
    fn away(&self);
    fn back(&self);
    fn missed(&self);
    fn refused(&self, address: &Address);
    fn unpublished(&self, address: &Address);
}

/// The way into a node, for its [`Broker`](super::Broker).
///
/// It does not keep the layer alive: once that is gone, nothing that is received
/// goes anywhere, and [`closed`](Self::closed) is ready.
#[derive(Clone)]
pub struct Inbound {
    node: Weak<dyn Receive>,
    closed: watch::Receiver<bool>,
}

impl Inbound {
    pub(super) fn new(node: Weak<dyn Receive>, closed: watch::Receiver<bool>) -> Self {
        Self { node, closed }
    }

    /// Takes a message that was published to an address which this node has
    /// subscribed to.
    ///
    /// Bytes that are no message are counted and ignored, and so is what comes
    /// twice or from this node itself.
    ///
    /// # Ordering
    ///
    /// Messages are delivered in the order in which they are received here, which
    /// is to be the broker's.
    ///
    /// # Backpressure
    ///
    /// It never waits. Up to 64 MiB wait for a node that delivers more slowly than
    /// messages come; what comes then is dropped until half of them are
    /// delivered, and that is told as by [`missed`](Self::missed).
    pub fn receive(&self, message: Bytes) {
        if let Some(node) = self.node.upgrade() {
            node.receive(message);
        }
    }

    /// Says that the broker cannot be reached, or that a subscription is broken:
    /// from now on this node may miss something.
    ///
    /// Publishing fails at once until the broker is [`back`](Self::back).
    pub fn away(&self) {
        if let Some(node) = self.node.upgrade() {
            node.away();
        }
    }

    /// Says that the broker can be reached again.
    ///
    /// The layer subscribes to everything anew, and tells its members what they
    /// may have missed.
    pub fn back(&self) {
        if let Some(node) = self.node.upgrade() {
            node.back();
        }
    }

    /// Says that something for this node was lost, and that the subscriptions stand:
    /// the node was too slow for the broker, for instance.
    pub fn missed(&self) {
        if let Some(node) = self.node.upgrade() {
            node.missed();
        }
    }

    /// Says that an address is not subscribed to, or not any more, because the broker
    /// does not allow it, where [`subscribe`](super::Broker::subscribe) has not said so.
    ///
    /// The members there are told that they miss something, and the layer tries
    /// again every half a minute.
    pub fn refused(&self, address: &Address) {
        if let Some(node) = self.node.upgrade() {
            node.refused(address);
        }
    }

    /// Says that something for an address was not taken though
    /// [`publish`](super::Broker::publish) has said so, because the broker's refusal has
    /// come too late.
    ///
    /// It is counted and logged, since nobody can be told any more.
    pub fn unpublished(&self, address: &Address) {
        if let Some(node) = self.node.upgrade() {
            node.unpublished(address);
        }
    }

    /// Waits until the layer is gone, when the broker's tasks are to end.
    ///
    /// # Cancel safety
    ///
    /// Cancelled, nothing is lost: asked again, it answers the same.
    pub async fn closed(&self) {
        let mut closed = self.closed.clone();
        // An error says that the layer is gone too.
        let _ = closed.wait_for(|closed| *closed).await;
    }
}

impl fmt::Debug for Inbound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Inbound")
            .field("is_closed", &*self.closed.borrow())
            .finish_non_exhaustive()
    }
}
