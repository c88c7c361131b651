//! The layer as an application holds it.

use std::{fmt, sync::Arc};

use super::{
    LayerError, LayerStats,
    hub::{Attachment, Hub},
    observer::Observer,
};
use crate::{
    connection::{JoinError, Member, Publication, Receipt},
    identity::GroupName,
};

/// Carries messages and events to the connections of this process.
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
/// use chanx::{Broadcaster, ChannelLayer, Consumer, Ping, channel};
///
/// #[derive(Default, Consumer)]
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
#[derive(Clone, Default)]
pub struct ChannelLayer(Arc<Inner>);

#[derive(Default)]
struct Inner {
    hub: Arc<Hub>,
    observer: Option<Box<dyn Observer>>,
}

impl ChannelLayer {
    /// A layer without connections.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The same layer, seen through `observer`: it is told of what is published
    /// by way of what is returned and its clones, of theirs alone.
    ///
    /// It takes the place of an observer that there was.
    #[must_use]
    pub fn with_observer(&self, observer: impl Observer) -> Self {
        Self(Arc::new(Inner {
            hub: self.0.hub.clone(),
            observer: Some(Box::new(observer)),
        }))
    }

    /// How many connections, groups and members there are.
    #[must_use]
    pub fn stats(&self) -> LayerStats {
        self.0.hub.stats()
    }

    #[cfg(test)]
    pub(super) fn hub(&self) -> &Hub {
        &self.0.hub
    }

    /// Makes a connection reachable, by its id and its user, until what is
    /// returned is dropped.
    pub(crate) fn attach(&self, member: Member) -> Attachment {
        Attachment::new(&self.0.hub, member)
    }

    /// Adds a connection to a group of its channel. Joining again does nothing.
    ///
    /// The name is noted at the connection first, so that whatever cuts this
    /// short is undone when the connection ends.
    pub(crate) fn join(&self, member: &Member, group: &GroupName) -> Result<(), JoinError> {
        member.0.memberships.note(group)?;
        self.0.hub.join(member, group);
        Ok(())
    }

    /// Takes a connection out of a group. Leaving again does nothing.
    pub(crate) fn leave(&self, member: &Member, group: &GroupName) {
        self.0.hub.leave(member, group);
        member.0.memberships.forget(group);
    }

    /// Delivers to every connection that the target names, once each.
    ///
    /// # Cancel safety
    ///
    /// Cancelled, some of the recipients may have got it and others not.
    pub(crate) async fn publish(&self, publication: &Publication) -> Result<Receipt, LayerError> {
        let Some(observer) = &self.0.observer else {
            return self.0.hub.publish(publication).await;
        };
        if !observer.publishing(publication) {
            return Ok(Receipt::default());
        }
        let published = self.0.hub.publish(publication).await;
        observer.published(publication, &published);
        published
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
