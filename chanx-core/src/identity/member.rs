//! The name of a membership.

use serde::{Deserialize, Serialize};

use super::{ConnectionId, Name};

/// The name of a topic that a connection has subscribed to.
pub type Topic = Name;

/// Names one membership: a connection, or one of its subscriptions.
///
/// What is published comes once to each. A connection has one membership
/// without a topic, and one for each topic that it has subscribed to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MemberId {
    /// The connection.
    pub connection: ConnectionId,
    /// The topic, unless it is the connection itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<Topic>,
}

impl From<ConnectionId> for MemberId {
    fn from(connection: ConnectionId) -> Self {
        Self {
            connection,
            topic: None,
        }
    }
}
