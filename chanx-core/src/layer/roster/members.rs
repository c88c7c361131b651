//! The members of this node, for the link that joins it to others.

use std::{collections::HashSet, sync::Arc};

use futures_util::future::BoxFuture;

use super::{Roster, WayOut};
use crate::{
    connection::{Connection, Member, Publication, Receipt},
    identity::NodeId,
    layer::{
        broker::{Address, Link, Members},
        error::LayerError,
    },
};

impl Roster {
    /// The roster of a node that a link joins to others.
    pub(in crate::layer) fn joined(node: NodeId, link: Arc<Link>) -> Self {
        Self::with(node, WayOut(Some(link)))
    }
}

impl Members for Roster {
    fn deliver<'a>(
        &'a self,
        publication: &'a Publication,
    ) -> BoxFuture<'a, Result<Receipt, LayerError>> {
        Box::pin(self.deliver(publication))
    }

    fn everyone(&self) -> Vec<Member> {
        let connections = self.connections.values();
        let members = connections.iter().flat_map(Connection::members);
        members.collect()
    }

    fn members_at(&self, addresses: &[Address]) -> Vec<Member> {
        let mut seen = HashSet::new();
        let mut members = Vec::new();
        for address in addresses {
            let group = match address {
                Address::Group { channel, group } => {
                    let channel = self.channel(channel);
                    channel.and_then(|channel| channel.groups.get(group))
                }
                Address::User { channel, user } => {
                    let channel = self.channel(channel);
                    channel.and_then(|channel| channel.users.get(user))
                }
                Address::Node(_) => None,
            };
            let at = group.map(|group| group.members()).unwrap_or_default();
            for member in at {
                if seen.insert(member.id()) {
                    members.push(member);
                }
            }
        }
        members
    }
}
