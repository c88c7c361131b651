//! Subscriptions that are refused.

use std::time::Duration;

use chanx::ChannelOptions;
use chanx_testing::Communicator;
use serde_json::json;

use super::{not_subscribed, refused};
use crate::hub::{App, Hub, asked, subscribe};

#[tokio::test(start_paused = true)]
async fn p28_a_refusal_has_a_reason_and_is_rendered_by_the_hub() {
    let app = App::with(ChannelOptions::default().max_topics(2));
    let mut client = app.connect().await;
    let cases = [
        (
            "attic",
            json!({"detail": "hub: no such topic", "reason": "unknown_topic"}),
        ),
        (
            "locked:front",
            json!({"detail": "hub: members only", "reason": "unauthorized"}),
        ),
        (
            "locked:secret",
            json!({"detail": "hub: no such door", "reason": "unknown_topic"}),
        ),
        (
            "room:full",
            json!({"detail": "hub: room is full", "reason": "room_full"}),
        ),
        (
            "room:broken",
            json!({"detail": "hub: Failed to process message for subscribe"}),
        ),
        (
            "room:panic",
            json!({"detail": "hub: Failed to process message for subscribe"}),
        ),
        (
            "room:slow",
            json!({"detail": "hub: Failed to process message for subscribe"}),
        ),
    ];
    for (topic, payload) in cases {
        let mut patient = Communicator::<Hub>::builder(&app.router, "/hub")
            .timeout(Duration::from_secs(60))
            .connect()
            .await;
        patient.send_json(asked(topic, "1", "subscribe")).await;
        assert_eq!(
            patient.receive_json().await,
            refused(topic, "1", payload),
            "{topic}"
        );
        // The hub goes on.
        patient.send_json(json!({"action": "ping"})).await;
        assert_eq!(patient.receive_any().await.action(), "pong");
    }

    client.send_json(asked("room:5", "1", "wait")).await;
    assert_eq!(client.receive_json().await, not_subscribed("room:5", "1"));
    subscribe(&mut client, "room:1").await;
    subscribe(&mut client, "room:2").await;
    client.send_json(asked("room:3", "1", "subscribe")).await;
    let payload = json!({"detail": "hub: too many topics", "reason": "too_many_topics"});
    assert_eq!(client.receive_json().await, refused("room:3", "1", payload));
    client.send_json(asked("room:2", "1", "unsubscribe")).await;
    assert_eq!(client.receive_any().await.action(), "unsubscribed");
    subscribe(&mut client, "room:3").await;
}
