//! Groups that are shared with a process of Python's chanx.
//!
//! Its packages are installed by `scripts/test`, into `target/python`.

use std::{path::Path, process::Stdio, time::Duration};

use axum::Router;
use chanx::{
    Broadcaster, Channel, ChannelLayer, Channels, Connect, Consumer, Event, HandlerError, Message,
    channel,
};
use chanx_testing::Communicator;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines},
    process::{Child, ChildStdin, ChildStdout, Command},
    time::timeout,
};

use crate::server::{Redis, Server};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Message)]
struct Line {
    number: u64,
}

#[derive(Debug, Clone, Serialize, Deserialize, Event)]
struct Ticked {
    number: u64,
}

#[derive(Default, Connect, Consumer)]
struct Room;

#[channel(name = "room", groups = ["lobby"], sends(Line))]
impl Room {
    #[event_handler]
    async fn ticked(&mut self, event: Ticked) -> Line {
        Line {
            number: event.number,
        }
    }
}

/// Whoever has subscribed to the topic `room:5`.
#[derive(Default, Connect, Consumer)]
struct Follower;

#[channel(name = "follower", groups = ["room:5"], sends(Line))]
impl Follower {
    #[event_handler]
    async fn ticked(&mut self, event: Ticked) -> Result<Line, HandlerError> {
        Ok(Line {
            number: event.number,
        })
    }
}

/// A process of Python, with a client that is in the lobby.
struct Peer {
    _process: Child,
    commands: ChildStdin,
    received: Lines<BufReader<ChildStdout>>,
}

impl Peer {
    async fn start(redis: &Server<Redis>) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
        let python = folder.join("target/python/bin/python3");
        assert!(
            python.exists(),
            "no {}: scripts/test installs it",
            python.display()
        );
        let mut process = Command::new(python)
            .arg(folder.join("tests/brokers/peer.py"))
            .arg(format!("redis://{}", redis.address()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut peer = Self {
            commands: process.stdin.take().unwrap(),
            received: BufReader::new(process.stdout.take().unwrap()).lines(),
            _process: process,
        };
        // Its client answers, so that it has joined its group.
        peer.say(0).await;
        assert_eq!(peer.receive().await["payload"]["number"], 0);
        peer
    }

    async fn command(&mut self, command: Value) {
        let line = format!("{command}\n");
        self.commands.write_all(line.as_bytes()).await.unwrap();
    }

    /// Has its client broadcast a line to the lobby.
    async fn say(&mut self, number: u64) {
        let say = json!({"action": "say", "payload": {"number": number}});
        self.command(json!(["send", say])).await;
    }

    /// What its client receives next.
    async fn receive(&mut self) -> Value {
        let line = timeout(Duration::from_secs(30), self.received.next_line()).await;
        let line = line.expect("its client receives something").unwrap();
        serde_json::from_str(&line.expect("it lives")).unwrap()
    }
}

/// A node that shares its groups.
struct Node {
    layer: ChannelLayer,
    app: Router,
}

impl Node {
    async fn new(redis: &Server<Redis>) -> Self {
        let broker = redis.broker();
        let broker = broker
            .share_with_python("room")
            .share_topics_with_python("follower", "RoomTopic");
        let layer = ChannelLayer::connect(broker).await.unwrap();
        let app = Channels::new(layer.clone())
            .route::<Room>("/room")
            .route::<Follower>("/follower")
            .into_router();
        Self { layer, app }
    }

    async fn member<C: Channel>(&self, path: &str) -> Communicator<C> {
        let builder = Communicator::builder(&self.app, path);
        builder.timeout(Duration::from_secs(10)).connect().await
    }
}

fn line(number: u64) -> Line {
    Line { number }
}

#[tokio::test]
async fn messages_events_and_topics_go_both_ways_and_nobody_dies() {
    let redis = Server::<Redis>::start().await;
    let (here, there) = (Node::new(&redis).await, Node::new(&redis).await);
    let mut near = here.member::<Room>("/room").await;
    let mut far = there.member::<Room>("/room").await;
    let mut peer = Peer::start(&redis).await;
    for member in [&mut near, &mut far] {
        assert_eq!(
            member.receive::<Line>().await,
            line(0),
            "a message of Python's"
        );
    }

    let rooms = Broadcaster::<Room>::new(&here.layer);
    rooms.broadcast(line(1)).await.unwrap();
    let received = peer.receive().await;
    assert_eq!(
        received,
        json!({"action": "line", "payload": {"number": 1}})
    );
    for member in [&mut near, &mut far] {
        assert_eq!(
            member.receive::<Line>().await,
            line(1),
            "once, on each node"
        );
    }

    rooms.event(Ticked { number: 2 }).await.unwrap();
    assert_eq!(peer.receive().await["payload"]["number"], 2);
    peer.command(json!(["event", {"number": 3}])).await;
    assert_eq!(peer.receive().await["payload"]["number"], 3);
    for member in [&mut near, &mut far] {
        assert_eq!(member.receive::<Line>().await, line(2));
        assert_eq!(
            member.receive::<Line>().await,
            line(3),
            "an event of Python's"
        );
    }

    let mut follower = there.member::<Follower>("/follower").await;
    let subscribe = json!({"action": "subscribe", "topic": "room:5", "ref": "1"});
    peer.command(json!(["send", subscribe])).await;
    assert_eq!(peer.receive().await["action"], "subscribed");
    let followers = Broadcaster::<Follower>::new(&here.layer);
    followers
        .event(Ticked { number: 4 })
        .to("room:5")
        .await
        .unwrap();
    let received = peer.receive().await;
    assert_eq!(received["topic"], "room:5", "{received}");
    assert_eq!(received["payload"]["number"], 4);
    assert_eq!(follower.receive::<Line>().await, line(4));
    peer.command(json!(["topic", "room:5", {"number": 5}]))
        .await;
    assert_eq!(peer.receive().await["payload"]["number"], 5);
    assert_eq!(
        follower.receive::<Line>().await,
        line(5),
        "a topic's event of Python's"
    );

    // What Python has no form for does not come to it.
    followers.broadcast(line(6)).to("room:5").await.unwrap();
    assert_eq!(follower.receive::<Line>().await, line(6));
    rooms.user("nobody").send(line(7)).await.unwrap();
    peer.say(8).await;
    assert_eq!(peer.receive().await["payload"]["number"], 8, "it lives");
    for member in [&mut near, &mut far] {
        assert_eq!(member.receive::<Line>().await, line(8));
        member.receive_nothing().await;
    }
    for node in [&here, &there] {
        assert_eq!(node.layer.health().unreadable, 0);
    }
}
