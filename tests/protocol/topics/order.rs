//! The order of frames on topics, and what they wait for.

use chanx::{Broadcaster, ChannelOptions, RateLimit};
use serde_json::{Value, json};

use super::refused;
use crate::hub::{App, News, Room, Work, answer, asked, pushed, subscribe};

#[tokio::test(start_paused = true)]
async fn p29_a_message_right_behind_subscribe_finds_the_subscription() {
    let app = App::new();
    let mut client = app.connect().await;

    client.send_json(asked("room:5", "1", "subscribe")).await;
    let say = json!({"action": "say", "payload": {"text": "hi"}, "topic": "room:5", "ref": "2"});
    client.send_json(say).await;

    let expected = [
        answer("room:5", "1", "subscribed", Value::Null),
        pushed("room:5", "greeting", json!({"room": "5"})),
        answer("room:5", "2", "said", json!({"text": "hi"})),
    ];
    for expected in expected {
        assert_eq!(client.receive_json().await, expected);
    }
}

#[tokio::test(start_paused = true)]
async fn p29_topics_wait_neither_for_the_hub_nor_for_each_other() {
    let app = App::new();
    let mut client = app.connect().await;
    subscribe(&mut client, "room:1").await;
    subscribe(&mut client, "room:2").await;

    client
        .send_json(json!({"action": "wait", "ref": "hub"}))
        .await;
    client.send_json(asked("room:1", "1", "wait")).await;
    client.send_json(asked("room:2", "2", "fail")).await;

    let failed = refused("room:2", "2", json!({"detail": "room: cannot"}));
    assert_eq!(client.receive_json().await, failed);
    client.receive_nothing().await;
    // Authorising waits for the hub's handler.
    client.send_json(asked("room:3", "3", "subscribe")).await;
    client.receive_nothing().await;
    app.bell.go.notify_waiters();
    let mut actions = Vec::new();
    for _ in 0..5 {
        actions.push(client.receive_any().await.action().to_owned());
    }
    actions.sort();
    assert_eq!(
        actions,
        ["greeting", "greeting", "subscribed", "waited", "waited"]
    );
}

#[tokio::test(start_paused = true)]
async fn p29_a_mailbox_that_overflows_ends_its_own_subscription() {
    let app = App::with(ChannelOptions::default().mailbox_events(4));
    let mut client = app.connect().await;
    subscribe(&mut client, "room:1").await;
    subscribe(&mut client, "room:2").await;
    let rooms = Broadcaster::<Room>::new(&app.layer);

    for _ in 0..5 {
        rooms.event(Work).to("room:1").await.unwrap();
        tokio::task::yield_now().await;
    }
    client.receive_nothing().await;
    let news = News {
        title: "still here".into(),
    };
    // The room of the slow one is what is missing, so it is the one that goes.
    rooms.event(news).to("room:2").await.unwrap();

    let received = [client.receive_json().await, client.receive_json().await];
    let slow =
        json!({"reason": "too_slow", "detail": "events came faster than they were dealt with"});
    assert!(
        received.contains(&pushed("room:1", "unsubscribed", slow)),
        "{received:?}"
    );
    let news = pushed("room:2", "news", json!({"title": "still here"}));
    assert!(received.contains(&news), "{received:?}");
    client.send_json(json!({"action": "ping"})).await;
    assert_eq!(client.receive_any().await.action(), "pong");
}

#[tokio::test(start_paused = true)]
async fn p29_a_subscription_that_is_slow_by_itself_ends_alone() {
    let mut app = App::with(ChannelOptions::default().mailbox_events(4));
    let mut client = app.connect().await;
    subscribe(&mut client, "room:1").await;
    assert_eq!(app.note().await, "authorising 1");
    let rooms = Broadcaster::<Room>::new(&app.layer);

    // One is being handled, and four wait.
    for _ in 0..6 {
        rooms.event(Work).to("room:1").await.unwrap();
        tokio::task::yield_now().await;
    }

    let slow =
        json!({"reason": "too_slow", "detail": "events came faster than they were dealt with"});
    let unsubscribed = pushed("room:1", "unsubscribed", slow);
    assert_eq!(client.receive_json().await, unsubscribed);
    client.send_json(json!({"action": "ping"})).await;
    assert_eq!(client.receive_any().await.action(), "pong");
    app.bell.go.notify_one();
    let left = "1 left: the consumer did not handle its events fast enough";
    assert_eq!(app.note().await, left);
}

#[tokio::test(start_paused = true)]
async fn p29_a_rate_limit_counts_the_frames_of_all_topics() {
    let limit = RateLimit::per_second(1).burst(4);
    let app = App::with(ChannelOptions::default().rate_limit(limit));
    let mut client = app.connect().await;
    subscribe(&mut client, "room:1").await;
    subscribe(&mut client, "room:2").await;

    client.send_json(asked("room:1", "1", "fail")).await;
    client
        .send_json(json!({"action": "ping", "ref": "2"}))
        .await;
    client.send_json(asked("room:2", "3", "fail")).await;
    client.send_json(asked("room:3", "4", "subscribe")).await;

    let mut received = Vec::new();
    for _ in 0..4 {
        let frame = client.receive_json().await;
        received.push((
            frame["ref"].to_string(),
            frame["payload"]["reason"] == "rate_limited",
        ));
    }
    received.sort();
    let limited = received.iter().filter(|(_, limited)| *limited).count();
    assert_eq!(limited, 2, "{received:?}");
}
