//! The membership of a connection or a subscription.

use super::{mailbox::Mailbox, memberships::Memberships};
use crate::{identity::Topic, options::ChannelOptions};

/// The membership of a connection or a subscription: its channel, its groups and the
/// events that wait for its consumer.
#[derive(Debug)]
pub(crate) struct Membership {
    pub(crate) channel: &'static str,
    /// The topic that it has been subscribed to.
    pub(crate) topic: Option<Topic>,
    pub(crate) groups: Memberships,
    pub(crate) mailbox: Mailbox,
}

impl Membership {
    pub(super) fn new(
        channel: &'static str,
        topic: Option<Topic>,
        options: &ChannelOptions,
    ) -> Self {
        Self {
            channel,
            topic,
            groups: Memberships::new(options),
            mailbox: Mailbox::new(options),
        }
    }

    /// One more of the same connection, with the same limits.
    pub(super) fn another(&self, channel: &'static str, topic: Topic) -> Self {
        Self {
            channel,
            topic: Some(topic),
            groups: self.groups.another(),
            mailbox: self.mailbox.another(),
        }
    }
}
