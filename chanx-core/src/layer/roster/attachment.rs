//! The hold that a connection has on its roster.

use std::sync::Arc;

use super::{Channel, Roster};
use crate::connection::Member;

/// Keeps a connection or a subscription reachable until it is dropped, which
/// also takes it out of every group.
#[derive(Debug)]
pub(crate) struct Attachment {
    roster: Arc<Roster>,
    channel: Arc<Channel>,
    member: Member,
}

impl Attachment {
    pub(in crate::layer) fn new(roster: &Arc<Roster>, member: Member) -> Self {
        let channel = roster.channel_of(&member);
        if let Some(user) = member.user() {
            channel.users.insert(user, member.clone(), || {
                if let Some(link) = roster.link() {
                    link.want_user(member.channel(), user);
                }
            });
        }
        match &member {
            Member::Connection(connection) => {
                roster.connections.insert(connection.id, connection.clone());
            }
            Member::Subscription(subscription) => subscription.connection.add(subscription),
        }
        Self {
            roster: roster.clone(),
            channel,
            member,
        }
    }

    pub(crate) fn member(&self) -> &Member {
        &self.member
    }
}

impl Drop for Attachment {
    fn drop(&mut self) {
        let (roster, member) = (&self.roster, &self.member);
        for group in member.groups() {
            roster.leave_group(&self.channel, member, &group);
        }
        if let Some(user) = member.user() {
            self.channel.users.remove(user, member, || {
                if let Some(link) = roster.link() {
                    link.unwant_user(member.channel(), user);
                }
            });
        }
        match member {
            Member::Connection(connection) => {
                roster.connections.remove(&connection.id);
            }
            Member::Subscription(subscription) => subscription.connection.remove(subscription),
        }
    }
}
