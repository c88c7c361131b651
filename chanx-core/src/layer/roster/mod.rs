//! The members of this process: connections by id, by user and by group.

mod attachment;
mod deliver;
mod groups;
#[cfg(feature = "broker")]
mod members;

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use parking_lot::RwLock;

pub(crate) use self::attachment::Attachment;
use self::groups::Groups;
use super::{broker::Link, error::LayerError};
use crate::{
    connection::{Connection, Member, Publication, Receipt},
    identity::{ConnectionId, GroupName, NodeId, UserKey},
    shards::Shards,
};

/// The connections of one layer, and the groups they are in.
///
/// Only a connection makes entries, by attaching and joining. A publication
/// looks names up and leaves none behind, whoever chose them.
#[derive(Debug)]
pub(super) struct Roster {
    node: NodeId,
    sequence: AtomicU64,
    connections: Shards<ConnectionId, Arc<Connection>>,
    channels: RwLock<HashMap<&'static str, Arc<Channel>>>,
    way_out: WayOut,
}

/// The way to other nodes, where there are any; it ends with the roster.
#[derive(Debug, Default)]
struct WayOut(Option<Arc<Link>>);

/// The numbers of a layer's connections, groups and members.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct LayerStats {
    /// Connections that can be reached.
    pub connections: usize,
    /// Groups with at least one member.
    pub groups: usize,
    /// Memberships: what is in three groups counts three times.
    pub members: usize,
    /// Users with at least one connection, counted per channel.
    pub users: usize,
}

/// The groups of one channel: `lobby` of another is another group.
#[derive(Debug, Default)]
struct Channel {
    groups: Groups<GroupName>,
    users: Groups<UserKey>,
}

impl Roster {
    pub(super) fn new() -> Self {
        Self::with(NodeId::random(), WayOut(None))
    }

    fn with(node: NodeId, way_out: WayOut) -> Self {
        Self {
            node,
            sequence: AtomicU64::new(1),
            connections: Shards::default(),
            channels: RwLock::default(),
            way_out,
        }
    }

    pub(super) fn node(&self) -> NodeId {
        self.node
    }

    pub(super) fn next_connection(&self) -> ConnectionId {
        ConnectionId::new(self.node, self.sequence.fetch_add(1, Ordering::Relaxed))
    }

    pub(super) fn link(&self) -> Option<&Arc<Link>> {
        self.way_out.0.as_ref()
    }

    pub(super) fn join(&self, member: &Member, group: &GroupName) {
        let channel = self.channel_of(member);
        channel.groups.insert(group, member.clone(), || {
            if let Some(link) = self.link() {
                link.want_group(member.channel(), group);
            }
        });
    }

    pub(super) fn leave(&self, member: &Member, group: &GroupName) {
        if let Some(channel) = self.channel(member.channel()) {
            self.leave_group(&channel, member, group);
        }
    }

    fn leave_group(&self, channel: &Channel, member: &Member, group: &GroupName) {
        channel.groups.remove(group, member, || {
            if let Some(link) = self.link() {
                link.unwant_group(member.channel(), group);
            }
        });
    }

    /// Delivers here and, by way of the link, to the members of other nodes.
    pub(super) async fn publish(&self, publication: &Publication) -> Result<Receipt, LayerError> {
        match self.link() {
            None => self.deliver(publication).await,
            Some(link) => link.publish(self, publication).await,
        }
    }

    pub(super) fn stats(&self) -> LayerStats {
        let mut stats = LayerStats {
            connections: self.connections.len(),
            ..LayerStats::default()
        };
        for channel in self.channels.read().values() {
            let groups = &channel.groups.0;
            stats.users += channel.users.0.len();
            stats.groups += groups.len();
            groups.for_each(|group| stats.members += group.len());
        }
        stats
    }

    /// True if no channel, group, user or connection has an entry.
    #[cfg(test)]
    pub(super) fn is_empty(&self) -> bool {
        self.channels.read().is_empty() && self.connections.is_empty()
    }

    fn channel(&self, name: &str) -> Option<Arc<Channel>> {
        self.channels.read().get(name).cloned()
    }

    /// The channel of a connection, which makes it if it is the first.
    fn channel_of(&self, member: &Member) -> Arc<Channel> {
        let name = member.channel();
        let known = self.channel(name);
        known.unwrap_or_else(|| self.channels.write().entry(name).or_default().clone())
    }
}

impl Drop for WayOut {
    fn drop(&mut self) {
        if let Some(link) = &self.0 {
            link.close();
        }
    }
}
