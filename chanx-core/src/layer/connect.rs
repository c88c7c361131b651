//! A layer that is joined to those of other processes.

use std::sync::{Arc, Weak};

use super::{
    broker::{self, Broker, Link},
    error::BrokerError,
    handle::ChannelLayer,
    roster::Roster,
};
use crate::identity::NodeId;

impl ChannelLayer {
    /// A layer that `broker` joins to those of other processes.
    ///
    /// What is published reaches the members of all of them: those of this one
    /// at once, whether the broker can be reached or not, the others by way of
    /// it. Groups, users and connections are used as in one process.
    ///
    /// # Ordering
    ///
    /// What one task publishes, each awaited before the next, reaches every
    /// member in that order, on whatever node. Two publishers may be seen in
    /// different orders by different nodes.
    ///
    /// # Delivery
    ///
    /// A member gets what is published to it once, or an `error` with reason
    /// `lagged`: after the broker was away, every member of this node is told
    /// once that it may have missed something, spread over a second.
    ///
    /// # Cancel safety
    ///
    /// Cancelled, it ends what it has begun, and nothing is connected.
    ///
    /// # Shutdown
    ///
    /// Dropped with all of its clones and connections, it ends what it runs in
    /// the background. It runs that in the runtime in which it was connected: where
    /// this ends first, it is as if the broker could not be reached.
    ///
    /// # Errors
    ///
    /// What keeps the broker from connecting, such as a wrong password.
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime with its timers on.
    pub async fn connect(broker: impl Broker) -> Result<Self, BrokerError> {
        let node = NodeId::random();
        let link = Link::new(node, broker);
        let roster = Arc::new(Roster::joined(node, link.clone()));
        let members: Weak<Roster> = Arc::downgrade(&roster);
        broker::start(link, members).await?;
        Ok(Self::of(roster))
    }
}
