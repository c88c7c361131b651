//! The names of nodes, connections, memberships and users.

mod member;
mod name;
mod node;

pub use member::{MemberId, Topic};
pub use name::Name;
pub use node::{NodeId, ParseNodeIdError};

use std::{
    borrow::{Borrow, Cow},
    fmt,
    ops::Deref,
    str::FromStr,
    sync::Arc,
};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
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
        // As one number, because each has a cost, and every connection's span names it.
        let digits = u128::from(self.node.0) << 64 | u128::from(self.sequence);
        write!(f, "{digits:032x}")
    }
}

impl fmt::Debug for ConnectionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ConnectionId({self})")
    }
}

/// The error of a text that names no connection: such a name has 32 hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a connection id is 32 hexadecimal digits")]
pub struct ParseConnectionIdError(());

impl FromStr for ConnectionId {
    type Err = ParseConnectionIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.len() != 32 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(ParseConnectionIdError(()));
        }
        let (node, sequence) = text.split_at(16);
        let digits = |part| u64::from_str_radix(part, 16).map_err(|_| ParseConnectionIdError(()));
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

impl JsonSchema for ConnectionId {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "ConnectionId".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": "^[0-9A-Fa-f]{32}$" })
    }
}

/// The user that connections belong to, as the application names users.
///
/// Answered by [`Consumer::identity`](crate::Consumer::identity). Numbers are
/// kept as their digits, so that `UserKey::from(7)` and `UserKey::from("7")` are
/// one user. It is a string as JSON, and in a schema.
///
/// # Examples
///
/// ```
/// use std::collections::HashMap;
///
/// use chanx::UserKey;
///
/// assert_eq!(UserKey::from(7), UserKey::from("7"));
///
/// let names = HashMap::from([(UserKey::from(7), "Ann")]);
/// assert_eq!(names["7"], "Ann");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", from = "String")]
pub struct UserKey(Arc<str>);

/// A group's name, unique within one channel.
///
/// It reads as a `str`, and clones share the text. Whatever takes a name takes
/// a `&str` or a [`String`] too.
///
/// # Examples
///
/// ```
/// use chanx::GroupName;
///
/// let group = GroupName::from("room.7");
/// assert_eq!(group, "room.7");
/// assert!(group.starts_with("room."));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", from = "String")]
pub struct GroupName(Arc<str>);

impl UserKey {
    /// The key as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl GroupName {
    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Deref for GroupName {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

/// The conversions of a text with a type of its own.
macro_rules! text {
    ($($name:ident),*) => {$(
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.into())
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text.into())
            }
        }

        impl From<Arc<str>> for $name {
            fn from(text: Arc<str>) -> Self {
                Self(text)
            }
        }

        impl From<&Self> for $name {
            fn from(text: &Self) -> Self {
                text.clone()
            }
        }

        impl From<$name> for String {
            fn from(text: $name) -> Self {
                text.as_str().to_owned()
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl PartialEq<str> for $name {
            fn eq(&self, other: &str) -> bool {
                *self.0 == *other
            }
        }

        impl PartialEq<&str> for $name {
            fn eq(&self, other: &&str) -> bool {
                *self.0 == **other
            }
        }

        impl JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(generator: &mut SchemaGenerator) -> Schema {
                String::json_schema(generator)
            }
        }
    )*};
}

text!(UserKey, GroupName);

/// Users whose names are numbers.
macro_rules! numbers {
    ($($number:ty),*) => {$(
        impl From<$number> for UserKey {
            fn from(key: $number) -> Self {
                key.to_string().into()
            }
        }
    )*};
}

numbers!(
    u8, u16, u32, u64, u128, usize, i8, i16, i32, i64, i128, isize
);
