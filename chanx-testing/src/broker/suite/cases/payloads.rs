//! What is large, comes too fast, or is nothing that a node can read.

use bytes::Bytes;
use chanx_core::{
    LayerError, PublishError,
    layer::{Address, Broker, BrokerError},
};

use super::{
    super::{
        Fixture,
        node::{Line, number},
    },
    pair,
};

pub(in super::super) async fn large_payloads<F: Fixture>(fixture: &F) {
    let mut pair = pair(fixture).await;
    let largest = fixture.largest().unwrap_or(2 * 1024 * 1024);
    // The frame around the text has its share, generously.
    for size in [100_000, largest.saturating_sub(2048)] {
        let text = "x".repeat(size.min(largest));
        let sent = Line { number: 1, text };
        let rooms = pair.here.rooms();
        let published = rooms.broadcast(sent.clone()).to(&*pair.group).await;
        published.expect("it is within the limit");
        for client in [&mut pair.near, &mut pair.far] {
            let line: Line = client.receive().await;
            assert_eq!(line.text.len(), sent.text.len());
        }
    }
    if fixture.largest().is_some() {
        let text = "x".repeat(largest);
        let rooms = pair.here.rooms();
        let published = rooms
            .broadcast(Line { number: 2, text })
            .to(&*pair.group)
            .await;
        match published {
            Err(PublishError::Layer(LayerError::OtherNodes { here, source })) => {
                assert_eq!(here.reached, 1, "the members here have it");
                assert!(matches!(source, BrokerError::TooLarge { .. }), "{source:?}");
            }
            published => panic!("the publisher is told: {published:?}"),
        }
        assert_eq!(number(&mut pair.near).await, 2);
        pair.far.receive_nothing().await;
    }
}

pub(in super::super) async fn slow_members<F: Fixture>(fixture: &F) {
    let mut pair = pair(fixture).await;
    let slow = pair.there.member([&pair.group]).await;
    let text = "x".repeat(16 * 1024);

    for number in 0..300 {
        let text = text.clone();
        let rooms = pair.here.rooms();
        let published = rooms
            .broadcast(Line { number, text })
            .to(&*pair.group)
            .await;
        published.expect("it is published");
        assert_eq!(pair.far.receive::<Line>().await.number, number);
        assert_eq!(pair.near.receive::<Line>().await.number, number);
    }
    drop(slow);
}

pub(in super::super) async fn foreign_bytes<F: Fixture>(fixture: &F) {
    let mut pair = pair(fixture).await;
    let address = Address::Group {
        channel: "chanx suite".into(),
        group: pair.group.as_str().into(),
    };
    let group = &pair.group;
    let foreign: [&[u8]; 8] = [
        b"",
        b"hello",
        b"\xff\xfe\x00",
        b"{}",
        b"{\"chanx\":1}",
        b"{\"chanx\":2,\"publish\":{\"to\":\"the future\"}}",
        b"{\"chanx\":1,\"publish\":{\"channel\":\"x\"}}",
        b"[1,2,3]",
    ];
    for bytes in foreign {
        let bytes = Bytes::copy_from_slice(bytes);
        let published = pair
            .here
            .broker
            .publish(std::slice::from_ref(&address), bytes)
            .await;
        published.expect("the broker takes any bytes");
    }
    let unknown = format!(
        r#"{{"chanx":1,"publish":{{"channel":"chanx suite","target":{{"groups":["{group}"]}},"content":{{"event":{{"action":"of_tomorrow"}}}}}}}}"#
    );
    let known = format!(
        r#"{{"chanx":1,"publish":{{"channel":"chanx suite","target":{{"groups":["{group}"]}},"content":{{"message":{{"action":"line","payload":{{"number":5}}}}}},"of_tomorrow":1}}}}"#
    );
    for message in [unknown, known] {
        let address = [address.clone()];
        let published = pair.here.broker.publish(&address, message.into());
        published.await.expect("the broker takes it");
    }

    assert_eq!(number(&mut pair.far).await, 5, "from any language");
    let unreadable = pair.there.layer.health().unreadable;
    assert_eq!(unreadable, 9, "what cannot be read is counted");
}
