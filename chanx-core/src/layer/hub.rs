//! The members of this process: connections by id, by user and by group.

use std::{collections::HashSet, hash::Hash, sync::Arc};

use dashmap::DashMap;

use super::{LayerError, group::Group};
use crate::{
    connection::{Member, Outcome, Publication, Receipt, Target},
    identity::{ConnectionId, GroupName, UserKey},
};

/// The connections of one layer, and the groups they are in.
///
/// Only a connection makes entries, by attaching and joining. A publication
/// looks names up and leaves none behind, whoever chose them.
#[derive(Debug, Default)]
pub(super) struct Hub {
    connections: DashMap<ConnectionId, Member>,
    channels: DashMap<&'static str, Arc<Channel>>,
}

/// How many connections a layer holds, and in how many groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct LayerStats {
    /// Connections that can be reached.
    pub connections: usize,
    /// Groups with at least one member.
    pub groups: usize,
    /// Memberships: a connection in three groups counts three times.
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

#[derive(Debug)]
struct Groups<K: Eq + Hash>(DashMap<K, Arc<Group>>);

impl Hub {
    pub(super) fn join(&self, member: &Member, group: &GroupName) {
        self.channel_of(member).groups.insert(group, member.clone());
    }

    pub(super) fn leave(&self, member: &Member, group: &GroupName) {
        if let Some(channel) = self.channel(member.channel()) {
            channel.groups.remove(group, member.id());
        }
    }

    pub(super) async fn publish(&self, publication: &Publication) -> Result<Receipt, LayerError> {
        // A publisher in a loop leaves room for those who are to read it.
        tokio::task::coop::consume_budget().await;
        match &publication.target {
            Target::Connection(id) => self.publish_to_connection(*id, publication),
            Target::User(user) => Ok(self.publish_to_user(user, publication).await),
            Target::Groups(groups) => Ok(self.publish_to_groups(groups, publication).await),
        }
    }

    pub(super) fn stats(&self) -> LayerStats {
        let mut stats = LayerStats {
            connections: self.connections.len(),
            ..LayerStats::default()
        };
        for channel in &self.channels {
            let groups = &channel.groups.0;
            stats.users += channel.users.0.len();
            stats.groups += groups.len();
            stats.members += groups.iter().map(|group| group.len()).sum::<usize>();
        }
        stats
    }

    /// Whether no channel, group, user or connection has an entry.
    #[cfg(test)]
    pub(super) fn is_empty(&self) -> bool {
        self.channels.is_empty() && self.connections.is_empty()
    }

    fn channel(&self, name: &str) -> Option<Arc<Channel>> {
        self.channels.get(name).map(|channel| channel.clone())
    }

    /// The channel of a connection, which makes it if it is the first.
    fn channel_of(&self, member: &Member) -> Arc<Channel> {
        let name = member.channel();
        let known = self.channel(name);
        known.unwrap_or_else(|| self.channels.entry(name).or_default().clone())
    }

    fn publish_to_connection(
        &self,
        id: ConnectionId,
        publication: &Publication,
    ) -> Result<Receipt, LayerError> {
        let member = self.connections.get(&id).map(|member| member.clone());
        let member = member.ok_or(LayerError::NotConnected(id))?;
        if member.channel() != publication.channel {
            return Err(LayerError::OtherChannel {
                id,
                expected: publication.channel,
                actual: member.channel(),
            });
        }
        let delivery = member.deliver(publication);
        if let Some(unfinished) = delivery.unfinished {
            unfinished.finish();
        }
        match delivery.outcome {
            Outcome::Closed => Err(LayerError::NotConnected(id)),
            outcome => {
                let mut receipt = Receipt::default();
                receipt.record(outcome);
                Ok(receipt)
            }
        }
    }

    async fn publish_to_user(&self, user: &UserKey, publication: &Publication) -> Receipt {
        let mut receipt = Receipt::default();
        let channel = self.channel(publication.channel);
        if let Some(group) = channel.and_then(|channel| channel.users.get(user)) {
            group.publish(publication, None, &mut receipt).await;
        }
        receipt
    }

    async fn publish_to_groups(&self, groups: &[GroupName], publication: &Publication) -> Receipt {
        let mut receipt = Receipt::default();
        let mut seen = (groups.len() > 1).then(HashSet::new);
        let Some(channel) = self.channel(publication.channel) else {
            return receipt;
        };
        for name in groups {
            if let Some(group) = channel.groups.get(name) {
                group
                    .publish(publication, seen.as_mut(), &mut receipt)
                    .await;
            }
        }
        receipt
    }
}

/// Keeps a connection reachable until it is dropped, which also takes it out of every group.
#[derive(Debug)]
pub(crate) struct Attachment {
    hub: Arc<Hub>,
    channel: Arc<Channel>,
    member: Member,
}

impl Attachment {
    pub(super) fn new(hub: &Arc<Hub>, member: Member) -> Self {
        let channel = hub.channel_of(&member);
        if let Some(user) = member.user() {
            channel.users.insert(user, member.clone());
        }
        hub.connections.insert(member.id(), member.clone());
        Self {
            hub: hub.clone(),
            channel,
            member,
        }
    }
}

impl Drop for Attachment {
    fn drop(&mut self) {
        let id = self.member.id();
        for group in self.member.groups() {
            self.channel.groups.remove(&group, id);
        }
        if let Some(user) = self.member.user() {
            self.channel.users.remove(user, id);
        }
        self.hub.connections.remove(&id);
    }
}

impl<K: Eq + Hash> Default for Groups<K> {
    fn default() -> Self {
        Self(DashMap::new())
    }
}

impl<K: Eq + Hash + Clone> Groups<K> {
    fn get(&self, name: &K) -> Option<Arc<Group>> {
        self.0.get(name).map(|group| group.clone())
    }

    /// Adds under the map's lock, so that a group is never removed between
    /// being found and being joined.
    fn insert(&self, name: &K, member: Member) {
        self.0.entry(name.clone()).or_default().insert(member);
    }

    /// The last to leave removes the group.
    fn remove(&self, name: &K, id: ConnectionId) {
        if let Some(group) = self.get(name) {
            group.remove(id);
        }
        self.0.remove_if(name, |_, group| group.is_empty());
    }
}
