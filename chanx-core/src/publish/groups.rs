//! The groups that something is published to.

use crate::{connection::Target, identity::GroupName};

/// The groups that something is published to.
///
/// Made from one name or several: `"lobby"`, a [`String`], an array, a slice
/// or a [`Vec`] of these.
#[derive(Debug, Clone)]
pub struct Groups(Vec<GroupName>);

impl From<&str> for Groups {
    fn from(group: &str) -> Self {
        Self(vec![group.into()])
    }
}

impl From<String> for Groups {
    fn from(group: String) -> Self {
        Self(vec![group.into()])
    }
}

impl From<GroupName> for Groups {
    fn from(group: GroupName) -> Self {
        Self(vec![group])
    }
}

impl<G: Into<GroupName>, const N: usize> From<[G; N]> for Groups {
    fn from(groups: [G; N]) -> Self {
        Self(groups.into_iter().map(Into::into).collect())
    }
}

impl<G: Into<GroupName>> From<Vec<G>> for Groups {
    fn from(groups: Vec<G>) -> Self {
        Self(groups.into_iter().map(Into::into).collect())
    }
}

impl<G: Clone + Into<GroupName>> From<&[G]> for Groups {
    fn from(groups: &[G]) -> Self {
        groups.to_vec().into()
    }
}

impl From<Groups> for Target {
    fn from(Groups(groups): Groups) -> Self {
        Self::Groups(groups)
    }
}
