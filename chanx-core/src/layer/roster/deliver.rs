//! Delivery to the members of this process.

use std::collections::BTreeSet;

use super::Roster;
use crate::{
    connection::{Delivering, Member, Outcome, Publication, Receipt, Target},
    identity::{ConnectionId, GroupName, Topic, UserKey},
    layer::error::LayerError,
};

impl Roster {
    /// Delivers to the members of this node.
    pub(in crate::layer) async fn deliver(
        &self,
        publication: &Publication,
    ) -> Result<Receipt, LayerError> {
        // A publisher in a loop leaves room for those who are to read it.
        tokio::task::coop::consume_budget().await;
        match &publication.target {
            Target::Connection(id) => self.deliver_to_one(*id, None, publication),
            Target::Member(id) => {
                self.deliver_to_one(id.connection, Some(id.topic.as_ref()), publication)
            }
            Target::User(user) => Ok(self.deliver_to_user(user, publication).await),
            Target::Groups(groups) => Ok(self.deliver_to_groups(groups, publication).await),
        }
    }

    /// Delivers to the memberships that one connection has of the channel: to
    /// all, or to that of a topic, or of none.
    fn deliver_to_one(
        &self,
        id: ConnectionId,
        topic: Option<Option<&Topic>>,
        publication: &Publication,
    ) -> Result<Receipt, LayerError> {
        let connection = self.connections.get(&id);
        let connection = connection.ok_or(LayerError::NotConnected(id))?;
        let mut members = connection.members();
        if let Some(topic) = topic {
            members.retain(|member| member.topic() == topic);
        }
        let actual = members.first().map(Member::channel);
        members.retain(|member| publication.channel == member.channel());
        if let (Some(actual), true) = (actual, members.is_empty()) {
            return Err(LayerError::OtherChannel {
                id,
                expected: publication.channel.clone(),
                actual: actual.into(),
            });
        }
        let mut delivering = Delivering::new(publication);
        let mut receipt = Receipt::default();
        let mut is_reached = false;
        for member in members {
            let delivery = member.deliver(&mut delivering);
            if let Some(unfinished) = delivery.unfinished {
                unfinished.finish();
            }
            is_reached |= delivery.outcome != Outcome::Closed;
            receipt.record(delivery.outcome);
        }
        is_reached
            .then_some(receipt)
            .ok_or(LayerError::NotConnected(id))
    }

    async fn deliver_to_user(&self, user: &UserKey, publication: &Publication) -> Receipt {
        let mut receipt = Receipt::default();
        let channel = self.channel(&publication.channel);
        if let Some(group) = channel.and_then(|channel| channel.users.get(user)) {
            let mut delivering = Delivering::new(publication);
            group.publish(&mut delivering, None, &mut receipt).await;
        }
        receipt
    }

    async fn deliver_to_groups(&self, groups: &[GroupName], publication: &Publication) -> Receipt {
        let mut receipt = Receipt::default();
        let mut seen = (groups.len() > 1).then(BTreeSet::new);
        let Some(channel) = self.channel(&publication.channel) else {
            return receipt;
        };
        let mut delivering = Delivering::new(publication);
        for name in groups {
            if let Some(group) = channel.groups.get(name) {
                group
                    .publish(&mut delivering, seen.as_mut(), &mut receipt)
                    .await;
            }
        }
        receipt
    }
}
