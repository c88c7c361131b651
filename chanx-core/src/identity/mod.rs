//! What nodes, connections, memberships and users are called.

mod member;
mod name;
mod node;

pub use member::{MemberId, Topic};
pub use name::Name;
pub use node::{NodeId, ParseNodeIdError};

use std::{fmt, str::FromStr, sync::Arc};

use serde::{Deserialize, Serialize};

/// Names one connection, among all that a broker joins.
///
/// Ordered by creation within one [`ChannelLayer`](crate::ChannelLayer), its
/// [`node`](Self::node). It travels as 32 hexadecimal digits, of which the first
/// 16 are the node's, so that a job can say whom its result is for. It is a
/// name, not a secret: never let a client choose one.
///
/// # Examples
///
/// ```
/// use chanx::ConnectionId;
///
/// let id: ConnectionId = "00000000000000070000000000000001".parse()?;
/// assert_eq!(id.to_string(), "00000000000000070000000000000001");
/// # Ok::<(), chanx::ParseConnectionIdError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct ConnectionId {
    node: NodeId,
    sequence: u64,
}

impl ConnectionId {
    pub(crate) fn new(node: NodeId, sequence: u64) -> Self {
        Self { node, sequence }
    }

    /// The node that the connection is on.
    #[must_use]
    pub fn node(self) -> NodeId {
        self.node
    }
}

impl fmt::Display for ConnectionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{:016x}", self.node, self.sequence)
    }
}

impl fmt::Debug for ConnectionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ConnectionId({self})")
    }
}

/// Not a connection's name: 32 hexadecimal digits are.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a connection id is 32 hexadecimal digits")]
pub struct ParseConnectionIdError;

impl FromStr for ConnectionId {
    type Err = ParseConnectionIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.len() != 32 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(ParseConnectionIdError);
        }
        let (node, sequence) = text.split_at(16);
        let digits = |part| u64::from_str_radix(part, 16).map_err(|_| ParseConnectionIdError);
        Ok(Self {
            node: NodeId(digits(node)?),
            sequence: digits(sequence)?,
        })
    }
}

impl From<ConnectionId> for String {
    fn from(id: ConnectionId) -> Self {
        id.to_string()
    }
}

impl TryFrom<String> for ConnectionId {
    type Error = ParseConnectionIdError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

/// The user that connections belong to, as the application names users.
///
/// Answered by [`Consumer::identity`](crate::Consumer::identity). Numbers are
/// kept as their digits, so that `UserKey::from(7_u64)` and
/// `UserKey::from("7")` are one user.
///
/// # Examples
///
/// ```
/// use chanx::UserKey;
///
/// assert_eq!(UserKey::from(7_u64), UserKey::from("7"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", from = "String")]
pub struct UserKey(Arc<str>);

impl UserKey {
    /// The key as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for UserKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<&str> for UserKey {
    fn from(key: &str) -> Self {
        Self(key.into())
    }
}

impl From<String> for UserKey {
    fn from(key: String) -> Self {
        Self(key.into())
    }
}

impl From<UserKey> for String {
    fn from(key: UserKey) -> Self {
        key.as_str().to_owned()
    }
}

impl From<u64> for UserKey {
    fn from(key: u64) -> Self {
        key.to_string().into()
    }
}

impl From<i64> for UserKey {
    fn from(key: i64) -> Self {
        key.to_string().into()
    }
}

/// A group's name, unique within one channel.
///
/// What takes a name takes a `&str` or a [`String`] too.
pub type GroupName = Arc<str>;
