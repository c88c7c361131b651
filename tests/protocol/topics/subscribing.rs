//! Subscribing, unsubscribing, and both again.

use chanx::Broadcaster;
use serde_json::{Value, json};
use tokio::time::Instant;

use super::not_subscribed;
use crate::hub::{App, Heard, News, Room, answer, asked, pushed, subscribe};

#[tokio::test(start_paused = true)]
async fn p26_what_is_published_while_it_is_authorised_is_not_for_it() {
    let mut app = App::new();
    let mut client = app.connect().await;
    subscribe(&mut client, "room:5").await;
    assert_eq!(app.note().await, "authorising 5");

    client
        .send_json(asked("room:later", "1", "subscribe"))
        .await;
    assert_eq!(app.note().await, "authorising later");
    let rooms = Broadcaster::<Room>::new(&app.layer);
    let early = News {
        title: "early".into(),
    };
    let receipt = rooms.event(early).to("room:later").await.unwrap();
    assert_eq!(receipt.reached, 0);
    client.receive_nothing().await;
    app.bell.go.notify_one();

    let subscribed = answer("room:later", "1", "subscribed", Value::Null);
    assert_eq!(client.receive_json().await, subscribed);
    let greeting = pushed("room:later", "greeting", json!({"room": "later"}));
    assert_eq!(client.receive_json().await, greeting);
}

#[tokio::test(start_paused = true)]
async fn p26_what_is_published_between_join_and_subscribed_waits_until_that_is_queued() {
    let (exchange, app) = App::at_an_exchange().await;
    let mut client = app.connect().await;
    let rooms = Broadcaster::<Room>::new(&app.layer);
    exchange.hang(true);
    let began = Instant::now();
    client.send_json(asked("room:5", "1", "subscribe")).await;
    app.joined().await;

    // The other nodes do not get it, and this one does.
    let early = || "early".to_owned();
    let heard = rooms.broadcast(Heard { text: early() }).to("room:5");
    assert!(heard.await.is_err());
    let news = rooms.event(News { title: early() }).to("room:5");
    assert!(news.await.is_err());

    let subscribed = answer("room:5", "1", "subscribed", Value::Null);
    assert_eq!(client.receive_json().await, subscribed);
    // Not before the group has been joined, which waits so long for the broker.
    assert!(began.elapsed().as_secs() >= 1);
    let expected = [
        pushed("room:5", "heard", json!({"text": "early"})),
        pushed("room:5", "greeting", json!({"room": "5"})),
        pushed("room:5", "news", json!({"title": "early"})),
    ];
    for expected in expected {
        assert_eq!(client.receive_json().await, expected);
    }
}

#[tokio::test(start_paused = true)]
async fn p27_subscribing_again_answers_and_does_nothing_else() {
    let mut app = App::new();
    let mut client = app.connect().await;

    client
        .send_json(asked("room:later", "1", "subscribe"))
        .await;
    client
        .send_json(asked("room:later", "2", "subscribe"))
        .await;
    assert_eq!(app.note().await, "authorising later");
    app.bell.go.notify_one();

    let answers = [(); 3].map(|()| ());
    let mut received = Vec::new();
    for () in answers {
        received.push(client.receive_json().await);
    }
    let expected = [
        answer("room:later", "1", "subscribed", Value::Null),
        pushed("room:later", "greeting", json!({"room": "later"})),
        answer("room:later", "2", "subscribed", Value::Null),
    ];
    assert_eq!(received, expected);
    client
        .send_json(asked("room:later", "3", "subscribe"))
        .await;
    let again = answer("room:later", "3", "subscribed", Value::Null);
    assert_eq!(client.receive_json().await, again);
    client.receive_nothing().await;
}

#[tokio::test(start_paused = true)]
async fn p27_unsubscribing_is_dealt_with_behind_what_was_sent_before() {
    let mut app = App::new();
    let mut client = app.connect().await;
    subscribe(&mut client, "room:5").await;
    app.note().await;

    client.send_json(asked("room:5", "1", "wait")).await;
    client.send_json(asked("room:5", "2", "unsubscribe")).await;
    client.send_json(asked("room:5", "3", "fail")).await;
    client.send_json(asked("room:5", "4", "unsubscribe")).await;
    client.send_json(asked("room:5", "5", "subscribe")).await;
    client.receive_nothing().await;
    app.bell.go.notify_one();

    let expected = [
        pushed("room:5", "greeting", json!({"room": "5"})),
        answer("room:5", "1", "waited", Value::Null),
        answer("room:5", "2", "unsubscribed", Value::Null),
        not_subscribed("room:5", "3"),
        answer("room:5", "4", "unsubscribed", Value::Null),
        answer("room:5", "5", "subscribed", Value::Null),
        pushed("room:5", "greeting", json!({"room": "5"})),
    ];
    for expected in expected {
        assert_eq!(client.receive_json().await, expected);
    }
    assert_eq!(app.note().await, "5 waited");
    assert_eq!(app.note().await, "5 left: the client unsubscribed");
    client.receive_nothing().await;
}

#[tokio::test(start_paused = true)]
async fn p27_unsubscribing_without_a_subscription_answers_too() {
    let app = App::new();
    let mut client = app.connect().await;

    client.send_json(asked("room:5", "1", "unsubscribe")).await;

    let unsubscribed = answer("room:5", "1", "unsubscribed", Value::Null);
    assert_eq!(client.receive_json().await, unsubscribed);
}
