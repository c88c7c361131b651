//! The groups that one connection is in, and how many they may be.

use parking_lot::Mutex;

use crate::{identity::GroupName, options::ChannelOptions};

/// The groups of one connection or subscription, in order of joining.
///
/// The layer knows the members of a group, and this the groups of a member: so
/// that the member can leave them when it ends, and stays within its limits.
#[derive(Debug)]
pub(crate) struct Memberships {
    max_groups: usize,
    max_name: usize,
    names: Mutex<Vec<GroupName>>,
}

/// The reasons for which a group was not joined.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum JoinError {
    /// The connection is in as many groups as it may be.
    #[error("a connection may be in at most {max} groups")]
    TooManyGroups {
        /// The limit.
        max: usize,
    },
    /// The group's name is longer than it may be, or empty.
    #[error("a group's name has 1 to {max} bytes")]
    GroupName {
        /// The limit.
        max: usize,
    },
}

impl Memberships {
    pub(crate) fn new(options: &ChannelOptions) -> Self {
        Self {
            max_groups: options.max_groups,
            max_name: options.max_group_name,
            names: Mutex::default(),
        }
    }

    /// None yet, for another member of the same connection.
    pub(super) fn another(&self) -> Self {
        Self {
            max_groups: self.max_groups,
            max_name: self.max_name,
            names: Mutex::default(),
        }
    }

    /// Notes a group that is about to be joined, and says whether it is new.
    /// Noting it again changes nothing.
    ///
    /// # Errors
    ///
    /// Where the name may not be a group's, or the connection is in as many
    /// groups as it may be.
    pub(crate) fn note(&self, group: &GroupName) -> Result<bool, JoinError> {
        if group.is_empty() || group.len() > self.max_name {
            let max = self.max_name;
            return Err(JoinError::GroupName { max });
        }
        let mut names = self.names.lock();
        if names.contains(group) {
            return Ok(false);
        }
        if names.len() >= self.max_groups {
            let max = self.max_groups;
            return Err(JoinError::TooManyGroups { max });
        }
        if names.capacity() == 0 {
            // Most are in one group: that of their topic, or one that they have joined.
            names.reserve_exact(1);
        }
        names.push(group.clone());
        Ok(true)
    }

    /// Forgets a group that has been left.
    pub(crate) fn forget(&self, group: &GroupName) {
        self.names.lock().retain(|joined| joined != group);
    }

    pub(crate) fn names(&self) -> Vec<GroupName> {
        self.names.lock().clone()
    }
}
