//! What members and publishers of joined layers see of a broker that fails them.

mod deaf;
mod gaps;
mod refused;
mod restless;

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use axum::Router;
use chanx::{
    Broadcaster, ChannelLayer, ChannelOptions, Channels, Connect, Consumer, Context, Event,
    LayerError, Message, Ping, Pong, PublishError, channel, layer::BrokerError,
};
use chanx_testing::{Communicator, broker::Exchange};
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use tokio::time::{Instant, timeout};

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

#[channel(name = "room", groups = ["lobby"], sends(Heavy, Ping))]
impl Room {
    #[event_handler]
    async fn counted(&mut self, _: Counted) -> Ping {
        Ping
    }
}

/// Counts how often it is written as JSON.
#[derive(Clone, Deserialize, JsonSchema, Message)]
struct Heavy;

static WRITTEN: AtomicUsize = AtomicUsize::new(0);

impl Serialize for Heavy {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        WRITTEN.fetch_add(1, Ordering::Relaxed);
        serializer.serialize_unit()
    }
}

/// Gives up waiting to join, when it is asked to.
#[derive(Default, Connect, Consumer)]
struct Impatient;

#[channel(name = "impatient", groups = [], sends(Ping))]
impl Impatient {
    #[ws_handler]
    async fn ping(&mut self, _: Ping, ctx: &mut Context<Self>) -> Pong {
        let joining = timeout(Duration::from_millis(100), ctx.join("attic"));
        assert!(joining.await.is_err(), "it waits for its subscription");
        Pong
    }
}

/// Joins the thousand groups from that number on.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
struct Fill {
    from: u64,
}

#[derive(Default, Connect, Consumer)]
struct Many;

#[channel(name = "many", sends(Ping))]
impl Many {
    #[ws_handler]
    async fn fill(&mut self, fill: Fill, ctx: &mut Context<Self>) -> Pong {
        for number in fill.from..fill.from + 1000 {
            let joined = ctx.join(format!("group-{number}")).await;
            joined.expect("an outage refuses nobody");
        }
        Pong
    }
}

fn many(layer: &ChannelLayer) -> Router {
    Channels::new(layer.clone())
        .options(ChannelOptions::default().max_groups(1000))
        .route::<Many>("/many")
        .into_router()
}

/// Another consumer of the room's name.
#[derive(Default, Connect, Consumer)]
struct Annexe;

#[derive(Clone, Serialize, Deserialize, Event)]
struct OfAnnexe;

#[channel(name = "room", groups = ["lobby"], sends(Pong))]
impl Annexe {
    #[event_handler]
    async fn of_annexe(&mut self, _: OfAnnexe) -> Pong {
        Pong
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
        let app: Router = Channels::new(layer.clone())
            .route::<Room>("/ws")
            .route::<Impatient>("/impatient")
            .into_router();
        // One `Channels` would refuse another consumer of the name.
        let annexe: Channels = Channels::new(layer.clone());
        let app = app.merge(annexe.route::<Annexe>("/annexe"));
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
async fn consumers_of_one_name_read_the_events_of_both() {
    let exchange = Exchange::new();
    let (here, there) = (Node::new(&exchange).await, Node::new(&exchange).await);
    let mut annexe = Communicator::<Annexe>::connect(&there.app, "/annexe").await;

    let annexes = Broadcaster::<Annexe>::new(&here.layer);
    annexes.event(OfAnnexe).await.unwrap();

    annexe.receive::<Pong>().await;
    let mut member = there.member().await;
    here.rooms().event(Counted).await.unwrap();
    member.receive::<Ping>().await;
    assert_eq!(there.layer.health().unreadable, 0);
}

#[tokio::test(start_paused = true)]
async fn a_payload_is_written_once_whatever_is_said_of_it_to_whom() {
    let exchange = Exchange::new();
    let (here, there) = (Node::new(&exchange).await, Node::new(&exchange).await);
    let (mut near, mut far) = (here.member().await, there.member().await);

    let rooms = here.rooms();
    let sent = rooms.broadcast(Heavy).with_metadata();
    sent.on_behalf_of("ann").await.unwrap();

    for member in [&mut near, &mut far] {
        assert_eq!(member.receive_json().await["is_mine"], false);
    }
    assert_eq!(WRITTEN.load(Ordering::Relaxed), 1);
}

#[tokio::test(start_paused = true)]
async fn a_join_that_is_given_up_is_undone() {
    let exchange = Exchange::new();
    let node = Node::new(&exchange).await;
    let mut client = Communicator::<Impatient>::connect(&node.app, "/impatient").await;
    assert_eq!(node.layer.stats().groups, 0);

    exchange.hang(true);
    client.request::<Pong>(&Ping).await;
    exchange.hang(false);

    assert_eq!(node.layer.stats().groups, 0);
    let rooms = Broadcaster::<Impatient>::new(&node.layer);
    assert_eq!(rooms.broadcast(Ping).to("attic").await.unwrap().reached, 0);
    client.receive_nothing().await;
}

#[tokio::test(start_paused = true)]
async fn members_are_told_of_an_outage_over_a_second() {
    let exchange = Exchange::new();
    let node = Node::new(&exchange).await;
    let mut members = Vec::new();
    for _ in 0..100 {
        members.push(node.member().await);
    }

    exchange.cut();
    exchange.mend();
    let began = Instant::now();
    let telling = members.into_iter().map(|mut member| async move {
        lagged(&mut member).await;
        began.elapsed()
    });
    let told = futures_util::future::join_all(telling).await;

    let (first, last) = (told.iter().min().unwrap(), told.iter().max().unwrap());
    assert!(
        *first < Duration::from_millis(50),
        "the first after {first:?}"
    );
    assert!(*last <= Duration::from_secs(1), "the last after {last:?}");
    assert!(
        *last >= Duration::from_millis(900),
        "not all at once: {last:?}"
    );
    let early = told.iter().filter(|at| **at < *last / 2).count();
    assert!(
        (40..=60).contains(&early),
        "{early} of 100 in the first half"
    );
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
