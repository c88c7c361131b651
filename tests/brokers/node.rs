//! A node with a room, and members that check what they receive.

use std::{collections::HashSet, time::Duration};

use axum::Router;
use chanx::{
    Broadcaster, ChannelLayer, ChannelOptions, Channels, Connect, Consumer, Event, LayerError,
    Message, PublishError, channel, layer::Broker,
};
use chanx_testing::Communicator;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tokio::time::{Instant, sleep};

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Line {
    pub(crate) number: u64,
    #[serde(default)]
    pub(crate) text: String,
}

/// What a consumer is told, who tells its client.
#[derive(Debug, Clone, Serialize, Deserialize, Event)]
pub(crate) struct Ticked {
    number: u64,
}

#[derive(Default, Connect, Consumer)]
pub(crate) struct Room;

#[channel(name = "room", groups = ["lobby"], sends(Line))]
impl Room {
    #[event_handler]
    async fn ticked(&mut self, event: Ticked) -> Line {
        Line {
            number: event.number,
            text: "ticked".to_owned(),
        }
    }
}

pub(crate) type Client = Communicator<Room>;

/// A layer by way of a broker, with a room.
pub(crate) struct Node {
    pub(crate) layer: ChannelLayer,
    app: Router,
}

impl Node {
    pub(crate) async fn new(broker: impl Broker) -> Self {
        let layer = ChannelLayer::connect(broker).await.unwrap();
        // It is brokers that are tried here: no member is ever too slow.
        let options = ChannelOptions::default().outbox_bytes(64 * 1024 * 1024);
        let app = Channels::new(layer.clone())
            .options(options)
            .route::<Room>("/room")
            .into_router();
        Self { layer, app }
    }

    /// A member of the lobby, who waits a minute for what it is to receive.
    pub(crate) async fn member(&self) -> Client {
        let builder = Client::builder(&self.app, "/room");
        builder.timeout(Duration::from_secs(60)).connect().await
    }

    /// Publishes a line to the lobby, and says whether other nodes have it.
    pub(crate) async fn publish(&self, number: u64, text: &str) -> bool {
        let text = text.to_owned();
        let rooms = Broadcaster::<Room>::new(&self.layer);
        match rooms.broadcast(Line { number, text }).await {
            Ok(_) => true,
            Err(PublishError::Layer(LayerError::OtherNodes { .. })) => false,
            Err(error) => panic!("{error}"),
        }
    }

    /// Waits until the node says so of its way to others.
    pub(crate) async fn is_connected(&self, is_connected: bool) {
        let began = Instant::now();
        while self.layer.health().is_connected != is_connected {
            let waited = began.elapsed();
            assert!(
                waited < Duration::from_secs(30),
                "connected: {is_connected}"
            );
            sleep(Duration::from_millis(10)).await;
        }
    }
}

/// The lines that a member has seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Seen {
    Line(u64),
    Lagged,
}

/// Receives until the line of a number.
pub(crate) async fn watch(mut client: Client, last: u64) -> Vec<Seen> {
    let mut seen = Vec::new();
    loop {
        let json = client.receive_json().await;
        if json["action"] == "error" {
            assert_eq!(json["payload"]["reason"], "lagged", "{json}");
            seen.push(Seen::Lagged);
            continue;
        }
        let number = json["payload"]["number"].as_u64().unwrap();
        seen.push(Seen::Line(number));
        if number == last {
            return seen;
        }
    }
}

/// Checks that lines have come in order and once, and that each that has not was
/// told: after the last line before it, by the time that everything was seen.
///
/// A line of `failed` may come all the same, once the broker is back: its publisher was
/// told otherwise, as of the lines behind it, which the member was told of before.
///
/// Gives how many lines are missing.
pub(crate) fn check(seen: &[Seen], last: u64, failed: &HashSet<u64>) -> u64 {
    let (mut expected, mut missing) = (0, 0);
    let (mut is_told, mut is_owed) = (false, false);
    for what in seen {
        match *what {
            Seen::Lagged => (is_told, is_owed) = (true, false),
            Seen::Line(number) => {
                assert!(number >= expected, "{number} comes late or twice: {seen:?}");
                if number > expected {
                    missing += number - expected;
                    is_owed |= !is_told;
                }
                expected = number + 1;
                is_told &= failed.contains(&number);
            }
        }
    }
    assert!(!is_owed, "lines are missing, and nobody was told: {seen:?}");
    assert_eq!(expected, last + 1, "the last line has come");
    missing
}
