//! Publications: content, target and outcome.

use serde::{Deserialize, Serialize};

use super::{Member, event::AnyEvent};
use crate::{
    identity::{ConnectionId, GroupName, MemberId, Name, UserKey},
    wire::Body,
};

/// Something on its way to the connections and subscriptions of one channel, as data.
///
/// Made when a [`Broadcast`](crate::Broadcast), an
/// [`EventBroadcast`](crate::EventBroadcast) or a [`Close`](crate::Close) is
/// awaited, or by what comes from a broker. It is read and written as JSON.
///
/// # Examples
///
/// ```
/// use chanx::layer::{Body, Content, Publication, Target};
///
/// let json = r#"{
///     "channel": "room",
///     "target": {"groups": ["lobby"]},
///     "content": {"message": {"action": "line", "payload": {"text": "hello"}}}
/// }"#;
/// let publication: Publication = serde_json::from_str(json)?;
///
/// assert_eq!(publication.channel, "room");
/// assert!(matches!(publication.content, Content::Message(body) if body.action() == "line"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Publication {
    /// The channel whose connections it is for.
    pub channel: Name,
    /// The members of the channel that get it.
    pub target: Target,
    /// The content that they get.
    pub content: Content,
    /// The connection or user that publishes, if it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
    /// True if that connection is left out.
    #[serde(default, skip_serializing_if = "is_false")]
    pub exclude_origin: bool,
    /// True if a message says `is_mine` and `is_current` to each recipient.
    #[serde(default, skip_serializing_if = "is_false")]
    pub with_metadata: bool,
    /// The publisher's own number for it, which clients are told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seq: Option<u64>,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes a reference"
)]
fn is_false(value: &bool) -> bool {
    !value
}

impl Publication {
    /// A publication that comes from no connection.
    #[must_use]
    pub fn new(channel: impl Into<Name>, target: Target, content: Content) -> Self {
        Self {
            channel: channel.into(),
            target,
            content,
            origin: None,
            exclude_origin: false,
            with_metadata: false,
            seq: None,
        }
    }

    /// True if it leaves out the connection of `member`, which is read for that alone.
    #[inline]
    pub(crate) fn excludes(&self, member: &Member) -> bool {
        self.exclude_origin && self.is_from(member)
    }

    #[inline(never)]
    fn is_from(&self, member: &Member) -> bool {
        let origin = self.origin.as_ref();
        origin.is_some_and(|origin| origin.connection == Some(member.connection()))
    }
}

/// The memberships of a channel that a publication is for.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Target {
    /// The members of these groups, each of them once.
    Groups(#[serde(with = "names")] Vec<GroupName>),
    /// One membership of one connection.
    Member(MemberId),
    /// One connection: where another channel's it is, its subscriptions to this one.
    Connection(ConnectionId),
    /// Every connection and subscription of one user.
    User(UserKey),
}

/// Names of groups as texts.
mod names {
    use serde::{Deserialize, Deserializer, Serializer};

    use crate::identity::GroupName;

    pub(super) fn serialize<S: Serializer>(
        names: &[GroupName],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(names.iter().map(AsRef::<str>::as_ref))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<GroupName>, D::Error> {
        let names = Vec::<String>::deserialize(deserializer)?;
        Ok(names.into_iter().map(GroupName::from).collect())
    }
}

/// The content that the recipients of a publication get.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Content {
    /// A message for the client, past the handlers.
    Message(Body),
    /// An event for the consumer.
    Event(AnyEvent),
    /// The end of the connection or, for a subscription, of that.
    Close {
        /// The close code. Delivered, it is 1011 where it may not be sent.
        code: u16,
        /// The reason for the client.
        #[serde(default)]
        reason: String,
    },
    /// The end of a subscription. A connection itself takes no notice of it.
    Unsubscribe {
        /// The word that clients branch on.
        reason: String,
        /// The text for people.
        #[serde(default)]
        detail: String,
    },
}

/// The connection that publishes, or the user on whose behalf it is done.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Origin {
    /// The connection, unless it comes from outside of any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connection: Option<ConnectionId>,
    /// The user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<UserKey>,
}

/// The outcome of a publication at one recipient.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It waits in the recipient's queue.
    Queued,
    /// The queue was full: something was dropped.
    Dropped,
    /// The connection is closing.
    Closed,
}

/// The outcome of a publication, on this node and, of one connection, where that is.
///
/// A message that is counted waits to be written, and an event to be handled:
/// neither has happened yet. Connections that are closing count as neither.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Receipt {
    /// Connections that have it in their queue, where there was room; of a
    /// close, those that were told to.
    pub reached: usize,
    /// Connections whose queue was full: they are closed, miss this or, with
    /// [`Overflow::DropOldest`](crate::Overflow::DropOldest), have it and miss
    /// what waited longest.
    pub dropped: usize,
    /// Connections of another node that was told, and has not said in time what
    /// became of it.
    pub unknown: usize,
    /// The other nodes that were told, where the broker knows how many.
    pub nodes: Option<usize>,
}

impl Receipt {
    /// Counts one more recipient.
    pub(crate) fn record(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Queued => self.reached += 1,
            Outcome::Dropped => self.dropped += 1,
            Outcome::Closed => {}
        }
    }
}
