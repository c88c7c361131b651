//! The ends of subscriptions, and of connections with some.

use chanx::{Broadcaster, Ping, Pong};
use serde_json::{Value, json};
use tokio::time::Instant;

use super::{both_left, not_subscribed, refused};
use crate::hub::{App, Room, answer, asked, pushed, subscribe};

#[tokio::test(start_paused = true)]
async fn p38_a_subscriptions_handler_finishes_when_the_hubs_own_panics() {
    let mut app = App::new();
    let mut client = app.connect().await;
    subscribe(&mut client, "room:5").await;
    app.note().await;

    client.send_json(asked("room:5", "1", "wait")).await;
    client.send_json(asked("room:5", "2", "wait")).await;
    client.request::<Pong>(&Ping).await;
    client.send_json(json!({"action": "boom"})).await;
    assert_eq!(client.receive_any().await.action(), "error");
    assert_eq!(client.closed().await.code, 1011);
    assert_eq!(app.notes(), [] as [&str; 0]);
    app.bell.go.notify_one();

    assert_eq!(app.note().await, "5 waited");
    both_left(&mut app, "a handler or hook panicked").await;
    assert_eq!(app.layer.stats().members, 0);
}

#[tokio::test(start_paused = true)]
async fn p38_a_subscriptions_handler_is_cancelled_when_its_time_is_over() {
    let mut app = App::new();
    let mut client = app.connect().await;
    subscribe(&mut client, "room:5").await;
    app.note().await;

    client.send_json(asked("room:5", "1", "wait")).await;
    client.request::<Pong>(&Ping).await;
    let began = Instant::now();
    client.send_json(json!({"action": "boom"})).await;
    assert_eq!(client.receive_any().await.action(), "error");
    assert_eq!(client.closed().await.code, 1011);

    both_left(&mut app, "a handler or hook panicked").await;
    // The handler has had its five seconds on the paused clock.
    assert_eq!(began.elapsed().as_secs(), 5);
}

#[tokio::test(start_paused = true)]
async fn p35_a_subscription_that_the_server_ends_is_told() {
    let mut app = App::new();
    let rooms = Broadcaster::<Room>::new(&app.layer);
    let mut client = app.connect().await;
    subscribe(&mut client, "room:5").await;
    subscribe(&mut client, "room:6").await;
    for _ in 0..2 {
        app.note().await;
    }

    let receipt = rooms
        .unsubscribe("archived", "gone")
        .to("room:5")
        .await
        .unwrap();
    assert_eq!(receipt.reached, 1);
    let archived = json!({"reason": "archived", "detail": "gone"});
    assert_eq!(
        client.receive_json().await,
        pushed("room:5", "unsubscribed", archived)
    );
    assert_eq!(
        app.note().await,
        "5 left: the application ended the subscription: archived"
    );

    rooms.user("ada").unsubscribe("kicked", "").await.unwrap();
    let kicked = json!({"reason": "kicked", "detail": ""});
    assert_eq!(
        client.receive_json().await,
        pushed("room:6", "unsubscribed", kicked)
    );

    subscribe(&mut client, "room:7").await;
    client.send_json(asked("room:7", "1", "leave")).await;
    let closed = json!({"reason": "closed", "detail": "as you wish"});
    assert_eq!(
        client.receive_json().await,
        pushed("room:7", "unsubscribed", closed)
    );
    client.receive_nothing().await;
    assert_eq!(app.layer.stats().groups, 0);
}

#[tokio::test(start_paused = true)]
async fn p35_what_waits_for_a_subscription_that_is_ended_is_dropped_and_answered() {
    let mut app = App::new();
    let rooms = Broadcaster::<Room>::new(&app.layer);
    let mut client = app.connect().await;
    subscribe(&mut client, "room:5").await;
    app.note().await;
    client.send_json(asked("room:5", "1", "wait")).await;
    client.send_json(asked("room:5", "2", "fail")).await;
    client.send_json(asked("room:5", "3", "subscribe")).await;
    client.receive_nothing().await;

    rooms.unsubscribe("kicked", "").to("room:5").await.unwrap();
    let kicked = json!({"reason": "kicked", "detail": ""});
    assert_eq!(
        client.receive_json().await,
        pushed("room:5", "unsubscribed", kicked)
    );
    client.receive_nothing().await;
    app.bell.go.notify_one();

    // The handler finishes, and what it sends goes nowhere.
    assert_eq!(app.note().await, "5 waited");
    assert_eq!(client.receive_json().await, not_subscribed("room:5", "2"));
    assert_eq!(
        client.receive_json().await,
        answer("room:5", "3", "subscribed", Value::Null)
    );
}

#[tokio::test(start_paused = true)]
async fn p30_p35_a_subscription_that_ends_before_the_client_is_told_of_it_is_refused_with_the_reason()
 {
    for (reason, detail) in [("closed", "for repairs"), ("archived", "gone")] {
        let (exchange, mut app) = App::at_an_exchange().await;
        let mut client = app.connect().await;
        let rooms = Broadcaster::<Room>::new(&app.layer);
        exchange.hang(true);
        client.send_json(asked("room:5", "1", "subscribe")).await;
        client.send_json(asked("room:5", "2", "fail")).await;
        app.joined().await;

        let ended = match reason {
            "closed" => rooms.user("ada").close(4000, detail),
            _ => rooms.user("ada").unsubscribe(reason, detail),
        };
        // The other nodes are not told, and this one is.
        assert!(ended.await.is_err());

        let payload = json!({"detail": format!("hub: {detail}"), "reason": reason});
        assert_eq!(client.receive_json().await, refused("room:5", "1", payload));
        assert_eq!(client.receive_json().await, not_subscribed("room:5", "2"));
        client.request::<Pong>(&Ping).await;
        assert_eq!(app.layer.stats().groups, 0);
        assert_eq!(app.notes(), ["authorising 5"]);
    }
}

#[tokio::test(start_paused = true)]
async fn p24_p37_a_client_that_says_its_last_words_on_a_topic_is_heard() {
    let mut app = App::new();
    let mut other = app.connect().await;
    subscribe(&mut other, "room:5").await;
    let mut client = app.connect().await;

    client.send_json(asked("room:5", "1", "subscribe")).await;
    let say = json!({"action": "say", "payload": {"text": "bye"}, "topic": "room:5"});
    client.send_json(say).await;
    client.close(1000).await;

    let bye = pushed("room:5", "heard", json!({"text": "bye"}));
    assert_eq!(other.receive_json().await, bye);
    let left = pushed("room:5", "heard", json!({"text": "5 left"}));
    assert_eq!(other.receive_json().await, left);
    app.note().await;
    app.note().await;
    both_left(&mut app, "the client closed the connection: 1000").await;
    assert_eq!(app.layer.stats().members, 1);
}
