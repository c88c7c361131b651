//! What carries messages and events between connections.
//!
//! ```text
//! broadcaster ─▶ publication ─▶ layer ─▶ group ─▶ recipient ─▶ mailbox or outbox
//! ```
//!
//! An application makes one [`Layer`] and gives it to its channels and its
//! state. What else is here is for those who write a layer, see
//! [`ChannelLayer`], or read what one has been given.

mod group;
mod memory;

pub use memory::MemoryLayer;

pub use crate::connection::{
    AnyEvent, Content, GroupMessage, Origin, Outcome, Publication, Receipt, Target,
};

use std::{any::Any, fmt, sync::Arc};

use async_trait::async_trait;

use crate::{
    connection::Member,
    identity::{ConnectionId, GroupName},
};

/// Carries messages and events to the connections of this process, and of
/// others where it reaches them.
///
/// [`MemoryLayer`] is the one there is. Implement the trait to note, change or
/// hold back what is published, around another layer that does the delivery: a
/// [`Publication`] is made by chanx alone, and a layer passes on those that it
/// is given.
///
/// # What an implementation owes
///
/// - [`attach`](Self::attach) comes first for each connection; what it returns
///   is dropped when the connection is over, and then takes it out of every
///   group. [`leave`](Self::leave) is not called for these.
/// - [`join`](Self::join) may come again for a group that was joined, and may
///   be cancelled half-way; limits and names have been checked before.
/// - [`publish`](Self::publish) reaches each recipient once, by
///   `Member::deliver`, which never waits. A group that nobody is in is no
///   error; a connection that is not there is [`LayerError::NotConnected`].
/// - None of them waits for a client or a consumer.
///
/// # Ordering
///
/// Two publications of one caller, one awaited after the other, reach a
/// recipient in that order. Between callers there is none, and two recipients
/// may get theirs in different orders.
///
/// # Examples
///
/// A layer that keeps quiet while the application is being maintained. The
/// trait's async functions are [`async_trait`](https://docs.rs/async-trait)'s;
/// [`Member`] comes from the crate `chanx-core`.
///
/// ```
/// use std::sync::{Arc, atomic::{AtomicBool, Ordering}};
///
/// use async_trait::async_trait;
/// use chanx::{
///     ChannelLayer, GroupName, Layer, LayerError, MemoryLayer, Receipt,
///     layer::{Attachment, LayerStats, Publication},
/// };
/// use chanx_core::Member;
///
/// struct Quiet {
///     inner: MemoryLayer,
///     quiet: Arc<AtomicBool>,
/// }
///
/// #[async_trait]
/// impl ChannelLayer for Quiet {
///     fn attach(&self, recipient: Member) -> Attachment {
///         self.inner.attach(recipient)
///     }
///
///     async fn join(&self, recipient: &Member, group: &GroupName) -> Result<(), LayerError> {
///         self.inner.join(recipient, group).await
///     }
///
///     async fn leave(&self, recipient: &Member, group: &GroupName) -> Result<(), LayerError> {
///         self.inner.leave(recipient, group).await
///     }
///
///     async fn publish(&self, publication: Publication) -> Result<Receipt, LayerError> {
///         if self.quiet.load(Ordering::Relaxed) {
///             return Ok(Receipt::default());
///         }
///         self.inner.publish(publication).await
///     }
///
///     fn stats(&self) -> LayerStats {
///         self.inner.stats()
///     }
/// }
///
/// let quiet = Arc::new(AtomicBool::new(false));
/// let layer = Layer::from(Quiet { inner: MemoryLayer::new(), quiet });
/// assert_eq!(layer.stats().connections, 0);
/// ```
#[async_trait]
pub trait ChannelLayer: Send + Sync + 'static {
    /// Makes a connection reachable, by its id and its user.
    ///
    /// Dropping what is returned takes it out of every group and makes it
    /// unreachable, at once within this process.
    fn attach(&self, member: Member) -> Attachment;

    /// Adds a connection to a group of its channel. Joining again does nothing.
    async fn join(&self, member: &Member, group: &GroupName) -> Result<(), LayerError>;

    /// Takes a connection out of a group. Leaving again does nothing.
    async fn leave(&self, member: &Member, group: &GroupName) -> Result<(), LayerError>;

    /// Delivers to every connection that the target names, once each.
    ///
    /// # Cancel safety
    ///
    /// Cancelled, some of the recipients may have got it and others not.
    async fn publish(&self, publication: Publication) -> Result<Receipt, LayerError>;

    /// How many connections, groups and members of this process there are.
    fn stats(&self) -> LayerStats;
}

