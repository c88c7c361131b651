//! The layer as an application holds it.

use std::{fmt, sync::Arc};

use super::{
    error::LayerError,
    health::Health,
    observer::Observer,
    roster::{Attachment, LayerStats, Roster},
};
use crate::{
    connection::{EventDecoder, JoinError, Member, Publication, Receipt},
    identity::{ConnectionId, GroupName, NodeId},
};

/// Carries messages and events to the connections of this process, and of others that
/// a broker joins to it.
///
/// Clones are the same layer. Give one to `Channels`, and keep one in the
/// application's state, so that `Broadcaster<C>` can be extracted from it. The
/// groups of two layers have nothing to do with each other.
///
/// Joining and leaving cost the logarithm of the group's size. A publication
/// to a large group goes through it in chunks of 32 members and yields between
/// them; it never waits for a client or a consumer.
///
/// # Ordering
///
/// A member that is in the group from the beginning of a publication to its
/// end gets it exactly once. One that joins or leaves meanwhile gets it once or
/// not at all. Two publications of one task, one awaited after the other, reach
/// everyone in their order; of those that run at the same time, one member may
/// get one first and another the other.
///
/// # Examples
///
/// ```
/// use chanx::{ChannelLayer, Channels};
///
/// /// With axum, `#[derive(FromRef)]` lets extractors have the layer.
/// #[derive(Clone)]
/// struct AppState {
///     layer: ChannelLayer,
/// }
///
/// let layer = ChannelLayer::new();
/// let channels: Channels<AppState> = Channels::new(layer.clone());
/// let state = AppState { layer };
/// assert_eq!(state.layer.stats().groups, 0);
/// ```
///
/// Publishing where nobody is, which is no error:
///
/// ```
/// use chanx::{Broadcaster, ChannelLayer, Connect, Consumer, Ping, channel};
///
/// #[derive(Default, Connect, Consumer)]
/// struct Room;
///
/// #[channel(name = "room", groups = ["lobby"], sends(Ping))]
/// impl Room {}
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), chanx::PublishError> {
/// let layer = ChannelLayer::new();
/// let receipt = Broadcaster::<Room>::new(&layer).broadcast(Ping).await?;
/// assert_eq!(receipt.reached, 0);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct ChannelLayer(Arc<Inner>);

struct Inner {
    roster: Arc<Roster>,
    observer: Option<Box<dyn Observer>>,
}

impl ChannelLayer {
    /// A layer without connections.
    #[must_use]
    pub fn new() -> Self {
        Self::of(Arc::new(Roster::new()))
    }

    pub(super) fn of(roster: Arc<Roster>) -> Self {
        Self(Arc::new(Inner {
            roster,
            observer: None,
        }))
    }

    /// The name of this layer among those that a broker joins.
    #[must_use]
    pub fn node(&self) -> NodeId {
        self.0.roster.node()
    }

    /// The health of the way to other nodes, for a readiness probe and for metrics.
    #[must_use]
    pub fn health(&self) -> Health {
        match self.0.roster.link() {
            Some(link) => link.health(),
            None => Health {
                is_connected: true,
                ..Health::default()
            },
        }
    }

    /// The same layer, seen through `observer`: it is told of what is published
    /// by way of what is returned and its clones, of theirs alone.
    ///
    /// It takes the place of an observer that there was.
    #[must_use]
    pub fn with_observer(&self, observer: impl Observer) -> Self {
        Self(Arc::new(Inner {
            roster: self.0.roster.clone(),
            observer: Some(Box::new(observer)),
        }))
    }

    /// The numbers of connections, groups and members.
    #[must_use]
    pub fn stats(&self) -> LayerStats {
        self.0.roster.stats()
    }

    #[cfg(test)]
    pub(super) fn roster(&self) -> &Roster {
        &self.0.roster
    }

    /// Makes a connection reachable, by its id and its user, until what is
    /// returned is dropped.
    pub(crate) fn attach(&self, member: Member) -> Attachment {
        Attachment::new(&self.0.roster, member)
    }

    /// A name for the next connection.
    pub(crate) fn next_connection(&self) -> ConnectionId {
        self.0.roster.next_connection()
    }

    /// Learns how the events of a channel are read, should they come from other nodes.
    pub(crate) fn learn(&self, channel: &'static str, decode: EventDecoder) {
        if let Some(link) = self.0.roster.link() {
            link.learn(channel, decode);
        }
    }

    /// Adds a connection to groups of its channel, and waits until what is
    /// published to these and to its user on other nodes arrives here: a second at
    /// most, and not at all while the broker is away.
    ///
    /// Cancelled while it waits, it leaves those that the connection was not in before.
    pub(crate) async fn join_everywhere(
        &self,
        member: &Member,
        groups: &[GroupName],
    ) -> Result<(), JoinError> {
        let mut joined = Joined {
            layer: self,
            member,
            groups: Vec::new(),
        };
        for group in groups {
            if self.join(member, group)? && self.0.roster.link().is_some() {
                joined.groups.push(group);
            }
        }
        if let Some(link) = self.0.roster.link() {
            link.settled(member, groups).await;
        }
        joined.groups.clear();
        Ok(())
    }

    /// Adds a connection to a group of its channel. Joining again does nothing.
    ///
    /// The name is noted at the connection first, so that whatever cuts this
    /// short is undone when the connection ends.
    ///
    /// Says whether the connection was not in it before.
    pub(crate) fn join(&self, member: &Member, group: &GroupName) -> Result<bool, JoinError> {
        let is_new = member.memberships().note(group)?;
        self.0.roster.join(member, group);
        Ok(is_new)
    }

    /// Takes a connection out of a group. Leaving again does nothing.
    pub(crate) fn leave(&self, member: &Member, group: &GroupName) {
        self.0.roster.leave(member, group);
        member.memberships().forget(group);
    }

    /// Delivers to every connection that the target names, once each.
    ///
    /// # Cancel safety
    ///
    /// Cancelled, some of the recipients may have got it and others not.
    pub(crate) async fn publish(&self, publication: &Publication) -> Result<Receipt, LayerError> {
        let Some(observer) = &self.0.observer else {
            return self.0.roster.publish(publication).await;
        };
        if !observer.publishing(publication) {
            return Ok(Receipt::default());
        }
        let published = self.0.roster.publish(publication).await;
        observer.published(publication, &published);
        published
    }
}

/// Groups that a connection has joined, and leaves again unless they are forgotten.
struct Joined<'a> {
    layer: &'a ChannelLayer,
    member: &'a Member,
    groups: Vec<&'a GroupName>,
}

impl Drop for Joined<'_> {
    fn drop(&mut self) {
        for group in &self.groups {
            self.layer.leave(self.member, group);
        }
    }
}

impl Default for ChannelLayer {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for ChannelLayer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChannelLayer")
            .field("stats", &self.stats())
            .field("is_observed", &self.0.observer.is_some())
            .finish_non_exhaustive()
    }
}
