//! What a broadcast costs the broker, however many members it has.

use chanx::layer::Broker;
use futures_util::{Stream, StreamExt};
use serde_json::Value;

use crate::{
    node::{Node, Seen, watch},
    server::{Nats, Redis, Server},
};

/// Whoever listens to all groups hears one message for each broadcast.
async fn is_one_message(brokers: [impl Broker; 2], heard: impl Stream<Item = String> + Unpin) {
    let [here, there] = brokers;
    let (here, there) = (Node::new(here).await, Node::new(there).await);
    let mut members = Vec::new();
    for _ in 0..50 {
        members.push(there.member().await);
    }

    for number in [1, 2] {
        assert!(here.publish(number, "").await);
    }

    for member in members {
        assert_eq!(watch(member, 2).await, [Seen::Line(1), Seen::Line(2)]);
    }
    let heard = heard.take(2).map(|message| {
        let message: Value = serde_json::from_str(&message).unwrap();
        message["publish"]["content"]["message"]["payload"]["number"].clone()
    });
    assert_eq!(heard.collect::<Vec<_>>().await, [1, 2]);
    let own_and_lobby = 2;
    assert_eq!(there.layer.health().subscriptions, own_and_lobby);
}

#[tokio::test]
async fn a_broadcast_to_many_members_of_another_process_is_one_message_of_redis() {
    let server = Server::<Redis>::start().await;
    let client = redis::Client::open(format!("redis://{}", server.address())).unwrap();
    let mut listening = client.get_async_pubsub().await.unwrap();
    listening.psubscribe("chanx.group.*").await.unwrap();
    let heard = listening.on_message().map(|it| it.get_payload().unwrap());

    is_one_message([server.broker(), server.broker()], heard).await;
}

#[tokio::test]
async fn a_broadcast_to_many_members_of_another_process_is_one_message_of_nats() {
    let server = Server::<Nats>::start().await;
    let client = async_nats::connect(server.address().to_string())
        .await
        .unwrap();
    let listening = client.subscribe("chanx.group.>").await.unwrap();
    client.flush().await.unwrap();
    let heard = listening.map(|it| String::from_utf8(it.payload.into()).unwrap());

    is_one_message([server.broker(), server.broker()], heard).await;
}
