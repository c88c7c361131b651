//! One function for each thing that a broker owes.

mod groups;
mod outages;
mod payloads;
mod targets;

pub(super) use self::{
    groups::{
        delivery, events, join_and_leave, many_groups, odd_names, order, own_echo, several_groups,
    },
    outages::{outage_at_join, outage_at_publish, outages, shutdown},
    payloads::{foreign_bytes, large_payloads, slow_members},
    targets::{closes, connections, users},
};
use super::{
    Fixture,
    node::{Client, Node, fresh},
};

/// Two nodes with a member each in one group.
struct Pair<B> {
    here: Node<B>,
    there: Node<B>,
    near: Client,
    far: Client,
    group: String,
}

async fn pair<F: Fixture>(fixture: &F) -> Pair<F::Broker> {
    let (here, there) = (Node::new(fixture).await, Node::new(fixture).await);
    let group = fresh("group");
    Pair {
        near: here.member([&group]).await,
        far: there.member([&group]).await,
        group,
        here,
        there,
    }
}
