//! What comes of outages, and of a node that ends.

use std::{sync::Arc, time::Duration};

use chanx_core::{LayerError, PublishError, layer::Broker};
use tokio::time::{Instant, timeout};

use super::{
    super::{
        Fixture,
        node::{Client, Node, fresh, line, number},
        until,
    },
    pair,
};

/// Receives `error` with reason `lagged`, and nothing before it.
async fn lagged(client: &mut Client) {
    let error = client.receive_json().await;
    assert_eq!(error["action"], "error", "a gap is told: {error}");
    assert_eq!(error["payload"]["reason"], "lagged", "{error}");
}

async fn connected<B: Broker>(nodes: [&Node<B>; 2], is_connected: bool) {
    for node in nodes {
        until("every node knows whether the broker is there", || {
            node.layer.health().is_connected == is_connected
        })
        .await;
    }
}

pub(in super::super) async fn outages<F: Fixture>(fixture: &F) {
    let mut pair = pair(fixture).await;

    for round in 1..=2 {
        fixture.cut().await;
        connected([&pair.here, &pair.there], false).await;
        fixture.mend().await;
        connected([&pair.here, &pair.there], true).await;
        lagged(&mut pair.near).await;
        lagged(&mut pair.far).await;

        let rooms = pair.here.rooms();
        let published = rooms.broadcast(line(round)).to(&*pair.group).await;
        published.expect("it is published");
        for client in [&mut pair.near, &mut pair.far] {
            assert_eq!(number(client).await, round, "after the outage");
            client.receive_nothing().await;
        }
    }
    assert!(pair.here.layer.health().gaps >= 2, "gaps are counted");
}

pub(in super::super) async fn outage_at_join<F: Fixture>(fixture: &F) {
    let (here, there) = (Node::new(fixture).await, Node::new(fixture).await);
    let group = fresh("group");

    fixture.cut().await;
    connected([&here, &there], false).await;
    let began = Instant::now();
    let mut far = there.member([&group]).await;
    let waited = began.elapsed();
    assert!(waited < Duration::from_millis(900), "it waits {waited:?}");

    fixture.mend().await;
    connected([&here, &there], true).await;
    lagged(&mut far).await;
    let published = here.rooms().broadcast(line(1)).to(&*group).await;
    published.expect("it is published");
    assert_eq!(number(&mut far).await, 1);
    far.receive_nothing().await;
}

pub(in super::super) async fn outage_at_publish<F: Fixture>(fixture: &F) {
    let mut pair = pair(fixture).await;

    fixture.cut().await;
    let rooms = pair.here.rooms();
    let publishing = rooms.broadcast(line(1)).to(&*pair.group);
    let published = timeout(Duration::from_secs(6), publishing.into_future()).await;
    match published.expect("publishing does not hang") {
        Err(PublishError::Layer(LayerError::OtherNodes { here, .. })) => {
            assert_eq!(here.reached, 1, "the members here have it");
        }
        published => panic!("the publisher is told: {published:?}"),
    }
    assert_eq!(number(&mut pair.near).await, 1);
}

pub(in super::super) async fn shutdown<F: Fixture>(fixture: &F) {
    let mut pair = pair(fixture).await;
    let broker = Arc::downgrade(&pair.there.broker);
    drop(pair.there);
    drop(pair.far);

    until("a broker goes with its layer", || {
        broker.strong_count() == 0
    })
    .await;
    let published = pair.here.rooms().broadcast(line(1)).to(&*pair.group).await;
    let receipt = published.expect("those who stay are reached");
    assert!(matches!(receipt.nodes, None | Some(0)), "{receipt:?}");
    assert_eq!(number(&mut pair.near).await, 1);
}
