//! The membership of a connection or a subscription.

use super::{mailbox::Mailbox, memberships::Memberships};
use crate::options::ChannelOptions;

/// The membership of a connection or a subscription: its channel, its groups and the
/// events that wait for its consumer.
#[derive(Debug)]
pub(crate) struct Membership {
    pub(crate) channel: &'static str,
    pub(crate) groups: Memberships,
    pub(crate) mailbox: Mailbox,
}

impl Membership {
    pub(super) fn new(channel: &'static str, options: &ChannelOptions) -> Self {
        Self {
            channel,
            groups: Memberships::new(options),
            mailbox: Mailbox::new(options),
        }
    }

    /// One more of the same connection, with the same limits.
    pub(super) fn another(&self, channel: &'static str) -> Self {
        Self {
            channel,
            groups: self.groups.another(),
            mailbox: self.mailbox.another(),
        }
    }
}
