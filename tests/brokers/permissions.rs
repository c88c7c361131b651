//! What members and publishers are told when the broker does not allow their group.

use std::process::Command;

use chanx::{
    Broadcaster, LayerError, PublishError,
    layer::{Broker, BrokerError},
};

use crate::{
    node::{Client, Line, Node, Room, Seen, watch},
    server::{Nats, Redis, Server},
};

/// A user of NATS who may do all but these.
fn nats(denied: &str) -> String {
    format!(
        r#"authorization {{ users = [{{
            user: chat, password: right, permissions: {{ {denied} }}
        }}] }}"#
    )
}

const NO_SUBSCRIBE: &str = r#"publish: "chanx.>", subscribe: { deny: "chanx.group.room.lobby" }"#;
const NO_PUBLISH: &str = r#"publish: { deny: "chanx.group.room.lobby" }, subscribe: "chanx.>""#;

/// A user of Redis who may not use groups.
const NODES: &str = "user chat on >right resetchannels &chanx.node.* +@all";

async fn lagged(member: &mut Client) {
    let told = member.receive_json().await;
    assert_eq!(told["payload"]["reason"], "lagged", "{told}");
}

/// Who joins is told, once, and gets what is published here.
async fn members_are_told(broker: impl Broker) {
    let node = Node::new(broker).await;
    for _ in 0..2 {
        let mut member = node.member().await;
        lagged(&mut member).await;
        node.publish(1, "").await;
        assert_eq!(watch(member, 1).await, [Seen::Line(1)]);
    }
    let health = node.layer.health();
    assert_eq!((health.refused, health.gaps), (1, 1));
    assert!(health.is_connected);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn members_of_a_group_that_nats_refuses_are_told() {
    let server = Server::<Nats>::start_with(&nats(NO_SUBSCRIBE)).await;
    members_are_told(server.broker().credentials("chat", "right")).await;
}

#[tokio::test]
async fn members_of_a_group_that_redis_refuses_are_told() {
    let server = Server::<Redis>::start_with(NODES).await;
    members_are_told(server.broker().credentials("chat", "right")).await;
}

/// Each publication to a group that is not allowed is an error, and no other is.
async fn publishers_are_told(broker: impl Broker) {
    let node = Node::new(broker).await;
    let rooms = Broadcaster::<Room>::new(&node.layer);
    for number in 0..20 {
        let text = String::new();
        match rooms.broadcast(Line { number, text }).await {
            Err(PublishError::Layer(LayerError::OtherNodes {
                source: BrokerError::Refused(_),
                ..
            })) => {}
            published => panic!("the publisher is not told: {published:?}"),
        }
    }
    assert_eq!(node.layer.health().failed, 20);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn publishers_whom_nats_refuses_are_told() {
    let server = Server::<Nats>::start_with(&nats(NO_PUBLISH)).await;
    publishers_are_told(server.broker().credentials("chat", "right")).await;
}

#[tokio::test]
async fn publishers_whom_redis_refuses_are_told() {
    let server = Server::<Redis>::start_with(NODES).await;
    publishers_are_told(server.broker().credentials("chat", "right")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_publication_that_nats_refuses_too_late_is_counted_and_the_next_is_told() {
    let server =
        Server::<Nats>::start_with(&nats(r#"publish: "chanx.>", subscribe: "chanx.>""#)).await;
    let node = Node::new(server.broker().credentials("chat", "right")).await;
    assert!(node.publish(0, "").await);

    server.configure(&nats(NO_PUBLISH));
    server.signal("HUP");
    let mut taken = 0;
    while node.publish(taken, "").await {
        taken += 1;
    }

    let health = node.layer.health();
    assert_eq!((health.unpublished, health.failed), (1, 1));
}

/// A member of a group that is taken from the node while it runs is told.
async fn told_later(broker: impl Broker, taking: impl FnOnce()) {
    let node = Node::new(broker).await;
    let mut member = node.member().await;
    member.receive_nothing().await;

    taking();
    lagged(&mut member).await;
    while node.layer.health().refused == 0 {
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn members_of_a_group_that_nats_takes_away_are_told() {
    let server =
        Server::<Nats>::start_with(&nats(r#"publish: "chanx.>", subscribe: "chanx.>""#)).await;
    told_later(server.broker().credentials("chat", "right"), || {
        server.configure(&nats(NO_SUBSCRIBE));
        server.signal("HUP");
    })
    .await;
}

#[tokio::test]
async fn members_of_a_group_that_redis_takes_away_are_told() {
    let server = Server::<Redis>::start_with("user chat on >right &* +@all").await;
    told_later(server.broker().credentials("chat", "right"), || {
        let at = server.address();
        let set = Command::new("redis-cli")
            .args(["-h", &at.ip().to_string(), "-p", &at.port().to_string()])
            .args(["ACL", "SETUSER", "chat", "resetchannels", "&chanx.node.*"])
            .output()
            .unwrap();
        assert_eq!(set.stdout, b"OK\n");
    })
    .await;
}
