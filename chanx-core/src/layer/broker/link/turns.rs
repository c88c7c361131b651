//! The turns of the way to other nodes: for the better, and for the worse.

use std::future::Future;

use tracing::{info, warn};

use super::{Link, way::State, within};
use crate::{
    connection::Member,
    layer::broker::{Address, counts::Counts, format},
};

impl Link {
    pub(in crate::layer::broker) fn is_away(&self) -> bool {
        self.way.state() == State::Away
    }

    /// Waits until the way gets better or worse than it is now.
    pub(in crate::layer::broker) fn turned(&self) -> impl Future<Output = ()> {
        self.way.turned()
    }

    pub(in crate::layer::broker) fn away(&self) {
        let is_new = self.way.turn(|_| true, State::Away);
        if is_new {
            self.interests.lose();
            Counts::add(&self.counts.gaps);
            warn!(node = %self.node, "the broker cannot be reached");
        }
    }

    pub(in crate::layer::broker) fn back(&self) {
        if self.way.turn(|state| state == State::Away, State::Up) {
            self.probe.forget();
            self.renew();
            self.interests.note_gap();
            info!(node = %self.node, "the broker can be reached again");
        }
    }

    pub(in crate::layer::broker) fn missed(&self) {
        if self.interests.note_gap() {
            Counts::add(&self.counts.gaps);
            warn!(node = %self.node, "something for this node was dropped");
        }
    }

    /// Notes that the broker does not allow an address.
    pub(in crate::layer::broker) fn refused(&self, address: &Address) {
        if self.interests.refuse(address) {
            Counts::add(&self.counts.gaps);
            warn!(node = %self.node, %address, "the broker refuses a subscription");
        }
    }

    /// Notes that the broker refuses what it was said to have.
    pub(in crate::layer::broker) fn unpublished(&self, address: &Address) {
        Counts::add(&self.counts.unpublished);
        warn!(node = %self.node, %address, "the broker refuses what was published, too late for its publisher");
    }

    /// Tells a member that it may have missed something.
    pub(in crate::layer::broker) fn tell(&self, member: &Member) {
        if member.lag() {
            Counts::add(&self.counts.told);
        }
    }

    /// Sends this node a message; where the one before has not come back, it is deaf.
    pub(in crate::layer::broker) async fn probe(&self) {
        if self.probe.is_awaited() && !self.is_away() {
            if self.way.turn(|state| state == State::Up, State::Deaf) {
                Counts::add(&self.counts.gaps);
                warn!(node = %self.node, "nothing comes from the broker: subscribing again");
            }
            self.renew();
        }
        let probe = self.next_id();
        self.probe.sent(probe);
        let message = format::probe(self.node, probe);
        // One that could not be sent does not come back, which tells enough.
        let _ = within(self.broker.publish(&[Address::Node(self.node)], message)).await;
    }

    /// Notes that a message of this node's to itself has come back, be it late.
    pub(in crate::layer::broker) fn heard(&self, probe: u64) {
        self.probe.heard(probe);
        if self.way.turn(|state| state == State::Deaf, State::Up) {
            self.interests.note_gap();
            info!(node = %self.node, "the broker is heard again");
        }
    }

    /// Subscribes to everything anew, and first to what the probes come by: with many
    /// addresses all of it takes longer than the next probe.
    fn renew(&self) {
        self.interests.renew(&Address::Node(self.node));
    }
}
