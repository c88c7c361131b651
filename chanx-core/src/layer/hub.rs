//! The members of this process: connections by id, by user and by group.

use std::{
    collections::{BTreeMap, HashSet},
    hash::Hash,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use dashmap::{DashMap, Entry};
use futures_util::future::BoxFuture;

use super::{
    broker::{Address, Link, Members},
    decoders::Decoders,
    error::LayerError,
    group::Group,
};
use crate::{
    connection::{
        Connection, Content, Delivering, EventDecoder, Member, Outcome, Publication, Receipt,
        Target,
    },
    identity::{ConnectionId, GroupName, MemberId, NodeId, Topic, UserKey},
};

/// The connections of one layer, and the groups they are in.
///
/// Only a connection makes entries, by attaching and joining. A publication
/// looks names up and leaves none behind, whoever chose them.
#[derive(Debug)]
pub(super) struct Hub {
    node: NodeId,
    sequence: AtomicU64,
    connections: DashMap<ConnectionId, Arc<Connection>>,
    channels: DashMap<&'static str, Arc<Channel>>,
    decoders: Decoders,
    way_out: WayOut,
}

/// The way to other nodes, where there are any; it ends with the hub.
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

#[derive(Debug)]
struct Groups<K: Eq + Hash>(DashMap<K, Arc<Group>>);

impl Hub {
    pub(super) fn new() -> Self {
        Self::with(NodeId::random(), WayOut(None))
    }

    /// The hub of a node that a link joins to others.
    pub(super) fn joined(node: NodeId, link: Arc<Link>) -> Self {
        Self::with(node, WayOut(Some(link)))
    }

    fn with(node: NodeId, way_out: WayOut) -> Self {
        Self {
            node,
            sequence: AtomicU64::new(1),
            connections: DashMap::new(),
            channels: DashMap::new(),
            decoders: Decoders::default(),
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

    /// Learns how the events of a channel are read.
    pub(super) fn learn(&self, channel: &'static str, decode: EventDecoder) {
        self.decoders.learn(channel, decode);
    }

    pub(super) fn join(&self, member: &Member, group: &GroupName) {
        let channel = self.channel_of(member);
        channel.groups.insert(group, member.clone(), || {
            if let Some(link) = self.link() {
                link.want(group_address(member.channel(), group));
            }
        });
    }

    pub(super) fn leave(&self, member: &Member, group: &GroupName) {
        if let Some(channel) = self.channel(member.channel()) {
            self.leave_group(&channel, member, group);
        }
    }

    fn leave_group(&self, channel: &Channel, member: &Member, group: &GroupName) {
        channel.groups.remove(group, &member.id(), || {
            if let Some(link) = self.link() {
                link.unwant(&group_address(member.channel(), group));
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

    /// Delivers to the members of this node.
    pub(super) async fn deliver(&self, publication: &Publication) -> Result<Receipt, LayerError> {
        // A publisher in a loop leaves room for those who are to read it.
        tokio::task::coop::consume_budget().await;
        match &publication.target {
            Target::Connection(id) => self.deliver_to_one(*id, None, publication),
            Target::Member(id) => {
                self.deliver_to_one(id.connection, Some(id.topic.as_ref()), publication)
            }
            Target::User(user) => Ok(self.deliver_to_user(user, publication).await),
            Target::Groups(groups) => Ok(self.deliver_to_groups(groups, publication).await),
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

    /// True if no channel, group, user or connection has an entry.
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

    /// Delivers to the memberships that one connection has of the channel: to
    /// all, or to that of a topic, or of none.
    fn deliver_to_one(
        &self,
        id: ConnectionId,
        topic: Option<Option<&Topic>>,
        publication: &Publication,
    ) -> Result<Receipt, LayerError> {
        let connection = self.connections.get(&id).map(|found| found.clone());
        let connection = connection.ok_or(LayerError::NotConnected(id))?;
        let mut members = connection.members();
        if let Some(topic) = topic {
            members.retain(|member| member.topic() == topic);
        }
        let actual = members.first().map(Member::channel);
        members.retain(|member| publication.channel == member.channel());
        if let (Some(actual), true) = (actual, members.is_empty()) {
            return Err(LayerError::OtherChannel {
                id,
                expected: publication.channel.clone(),
                actual: actual.into(),
            });
        }
        let mut delivering = Delivering::new(publication);
        let mut receipt = Receipt::default();
        let mut is_reached = false;
        for member in members {
            let delivery = member.deliver(&mut delivering);
            if let Some(unfinished) = delivery.unfinished {
                unfinished.finish();
            }
            is_reached |= delivery.outcome != Outcome::Closed;
            receipt.record(delivery.outcome);
        }
        is_reached
            .then_some(receipt)
            .ok_or(LayerError::NotConnected(id))
    }

    async fn deliver_to_user(&self, user: &UserKey, publication: &Publication) -> Receipt {
        let mut receipt = Receipt::default();
        let channel = self.channel(&publication.channel);
        if let Some(group) = channel.and_then(|channel| channel.users.get(user)) {
            let mut delivering = Delivering::new(publication);
            group.publish(&mut delivering, None, &mut receipt).await;
        }
        receipt
    }

    async fn deliver_to_groups(&self, groups: &[GroupName], publication: &Publication) -> Receipt {
        let mut receipt = Receipt::default();
        let mut seen = (groups.len() > 1).then(HashSet::new);
        let Some(channel) = self.channel(&publication.channel) else {
            return receipt;
        };
        let mut delivering = Delivering::new(publication);
        for name in groups {
            if let Some(group) = channel.groups.get(name) {
                group
                    .publish(&mut delivering, seen.as_mut(), &mut receipt)
                    .await;
            }
        }
        receipt
    }
}

impl Members for Hub {
    fn deliver<'a>(
        &'a self,
        publication: &'a Publication,
    ) -> BoxFuture<'a, Result<Receipt, LayerError>> {
        Box::pin(self.deliver(publication))
    }

    fn receive(&self, mut publication: Publication) -> BoxFuture<'_, Result<Receipt, LayerError>> {
        Box::pin(async move {
            let encoded = match &publication.content {
                Content::Event(event) => event.encoded().cloned(),
                Content::Message(_) | Content::Close { .. } | Content::Unsubscribe { .. } => None,
            };
            if let Some(body) = encoded {
                match self.decoders.decode(&publication.channel, &body) {
                    Ok(event) => publication.content = Content::Event(event),
                    Err(error) => {
                        if let Some(link) = self.link() {
                            link.note_unreadable(&error);
                        }
                        return Ok(Receipt::default());
                    }
                }
            }
            self.deliver(&publication).await
        })
    }

    fn everyone(&self) -> Vec<Member> {
        let connections: Vec<_> = self.connections.iter().map(|it| it.clone()).collect();
        let members = connections.iter().flat_map(Connection::members);
        members.collect()
    }

    fn members_at(&self, addresses: &[Address]) -> Vec<Member> {
        let mut members = BTreeMap::new();
        for address in addresses {
            let group = match address {
                Address::Group { channel, group } => {
                    let channel = self.channel(channel);
                    channel.and_then(|channel| channel.groups.get(group))
                }
                Address::User { channel, user } => {
                    let channel = self.channel(channel);
                    channel.and_then(|channel| channel.users.get(user))
                }
                Address::Node(_) => None,
            };
            let at = group.map(|group| group.members()).unwrap_or_default();
            members.extend(at.into_iter().map(|member| (member.id(), member)));
        }
        members.into_values().collect()
    }
}

impl Drop for WayOut {
    fn drop(&mut self) {
        if let Some(link) = &self.0 {
            link.close();
        }
    }
}

pub(super) fn group_address(channel: &'static str, group: &GroupName) -> Address {
    Address::Group {
        channel: channel.into(),
        group: group.clone(),
    }
}

pub(super) fn user_address(channel: &'static str, user: &UserKey) -> Address {
    Address::User {
        channel: channel.into(),
        user: user.clone(),
    }
}

/// Keeps a connection or a subscription reachable until it is dropped, which
/// also takes it out of every group.
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
            channel.users.insert(user, member.clone(), || {
                if let Some(link) = hub.link() {
                    link.want(user_address(member.channel(), user));
                }
            });
        }
        match &member {
            Member::Connection(connection) => {
                hub.connections.insert(connection.id, connection.clone());
            }
            Member::Subscription(subscription) => subscription.connection.add(subscription),
        }
        Self {
            hub: hub.clone(),
            channel,
            member,
        }
    }
}

impl Drop for Attachment {
    fn drop(&mut self) {
        let (hub, member) = (&self.hub, &self.member);
        for group in member.groups() {
            hub.leave_group(&self.channel, member, &group);
        }
        if let Some(user) = member.user() {
            self.channel.users.remove(user, &member.id(), || {
                if let Some(link) = hub.link() {
                    link.unwant(&user_address(member.channel(), user));
                }
            });
        }
        match member {
            Member::Connection(connection) => {
                hub.connections.remove(&connection.id);
            }
            Member::Subscription(subscription) => subscription.connection.remove(subscription),
        }
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
    /// being found and being joined. `first` is called under it for the first member.
    fn insert(&self, name: &K, member: Member, first: impl FnOnce()) {
        match self.0.entry(name.clone()) {
            Entry::Occupied(group) => group.get().insert(member),
            Entry::Vacant(place) => {
                first();
                place.insert(Arc::default()).insert(member);
            }
        }
    }

    /// The last to leave removes the group; `last` is called under the map's lock.
    fn remove(&self, name: &K, id: &MemberId, last: impl FnOnce()) {
        if let Some(group) = self.get(name) {
            group.remove(id);
        }
        self.0.remove_if(name, |_, group| {
            let is_empty = group.is_empty();
            if is_empty {
                last();
            }
            is_empty
        });
    }
}
