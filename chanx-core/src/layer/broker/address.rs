//! The addresses that are published and subscribed to.

use std::{fmt, str::FromStr};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

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
/// assert_eq!("chanx.group.room.lobby%201%2E%C3%A9".parse(), Ok(address));
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

impl FromStr for Address {
    type Err = ParseAddressError;

    fn from_str(text: &str) -> Result<Self, ParseAddressError> {
        let parts: Vec<_> = text.split('.').collect();
        let address = match parts[..] {
            ["chanx", "group", channel, group] => Self::Group {
                channel: part(channel)?.into(),
                group: part(group)?.into(),
            },
            ["chanx", "user", channel, user] => Self::User {
                channel: part(channel)?.into(),
                user: part(user)?.into(),
            },
            ["chanx", "node", node] => Self::Node(node.parse().map_err(|_| ParseAddressError)?),
            _ => return Err(ParseAddressError),
        };
        // Nothing else may stand for it.
        if address.to_string() == text {
            Ok(address)
        } else {
            Err(ParseAddressError)
        }
    }
}

fn part(text: &str) -> Result<String, ParseAddressError> {
    if text == "%" {
        return Ok(String::new());
    }
    let part = percent_decode_str(text).decode_utf8();
    Ok(part.map_err(|_| ParseAddressError)?.into_owned())
}

/// The error of a text that is no [`Address`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the text of an address")]
#[non_exhaustive]
pub struct ParseAddressError;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_address_is_read_from_its_text(channel: String, name: String) {
            let group = Address::Group { channel: channel.clone().into(), group: name.as_str().into() };
            let user = Address::User { channel: channel.into(), user: name.into() };
            let node = Address::Node(NodeId::random());
            for address in [group, user, node] {
                prop_assert_eq!(address.to_string().parse(), Ok(address));
            }
        }

        #[test]
        fn one_text_alone_stands_for_an_address(text in "chanx\\.(group|user|node)(\\.([%A-Fa-z0-9 ]{0,4}|%)){1,2}") {
            if let Ok(address) = text.parse::<Address>() {
                prop_assert_eq!(address.to_string(), text);
            }
        }
    }
}
