//! What fails or panics on a topic.

use serde_json::{Value, json};

use super::{both_left, not_subscribed, refused};
use crate::hub::{App, answer, asked, pushed, subscribe};

#[tokio::test(start_paused = true)]
async fn p30_a_handler_that_fails_leaves_its_subscription_in_place() {
    let app = App::new();
    let mut client = app.connect().await;
    subscribe(&mut client, "room:5").await;

    client.send_json(asked("room:5", "1", "fail")).await;
    let failed = refused("room:5", "1", json!({"detail": "room: cannot"}));
    assert_eq!(client.receive_json().await, failed);
    client.send_json(asked("room:5", "2", "dance")).await;
    let unknown = client.receive_json().await;
    assert_eq!(unknown["payload"][0]["type"], "union_tag_invalid");
    assert_eq!(unknown["topic"], "room:5");
    let bad = json!({"action": "say", "payload": {"text": 7}, "topic": "room:5", "ref": "3"});
    client.send_json(bad).await;
    let bad = client.receive_json().await;
    assert_eq!(bad["payload"][0]["loc"], json!(["say", "payload", "text"]));
    assert_eq!(
        (&bad["topic"], &bad["ref"]),
        (&json!("room:5"), &json!("3"))
    );
}

#[tokio::test(start_paused = true)]
async fn p30_a_panic_in_a_subscription_ends_it_alone() {
    let mut app = App::new();
    let mut client = app.connect().await;
    subscribe(&mut client, "room:5").await;
    subscribe(&mut client, "room:6").await;

    client.send_json(asked("room:5", "1", "boom")).await;
    client.send_json(asked("room:5", "2", "fail")).await;

    let failed = json!({"detail": "room: Failed to process message for boom"});
    assert_eq!(client.receive_json().await, refused("room:5", "1", failed));
    let ended = json!({"reason": "failed", "detail": "internal error"});
    assert_eq!(
        client.receive_json().await,
        pushed("room:5", "unsubscribed", ended)
    );
    assert_eq!(client.receive_json().await, not_subscribed("room:5", "2"));
    client.send_json(asked("room:6", "3", "fail")).await;
    assert_eq!(client.receive_any().await.reference(), Some("3"));
    for _ in 0..2 {
        app.note().await;
    }
    assert_eq!(app.note().await, "5 left: a handler or hook panicked");
}

#[tokio::test(start_paused = true)]
async fn p30_a_hook_that_fails_ends_the_subscription_alone() {
    let app = App::new();
    for (topic, detail) in [
        ("room:unlucky", "room: out of luck"),
        (
            "room:cursed",
            "room: Failed to process message for connected",
        ),
    ] {
        let mut client = app.connect().await;
        client.send_json(asked(topic, "1", "subscribe")).await;

        assert_eq!(
            client.receive_json().await,
            answer(topic, "1", "subscribed", Value::Null)
        );
        let failed = pushed(topic, "error", json!({"detail": detail}));
        assert_eq!(client.receive_json().await, failed);
        let ended = json!({"reason": "failed", "detail": "internal error"});
        assert_eq!(
            client.receive_json().await,
            pushed(topic, "unsubscribed", ended)
        );
        client.send_json(json!({"action": "ping"})).await;
        assert_eq!(client.receive_any().await.action(), "pong");
    }
    for topic in ["room:clumsy", "room:grim"] {
        let mut client = app.connect().await;
        subscribe(&mut client, topic).await;
        client.send_json(asked(topic, "1", "unsubscribe")).await;
        assert_eq!(
            client.receive_json().await,
            answer(topic, "1", "unsubscribed", Value::Null)
        );
        subscribe(&mut client, topic).await;
    }
}

#[tokio::test(start_paused = true)]
async fn p30_a_panic_of_the_hubs_own_handler_ends_the_connection() {
    let mut app = App::new();
    let mut client = app.connect().await;
    subscribe(&mut client, "room:5").await;

    client.send_json(json!({"action": "boom"})).await;

    assert_eq!(client.receive_any().await.action(), "error");
    assert_eq!(client.closed().await.code, 1011);
    assert_eq!(app.note().await, "authorising 5");
    both_left(&mut app, "a handler or hook panicked").await;
}
