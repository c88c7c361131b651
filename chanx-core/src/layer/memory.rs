//! The layer of one process.

use std::{collections::HashSet, hash::Hash, sync::Arc};

use async_trait::async_trait;
use dashmap::DashMap;

use super::{Attachment, ChannelLayer, LayerError, LayerStats, group::Group};
use crate::{
    connection::{Member, Outcome, Publication, Receipt, Target},
    identity::{ConnectionId, GroupName, UserKey},
};

/// The layer of one process: groups in memory.
///
/// Joining and leaving cost the logarithm of the group's size. A publication
/// to a large group goes through it in chunks of 32 members and yields between
/// them; it never waits for a reader. Clones are the same layer.
///
/// # Ordering
///
/// A member that is in the group from the beginning of a publication to its
/// end gets it exactly once. One that joins or leaves meanwhile gets it once or
/// not at all. Two publications of one task reach everyone in their order; of
/// those that run at the same time, one member may get one first and another
/// the other.
///
/// # Examples
///
/// ```
/// use chanx::{Broadcaster, Consumer, Layer, MemoryLayer, Ping, channel};
///
/// #[derive(Default, Consumer)]
/// struct Room;
///
/// #[channel(name = "room", groups = ["lobby"], sends(Ping))]
/// impl Room {}
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), chanx::PublishError> {
/// let layer = Layer::from(MemoryLayer::new());
///
/// // Nobody is there, which is no error.
/// let receipt = Broadcaster::<Room>::new(&layer).broadcast(Ping).await?;
/// assert_eq!(receipt.reached, 0);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Default)]
pub struct MemoryLayer {
    registry: Arc<Registry>,
}

#[derive(Debug, Default)]
struct Registry {
    connections: DashMap<ConnectionId, Member>,
    channels: DashMap<&'static str, Arc<Channel>>,
}

/// The groups of one channel: `lobby` of another is another group.
#[derive(Debug, Default)]
struct Channel {
    groups: Groups<GroupName>,
    users: Groups<UserKey>,
}

#[derive(Debug)]
struct Groups<K: Eq + Hash>(DashMap<K, Arc<Group>>);

impl MemoryLayer {
    /// A layer without connections.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

#[async_trait]
impl ChannelLayer for MemoryLayer {
    fn attach(&self, member: Member) -> Attachment {
        let channel = self.registry.channel(member.channel());
        if let Some(user) = member.user() {
            channel.users.insert(user, member.clone());
        }
        self.registry
            .connections
            .insert(member.id(), member.clone());
        Attachment::new(Attached {
            registry: self.registry.clone(),
            channel,
            member,
        })
    }

    async fn join(&self, member: &Member, group: &GroupName) -> Result<(), LayerError> {
        let channel = self.registry.channel(member.channel());
        channel.groups.insert(group, member.clone());
        Ok(())
    }

    async fn leave(&self, member: &Member, group: &GroupName) -> Result<(), LayerError> {
        let channel = self.registry.channel(member.channel());
        channel.groups.remove(group, member.id());
        Ok(())
    }

    async fn publish(&self, publication: Publication) -> Result<Receipt, LayerError> {
        // A publisher in a loop leaves room for those who are to read it.
        tokio::task::coop::consume_budget().await;
        match &publication.target {
            Target::Connection(id) => self.registry.publish_to_connection(*id, &publication),
            Target::User(user) => Ok(self.registry.publish_to_user(user, &publication).await),
            Target::Groups(groups) => {
                Ok(self.registry.publish_to_groups(groups, &publication).await)
            }
        }
    }

    fn stats(&self) -> LayerStats {
        let mut stats = LayerStats {
            connections: self.registry.connections.len(),
            ..LayerStats::default()
        };
        for channel in &self.registry.channels {
            stats.users += channel.users.0.len();
            stats.groups += channel.groups.0.len();
            stats.members += channel
                .groups
                .0
                .iter()
                .map(|group| group.len())
                .sum::<usize>();
        }
        stats
    }
}

impl Registry {
    fn channel(&self, name: &'static str) -> Arc<Channel> {
        if let Some(channel) = self.channels.get(name) {
            return channel.clone();
        }
        self.channels.entry(name).or_default().clone()
    }

    fn publish_to_connection(
        &self,
        id: ConnectionId,
        publication: &Publication,
    ) -> Result<Receipt, LayerError> {
        let member = self
            .connections
            .get(&id)
            .map(|entry| entry.clone())
            .ok_or(LayerError::NotConnected(id))?;
        if member.channel() != publication.channel {
            return Err(LayerError::OtherChannel {
                id,
                expected: publication.channel,
                actual: member.channel(),
            });
        }
        match member.deliver(publication) {
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
        if let Some(group) = self.channel(publication.channel).users.get(user) {
            group.publish(publication, None, &mut receipt).await;
        }
        receipt
    }

    async fn publish_to_groups(&self, groups: &[GroupName], publication: &Publication) -> Receipt {
        let mut receipt = Receipt::default();
        let mut seen = (groups.len() > 1).then(HashSet::new);
        let channel = self.channel(publication.channel);
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

/// What is taken back when a connection ends.
struct Attached {
    registry: Arc<Registry>,
    channel: Arc<Channel>,
    member: Member,
}

impl Drop for Attached {
    fn drop(&mut self) {
        let id = self.member.id();
        for group in self.member.groups() {
            self.channel.groups.remove(&group, id);
        }
        if let Some(user) = self.member.user() {
            self.channel.users.remove(user, id);
        }
        self.registry.connections.remove(&id);
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
