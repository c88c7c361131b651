//! The addresses of those who join and leave.

use std::time::Duration;

use futures_util::future::BoxFuture;
use tokio::time::sleep;

use super::{Link, way::State};
use crate::{
    connection::Member,
    identity::{GroupName, UserKey},
    layer::broker::Address,
};

/// The time that a join waits until its subscription stands.
const JOIN_WITHIN: Duration = Duration::from_secs(1);

impl Link {
    pub(in crate::layer) fn want_group(&self, channel: &'static str, group: &GroupName) {
        self.interests.want(group_address(channel, group));
    }

    pub(in crate::layer) fn unwant_group(&self, channel: &'static str, group: &GroupName) {
        self.interests.unwant(&group_address(channel, group));
    }

    pub(in crate::layer) fn want_user(&self, channel: &'static str, user: &UserKey) {
        self.interests.want(user_address(channel, user));
    }

    pub(in crate::layer) fn unwant_user(&self, channel: &'static str, user: &UserKey) {
        self.interests.unwant(&user_address(channel, user));
    }

    /// Waits until what is published elsewhere to these groups, and to the member's user,
    /// arrives here; see [`settle`](Self::settle).
    ///
    /// Boxed, so that it is compiled here and not once more wherever somebody joins.
    pub(in crate::layer) fn settled<'a>(
        &'a self,
        member: &'a Member,
        groups: &'a [GroupName],
    ) -> BoxFuture<'a, ()> {
        Box::pin(async move {
            let channel = member.channel();
            let user = member.user().map(|user| user_address(channel, user));
            let groups = groups.iter().map(|group| group_address(channel, group));
            let addresses: Vec<_> = user.into_iter().chain(groups).collect();
            if self.settle(&addresses).await {
                self.tell(member);
            }
        })
    }

    /// Waits until what is published to these addresses elsewhere arrives here:
    /// a second at most, and not at all while the broker is away.
    ///
    /// Who does not wait to the end is told later that something may be missing.
    /// Says whether it is to be told now, because an address was refused to others
    /// already, who have been told.
    async fn settle(&self, addresses: &[Address]) -> bool {
        let refused = addresses
            .iter()
            .filter(|address| self.interests.was_refused(address));
        let were_refused: Vec<_> = refused.collect();
        let all_ready = async {
            for address in addresses {
                self.interests.ready(address).await;
            }
        };
        tokio::select! {
            biased;
            () = all_ready => {}
            () = self.way.comes_to(|way| way != State::Up) => {}
            () = sleep(JOIN_WITHIN) => {}
        }
        for address in addresses {
            self.interests.miss(address);
        }
        let mut refused = were_refused.into_iter();
        refused.any(|address| self.interests.was_refused(address))
    }
}

fn group_address(channel: &'static str, group: &GroupName) -> Address {
    Address::Group {
        channel: channel.into(),
        group: group.clone(),
    }
}

fn user_address(channel: &'static str, user: &UserKey) -> Address {
    Address::User {
        channel: channel.into(),
        user: user.clone(),
    }
}
