//! P38: the count of a topic's messages that nobody has handled.

use std::time::Duration;

use chanx::{Broadcaster, ChannelOptions, Ping, Pong};
use chanx_testing::Communicator;
use serde_json::{Value, json};
use tokio::time::advance;

use super::hub::{App, Hub, Room, answer, asked, subscribe};

/// A client whose hub is busy until the bell rings.
async fn busy(app: &App) -> Communicator<Hub> {
    let mut client = app.connect().await;
    client.send_json(json!({"action": "wait"})).await;
    client.receive_nothing().await;
    client
}

async fn kick(app: &App) {
    let hubs = Broadcaster::<Hub>::new(&app.layer);
    hubs.user("ada").close(4000, "kicked").await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn p38_subscriptions_that_are_over_hide_nothing_of_what_is_dropped() {
    let app = App::new();
    let rooms = Broadcaster::<Room>::new(&app.layer);
    let mut client = app.connect().await;
    for _ in 0..2 {
        subscribe(&mut client, "room:5").await;
        client.send_json(asked("room:5", "1", "unsubscribe")).await;
        let unsubscribed = answer("room:5", "1", "unsubscribed", Value::Null);
        assert_eq!(client.receive_json().await, unsubscribed);
        subscribe(&mut client, "room:6").await;
        rooms.unsubscribe("kicked", "").to("room:6").await.unwrap();
        assert_eq!(client.receive_any().await.action(), "unsubscribed");
        subscribe(&mut client, "room:7").await;
        client.send_json(asked("room:7", "1", "boom")).await;
        assert_eq!(client.receive_any().await.action(), "error");
        assert_eq!(client.receive_any().await.action(), "unsubscribed");
        client
            .send_json(asked("room:unlucky", "1", "subscribe"))
            .await;
        for action in ["subscribed", "error", "unsubscribed"] {
            assert_eq!(client.receive_any().await.action(), action);
        }
    }

    client.send_json(json!({"action": "wait"})).await;
    for _ in 0..3 {
        client.send_json(json!({"action": "ping"})).await;
    }
    client.receive_nothing().await;
    kick(&app).await;
    app.bell.go.notify_one();

    assert_eq!(client.closed().await.code, 4000);
    assert_eq!(app.unhandled().await, 3);
}

#[tokio::test(start_paused = true)]
async fn p38_a_subscriptions_handler_that_is_cancelled_has_not_handled_its_message() {
    let mut app = App::with(ChannelOptions::default().finish_timeout(Duration::from_secs(1)));
    let rooms = Broadcaster::<Room>::new(&app.layer);
    let mut client = app.connect().await;
    subscribe(&mut client, "room:5").await;
    assert_eq!(app.note().await, "authorising 5");
    client.send_json(asked("room:5", "1", "wait")).await;
    client.request::<Pong>(&Ping).await;

    rooms.unsubscribe("kicked", "").to("room:5").await.unwrap();
    assert_eq!(client.receive_any().await.action(), "unsubscribed");
    assert!(app.note().await.starts_with("5 left"));
    client.close(1000).await;

    assert_eq!(app.unhandled().await, 1);
}

#[tokio::test(start_paused = true)]
async fn p38_a_subscriptions_handler_that_never_pauses_is_cancelled_as_well() {
    let mut app = App::with(ChannelOptions::default().finish_timeout(Duration::from_secs(1)));
    let rooms = Broadcaster::<Room>::new(&app.layer);
    let mut client = app.connect().await;
    subscribe(&mut client, "room:5").await;
    assert_eq!(app.note().await, "authorising 5");
    client.send_json(asked("room:5", "1", "spin")).await;
    assert_eq!(app.note().await, "5 spinning");

    rooms.unsubscribe("kicked", "").to("room:5").await.unwrap();
    // Time stands still while there is something to do.
    for _ in 0..100 {
        advance(Duration::from_millis(100)).await;
    }

    assert!(app.note().await.starts_with("5 left"));
}

#[tokio::test(start_paused = true)]
async fn p38_a_subscription_that_the_hub_has_not_come_to_is_not_handled() {
    let app = App::new();
    let mut client = busy(&app).await;
    for topic in ["room:5", "room:6"] {
        client.send_json(asked(topic, "1", "subscribe")).await;
        client.send_json(asked(topic, "2", "unsubscribe")).await;
    }
    client.receive_nothing().await;

    kick(&app).await;
    app.bell.go.notify_one();

    assert_eq!(client.closed().await.code, 4000);
    assert_eq!(app.unhandled().await, 4);
}

#[tokio::test(start_paused = true)]
async fn p38_a_message_that_is_read_on_a_topic_while_a_shutdown_waits_for_the_hub_is_handled() {
    let app = App::new();
    let mut client = app.connect().await;
    subscribe(&mut client, "room:5").await;
    client.send_json(json!({"action": "wait"})).await;
    client.receive_nothing().await;
    let control = app.control.clone();
    let shutdown = tokio::spawn(async move { control.shutdown().await });
    tokio::task::yield_now().await;

    let say = json!({
        "action": "say", "payload": {"text": "bye"}, "topic": "room:5", "ref": "1",
    });
    client.send_json(say).await;

    let said = answer("room:5", "1", "said", json!({"text": "bye"}));
    assert_eq!(client.receive_json().await, said);
    app.bell.go.notify_one();
    assert_eq!(client.receive_any().await.action(), "waited");
    assert_eq!(client.closed().await.code, 1001);
    assert_eq!(shutdown.await.unwrap().messages_unhandled, 0);
}
