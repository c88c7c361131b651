//! What members and publishers of joined layers see of a broker that fails them.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use axum::Router;
use chanx::{
    Broadcaster, ChannelLayer, Channels, Connect, Consumer, Event, LayerError, Ping, PublishError,
    channel, layer::BrokerError,
};
use chanx_testing::{Communicator, broker::Exchange};
use serde::{Deserialize, Deserializer, Serialize};
use tokio::time::{Instant, sleep};

/// Counts how often it is read from JSON.
#[derive(Clone, Serialize, Event)]
struct Counted;

static DECODED: AtomicUsize = AtomicUsize::new(0);

impl<'de> Deserialize<'de> for Counted {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        DECODED.fetch_add(1, Ordering::Relaxed);
        <()>::deserialize(deserializer).map(|()| Self)
    }
}

#[derive(Default, Connect, Consumer)]
struct Room;

#[channel(name = "room", groups = ["lobby"], sends(Ping))]
impl Room {
    #[event_handler]
    async fn counted(&mut self, _: Counted) -> Ping {
        Ping
    }
}

struct Node {
    layer: ChannelLayer,
    app: Router,
}

impl Node {
    async fn new(exchange: &Exchange) -> Self {
        let layer = ChannelLayer::connect(exchange.broker())
            .await
            .expect("the broker for tests accepts every node");
        let app = Channels::new(layer.clone())
            .route::<Room>("/ws")
            .into_router();
        Self { layer, app }
    }

    async fn member(&self) -> Communicator<Room> {
        Communicator::connect(&self.app, "/ws").await
    }

    fn rooms(&self) -> Broadcaster<Room> {
        Broadcaster::new(&self.layer)
    }
}

async fn lagged(client: &mut Communicator<Room>) {
    assert_eq!(client.receive_json().await["payload"]["reason"], "lagged");
}

#[tokio::test(start_paused = true)]
async fn a_subscription_that_is_deaf_is_found_out_and_told() {
    let exchange = Exchange::new();
    let node = Node::new(&exchange).await;
    let mut member = node.member().await;

    exchange.deafen(true);
    sleep(Duration::from_secs(16)).await;
    assert!(!node.layer.health().is_connected);
    exchange.deafen(false);
    sleep(Duration::from_secs(6)).await;

    assert!(node.layer.health().is_connected);
    lagged(&mut member).await;
    member.receive_nothing().await;
    assert_eq!(node.layer.health().told, 1);
}

#[tokio::test(start_paused = true)]
async fn a_join_waits_a_second_for_its_subscription_and_the_client_is_told_later() {
    let exchange = Exchange::new();
    let (here, there) = (Node::new(&exchange).await, Node::new(&exchange).await);

    exchange.refuse_subscriptions(true);
    let began = Instant::now();
    let mut member = there.member().await;
    assert_eq!(began.elapsed().as_millis(), 1000);
    exchange.refuse_subscriptions(false);

    lagged(&mut member).await;
    here.rooms().broadcast(Ping).await.unwrap();
    member.receive::<Ping>().await;
    member.receive_nothing().await;
}

#[tokio::test(start_paused = true)]
async fn publishing_to_a_broker_that_does_not_answer_ends_after_five_seconds() {
    let exchange = Exchange::new();
    let node = Node::new(&exchange).await;
    let mut member = node.member().await;

    exchange.hang(true);
    let began = Instant::now();
    let published = node.rooms().broadcast(Ping).await;

    assert_eq!(began.elapsed().as_secs(), 5);
    let Err(PublishError::Layer(LayerError::OtherNodes { here, source })) = published else {
        panic!("the publisher is not told: {published:?}");
    };
    assert_eq!(here.reached, 1);
    assert!(matches!(source, BrokerError::TimedOut { .. }), "{source:?}");
    member.receive::<Ping>().await;
    assert_eq!(node.layer.health().failed, 1);
}

#[tokio::test(start_paused = true)]
async fn what_the_broker_has_dropped_is_told_once() {
    let exchange = Exchange::new();
    let node = Node::new(&exchange).await;
    let (mut one, mut two) = (node.member().await, node.member().await);

    exchange.drop_some();

    for member in [&mut one, &mut two] {
        lagged(member).await;
        member.receive_nothing().await;
    }
    assert_eq!(node.layer.health().gaps, 1);
}

#[tokio::test(start_paused = true)]
async fn an_event_from_another_node_is_decoded_once_for_all_of_its_members() {
    let exchange = Exchange::new();
    let (here, there) = (Node::new(&exchange).await, Node::new(&exchange).await);
    let mut members = Vec::new();
    for _ in 0..10 {
        members.push(there.member().await);
    }

    here.rooms().event(Counted).await.unwrap();

    for member in &mut members {
        member.receive::<Ping>().await;
    }
    assert_eq!(DECODED.load(Ordering::Relaxed), 1);
}

#[tokio::test(start_paused = true)]
async fn a_broker_that_cannot_be_reached_is_an_error_of_connect() {
    let exchange = Exchange::new();
    exchange.cut();

    let connected = ChannelLayer::connect(exchange.broker()).await;

    assert!(matches!(connected, Err(BrokerError::Away)));
}

#[tokio::test]
async fn a_plain_thread_reaches_other_nodes() {
    let exchange = Exchange::new();
    let (here, there) = (Node::new(&exchange).await, Node::new(&exchange).await);
    let mut member = there.member().await;

    let rooms = here.rooms();
    let thread = std::thread::spawn(move || rooms.broadcast(Ping).blocking());

    member.receive::<Ping>().await;
    assert_eq!(thread.join().unwrap().unwrap().nodes, Some(1));
}
