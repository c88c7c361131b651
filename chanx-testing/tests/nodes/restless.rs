//! What is left of groups that come and go, and of code that panics.

use std::{future::IntoFuture, time::Duration};

use bytes::Bytes;
use chanx::{
    Broadcaster, ChannelLayer, Channels, Connect, Consumer, Event, LayerError, Message, Ping,
    PublishError, channel,
    layer::{Address, Broker, BrokerError, Inbound, NodeId, Published},
};
use chanx_testing::{Communicator, broker::Exchange};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tokio::time::sleep;

use crate::Node;

/// Joins a group and leaves it again.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
struct Visit {
    group: String,
}

#[derive(Default, Connect, Consumer)]
struct Visitor;

#[channel(name = "visitor", sends(Ping))]
impl Visitor {
    #[ws_handler]
    async fn visit(&mut self, visit: Visit, ctx: &mut chanx::Context<Self>) -> Ping {
        let joined = ctx.join(visit.group.as_str()).await;
        joined.expect("an outage refuses nobody");
        ctx.leave(visit.group.as_str());
        Ping
    }
}

#[tokio::test(start_paused = true)]
async fn groups_that_come_and_go_leave_nothing_behind_while_the_broker_is_away() {
    let exchange = Exchange::new();
    let node = Node::new(&exchange).await;
    let app = Channels::new(node.layer.clone())
        .route::<Visitor>("/visitor")
        .into_router();
    let mut visitor = Communicator::<Visitor>::connect(&app, "/visitor").await;

    exchange.cut();
    for number in 0..100 {
        let group = format!("group-{number}");
        visitor.request::<Ping>(&Visit { group }).await;
    }
    sleep(Duration::from_secs(6)).await;

    // Its own address is what is left.
    assert_eq!(node.layer.health().pending, 1);
}

#[tokio::test(start_paused = true)]
async fn groups_that_come_and_go_leave_nothing_behind_while_subscribing_fails() {
    let exchange = Exchange::new();
    let node = Node::new(&exchange).await;
    let app = Channels::new(node.layer.clone())
        .route::<Visitor>("/visitor")
        .into_router();
    let mut visitor = Communicator::<Visitor>::connect(&app, "/visitor").await;

    exchange.refuse_subscriptions(true);
    for number in 0..10 {
        let group = format!("group-{number}");
        visitor.request::<Ping>(&Visit { group }).await;
    }
    sleep(Duration::from_secs(7)).await;

    assert_eq!(node.layer.health().pending, 0);
}

/// Panics where it ends.
#[derive(Clone, Serialize, Deserialize, Event)]
struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        panic!("as asked for");
    }
}

/// Hears of what nobody is here for.
#[derive(Default, Connect, Consumer)]
struct Cellar;

#[channel(name = "cellar", groups = ["cellar"], sends(Ping))]
impl Cellar {
    #[event_handler]
    async fn bomb(&mut self, _: Bomb) {}
}

#[tokio::test(start_paused = true)]
async fn an_event_that_panics_when_it_is_dropped_makes_no_node_deaf() {
    let exchange = Exchange::new();
    let (here, there) = (Node::new(&exchange).await, Node::new(&exchange).await);
    let app = Channels::new(there.layer.clone())
        .route::<Cellar>("/cellar")
        .into_router();
    let mut member = there.member().await;
    // The group stays subscribed to for a while when nobody is in it any more.
    drop(Communicator::<Cellar>::connect(&app, "/cellar").await);
    while there.layer.stats().connections > 1 {
        sleep(Duration::from_millis(1)).await;
    }

    let cellars = Broadcaster::<Cellar>::new(&here.layer);
    // The publisher drops one too, which is its own affair.
    let _ = tokio::spawn(async move { cellars.event(Bomb).await.map(drop) }).await;

    here.rooms().broadcast(Ping).await.unwrap();
    member.receive::<Ping>().await;
}

/// Knows nodes, and panics at all else.
struct Panics;

impl Broker for Panics {
    async fn start(&self, _: Inbound, _: NodeId) -> Result<(), BrokerError> {
        Ok(())
    }

    async fn subscribe(&self, addresses: &[Address]) -> Result<(), BrokerError> {
        assert!(matches!(addresses, [Address::Node(_)]), "as asked for");
        Ok(())
    }

    async fn unsubscribe(&self, _: &[Address]) -> Result<(), BrokerError> {
        panic!("as asked for")
    }

    async fn publish(&self, _: &[Address], _: Bytes) -> Result<Published, BrokerError> {
        panic!("as asked for")
    }
}

#[tokio::test(start_paused = true)]
async fn a_broker_that_panics_has_failed_and_the_node_goes_on() {
    let layer = ChannelLayer::connect(Panics).await.unwrap();
    let app = Channels::new(layer.clone())
        .route::<Cellar>("/cellar")
        .into_router();
    let mut member = Communicator::<Cellar>::connect(&app, "/cellar").await;

    let published = Broadcaster::<Cellar>::new(&layer).broadcast(Ping).await;
    assert!(
        matches!(
            published,
            Err(PublishError::Layer(LayerError::OtherNodes { .. }))
        ),
        "{published:?}"
    );
    member.receive::<Ping>().await;
    assert_eq!(layer.health().pending, 1);
    sleep(Duration::from_secs(16)).await;
    assert!(!layer.health().is_connected, "its probes do not come back");
}

#[test]
fn a_layer_whose_runtime_is_gone_is_not_connected() {
    let exchange = Exchange::new();
    let runtime = || {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap()
    };
    let first = runtime();
    let layer = first
        .block_on(ChannelLayer::connect(exchange.broker()))
        .unwrap();
    assert!(layer.health().is_connected);

    drop(first);
    assert!(!layer.health().is_connected);
    let cellars = Broadcaster::<Cellar>::new(&layer);
    let published = runtime().block_on(cellars.broadcast(Ping).into_future());
    assert!(
        matches!(
            published,
            Err(PublishError::Layer(LayerError::OtherNodes { .. }))
        ),
        "{published:?}"
    );
}