/// Keeps a connection reachable for as long as it lives.
pub struct Attachment(
    #[expect(dead_code, reason = "held for its drop")] Box<dyn Any + Send + Sync>,
);

impl Attachment {
    /// Wraps what takes the connection out of the layer when it is dropped.
    pub fn new(guard: impl Send + Sync + 'static) -> Self {
        Self(Box::new(guard))
    }
}

impl fmt::Debug for Attachment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attachment").finish_non_exhaustive()
    }
}

/// What a layer holds within this process.
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

/// Why a layer could not do what it was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LayerError {
    /// The connection is gone, or never was.
    #[error("there is no connection {0}")]
    NotConnected(ConnectionId),
    /// The connection is another consumer's.
    #[error("connection {id} belongs to channel `{actual}`, not `{expected}`")]
    OtherChannel {
        /// The connection.
        id: ConnectionId,
        /// The channel that was published to.
        expected: &'static str,
        /// The channel that the connection belongs to.
        actual: &'static str,
    },
    /// The connection is in as many groups as it may be.
    #[error("a connection may be in at most {max} groups")]
    TooManyGroups {
        /// The limit.
        max: usize,
    },
    /// A group's name is longer than it may be, or empty.
    #[error("a group's name has 1 to {max} bytes")]
    GroupName {
        /// The limit.
        max: usize,
    },
    /// What is behind the layer failed.
    #[error("the layer failed")]
    Backend(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// The layer of an application: a cheap handle, made from any [`ChannelLayer`].
///
/// Clones are the same layer. Give one to `Channels`, and keep one in the
/// application's state, so that `Broadcaster<C>` can be extracted from it. The
/// groups of two layers have nothing to do with each other.
///
/// # Examples
///
/// ```
/// use chanx::{Channels, Layer, MemoryLayer};
///
/// /// With axum, `#[derive(FromRef)]` lets extractors have the layer.
/// #[derive(Clone)]
/// struct AppState {
///     layer: Layer,
/// }
///
/// let layer = Layer::from(MemoryLayer::new());
/// let channels: Channels<AppState> = Channels::new(layer.clone());
/// let state = AppState { layer };
/// assert_eq!(state.layer.stats().groups, 0);
/// ```
#[derive(Clone)]
pub struct Layer(Arc<dyn ChannelLayer>);

impl<L: ChannelLayer> From<L> for Layer {
    fn from(layer: L) -> Self {
        Self(Arc::new(layer))
    }
}

impl fmt::Debug for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Layer").finish_non_exhaustive()
    }
}

impl Layer {
    /// How many connections, groups and members of this process there are.
    #[must_use]
    pub fn stats(&self) -> LayerStats {
        self.0.stats()
    }

    pub(crate) fn attach(&self, member: Member) -> Attachment {
        self.0.attach(member)
    }

    /// Joins within the connection's limits.
    ///
    /// The name is noted before the layer is asked, so that a join which is
    /// cancelled half-way is undone when the connection ends. The layer is
    /// asked again for a name that is noted, which may be what was cancelled.
    pub(crate) async fn join(&self, member: &Member, group: GroupName) -> Result<(), LayerError> {
        let connection = &member.0;
        if group.is_empty() || group.len() > connection.max_group_name {
            let max = connection.max_group_name;
            return Err(LayerError::GroupName { max });
        }
        let noted = connection.groups.lock().contains(&group);
        if !noted {
            let mut groups = connection.groups.lock();
            if groups.len() >= connection.max_groups {
                let max = connection.max_groups;
                return Err(LayerError::TooManyGroups { max });
            }
            groups.push(group.clone());
        }
        let joined = self.0.join(member, &group).await;
        if joined.is_err() && !noted {
            // Half of it may have been done.
            let _ = self.leave(member, &group).await;
        }
        joined
    }

    pub(crate) async fn leave(&self, member: &Member, group: &GroupName) -> Result<(), LayerError> {
        self.0.leave(member, group).await?;
        member.0.groups.lock().retain(|joined| joined != group);
        Ok(())
    }

    /// Delivers a publication; see [`ChannelLayer::publish`].
    ///
    /// # Errors
    ///
    /// [`LayerError::NotConnected`] and [`LayerError::OtherChannel`] where it is
    /// for one connection; whatever the layer fails with.
    pub async fn publish(&self, publication: Publication) -> Result<Receipt, LayerError> {
        self.0.publish(publication).await
    }
}
