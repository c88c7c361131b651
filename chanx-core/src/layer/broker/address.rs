//! The addresses that are published and subscribed to.

use std::fmt;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::identity::{GroupName, Name, NodeId, UserKey};

/// An address that nodes subscribe to, and to which publications go.
///
/// A broker knows it by its text, which is never the same for two addresses and
/// is made of letters, digits, `_`, `-`, `%` and the dots between its parts:
///
/// | address | text |
/// | --- | --- |
/// | group `lobby` of channel `room` | `chanx.group.room.lobby` |
/// | user `7` of channel `room` | `chanx.user.room.7` |
/// | a node | `chanx.node.00c5f1a2b3d4e5f6` |
///
/// Any other byte of a name is written as `%` and two hexadecimal digits, and an
/// empty name as `%`.
///
/// # Examples
///
/// ```
/// use chanx::layer::Address;
///
/// let address = Address::Group {
///     channel: "room".into(),
///     group: "lobby 1.é".into(),
/// };
/// assert_eq!(address.to_string(), "chanx.group.room.lobby%201%2E%C3%A9");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Address {
    /// The members of a group.
    Group {
        /// The channel that the group is of.
        channel: Name,
        /// The group's name.
        group: GroupName,
    },
    /// The connections of a user.
    User {
        /// The channel that the connections are of.
        channel: Name,
        /// The user.
        user: UserKey,
    },
    /// One node, for what concerns single connections of it.
    Node(NodeId),
}

/// The characters that are escaped: all but letters, digits and these.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'_').remove(b'-');

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Group { channel, group } => {
                write!(f, "chanx.group.{}.{}", Part(channel), Part(group))
            }
            Self::User { channel, user } => {
                write!(f, "chanx.user.{}.{}", Part(channel), Part(user.as_str()))
            }
            Self::Node(node) => write!(f, "chanx.node.{node}"),
        }
    }
}

struct Part<'a>(&'a str);

impl fmt::Display for Part<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("%");
        }
        utf8_percent_encode(self.0, ESCAPED).fmt(f)
    }
}
