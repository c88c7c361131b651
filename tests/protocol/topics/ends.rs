//! The ends of subscriptions, and of connections with some.

use std::time::Duration;

use chanx::{Broadcaster, ChannelOptions, Ping, Pong};
use serde_json::{Value, json};
use tokio::time::Instant;

use super::{both_left, not_subscribed, refused};
use crate::hub::{App, Heard, Hub, Room, Work, answer, asked, pushed, subscribe};

/// The words of a kick, in an error behind those of who renders it.
fn kicked(renderer: &str) -> Value {
    json!({"reason": "kicked", "detail": renderer})
}

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
    assert_eq!(
        client.receive_json().await,
        pushed("room:5", "unsubscribed", kicked(""))
    );
    client.receive_nothing().await;
    app.bell.go.notify_one();

    // The handler finishes, and what it sends goes nowhere, of which the client is told.
    assert_eq!(app.note().await, "5 waited");
    assert_eq!(
        client.receive_json().await,
        refused("room:5", "1", kicked("hub: "))
    );
    assert_eq!(client.receive_json().await, not_subscribed("room:5", "2"));
    assert_eq!(
        client.receive_json().await,
        answer("room:5", "3", "subscribed", Value::Null)
    );
    assert_eq!(client.receive_any().await.action(), "greeting");

    // What comes behind that is nobody's loss.
    for (reference, action) in [("4", "unsubscribe"), ("5", "fail"), ("6", "unsubscribe")] {
        client.send_json(asked("room:5", reference, action)).await;
    }
    for action in ["unsubscribed", "error", "unsubscribed"] {
        assert_eq!(client.receive_any().await.action(), action);
    }
    client.close(1000).await;
    assert_eq!(app.unhandled().await, 1);
}

#[tokio::test(start_paused = true)]
async fn p30_what_a_subscription_was_at_when_it_was_ended_is_answered_once() {
    let mut app = App::new();
    let rooms = Broadcaster::<Room>::new(&app.layer);
    let mut client = app.connect().await;
    for then in ["answer", "fail", "panic"] {
        subscribe(&mut client, "room:5").await;
        assert_eq!(app.note().await, "authorising 5");
        let mut dwell = asked("room:5", "1", "dwell");
        dwell["payload"] = json!({"then": then});
        client.send_json(dwell).await;
        client.receive_nothing().await;

        rooms.unsubscribe("kicked", "").to("room:5").await.unwrap();
        assert_eq!(client.receive_any().await.action(), "unsubscribed");
        app.bell.go.notify_one();

        assert_eq!(app.note().await, "5 waited");
        assert_eq!(
            app.note().await,
            "5 left: the application ended the subscription: kicked"
        );
        let told = client.receive_json().await;
        assert_eq!(told, refused("room:5", "1", kicked("hub: ")), "{then}");
        client.receive_nothing().await;
    }
}

#[tokio::test(start_paused = true)]
async fn p30_a_stream_that_would_begin_behind_the_end_of_its_subscription_is_answered() {
    let app = App::new();
    let rooms = Broadcaster::<Room>::new(&app.layer);
    let mut client = app.connect().await;
    subscribe(&mut client, "room:5").await;
    client.send_json(asked("room:5", "1", "tell")).await;
    client.receive_nothing().await;

    rooms.unsubscribe("kicked", "").to("room:5").await.unwrap();
    assert_eq!(client.receive_any().await.action(), "unsubscribed");
    app.bell.go.notify_one();

    assert_eq!(
        client.receive_json().await,
        refused("room:5", "1", kicked("hub: "))
    );
    client.receive_nothing().await;
}

#[tokio::test(start_paused = true)]
async fn p38_what_is_cut_off_with_its_subscription_waits_for_no_hub_that_is_gone() {
    let mut app = App::new();
    let rooms = Broadcaster::<Room>::new(&app.layer);
    let mut client = app.connect().await;
    subscribe(&mut client, "room:5").await;
    app.note().await;
    client.send_json(asked("room:5", "1", "wait")).await;
    client.receive_nothing().await;

    rooms.unsubscribe("kicked", "").to("room:5").await.unwrap();
    assert_eq!(client.receive_any().await.action(), "unsubscribed");
    client.send_json(json!({"action": "boom"})).await;
    assert_eq!(client.receive_any().await.action(), "error");
    assert_eq!(client.closed().await.code, 1011);
    let began = Instant::now();
    app.bell.go.notify_one();

    assert_eq!(app.note().await, "5 waited");
    assert_eq!(app.unhandled().await, 0);
    assert!(began.elapsed() < Duration::from_secs(1));
}

#[tokio::test(start_paused = true)]
async fn p30_what_is_cut_off_with_its_subscription_is_answered_during_a_shutdown_too() {
    let app = App::new();
    let rooms = Broadcaster::<Room>::new(&app.layer);
    let mut client = app.connect().await;
    subscribe(&mut client, "room:5").await;
    client.send_json(asked("room:5", "1", "wait")).await;
    client.send_json(asked("room:5", "2", "fail")).await;
    client.receive_nothing().await;

    rooms.unsubscribe("kicked", "").to("room:5").await.unwrap();
    rooms.unsubscribe("again", "").to("room:5").await.unwrap();
    let control = app.control.clone();
    let shutdown = tokio::spawn(async move { control.shutdown().await });
    tokio::task::yield_now().await;
    app.bell.go.notify_one();

    let unsubscribed = pushed("room:5", "unsubscribed", kicked(""));
    assert_eq!(client.receive_json().await, unsubscribed);
    assert_eq!(
        client.receive_json().await,
        refused("room:5", "1", kicked("hub: "))
    );
    assert_eq!(client.receive_json().await, not_subscribed("room:5", "2"));
    assert_eq!(client.closed().await.code, 1001);
    shutdown.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn p30_what_is_cancelled_with_its_subscription_is_answered_in_its_place() {
    let mut app = App::with(ChannelOptions::default().finish_timeout(Duration::from_secs(1)));
    let rooms = Broadcaster::<Room>::new(&app.layer);
    let mut client = app.connect().await;
    subscribe(&mut client, "room:5").await;
    assert_eq!(app.note().await, "authorising 5");
    client.send_json(asked("room:5", "1", "wait")).await;
    client.send_json(asked("room:5", "2", "fail")).await;
    client.receive_nothing().await;

    rooms.unsubscribe("kicked", "").to("room:5").await.unwrap();

    assert_eq!(client.receive_any().await.action(), "unsubscribed");
    assert_eq!(
        client.receive_json().await,
        refused("room:5", "1", kicked("hub: "))
    );
    assert_eq!(client.receive_json().await, not_subscribed("room:5", "2"));
}

#[tokio::test(start_paused = true)]
async fn p30_what_carries_no_ref_and_is_cut_off_with_its_subscription_is_told_by_the_end_alone() {
    let app = App::new();
    let rooms = Broadcaster::<Room>::new(&app.layer);
    let mut client = app.connect().await;
    subscribe(&mut client, "room:5").await;
    client
        .send_json(json!({"action": "wait", "topic": "room:5"}))
        .await;
    client.receive_nothing().await;

    rooms.unsubscribe("kicked", "").to("room:5").await.unwrap();
    assert_eq!(client.receive_any().await.action(), "unsubscribed");
    app.bell.go.notify_one();

    client.receive_nothing().await;
}

#[tokio::test(start_paused = true)]
async fn p35_events_that_wait_for_a_subscription_that_is_ended_are_dropped_and_counted() {
    let app = App::with(ChannelOptions::default().mailbox_events(4));
    let rooms = Broadcaster::<Room>::new(&app.layer);
    let mut client = app.connect().await;
    for _ in 0..3 {
        subscribe(&mut client, "room:5").await;
        // The first is being handled.
        for _ in 0..4 {
            let receipt = rooms.event(Work).to("room:5").await.unwrap();
            assert_eq!((receipt.reached, receipt.dropped), (1, 0));
            tokio::task::yield_now().await;
        }
        client.receive_nothing().await;

        let kicked = rooms.unsubscribe("kicked", "").to("room:5").await.unwrap();
        let again = rooms.unsubscribe("again", "").to("room:5").await.unwrap();

        assert_eq!((kicked.reached, again.reached), (1, 0));
        assert_eq!(client.receive_any().await.action(), "unsubscribed");
        app.bell.go.notify_one();
        client.receive_nothing().await;
    }
    assert_eq!(app.hub_stats().dropped_events, 9);
}

#[tokio::test(start_paused = true)]
async fn p35_a_kick_from_a_topic_is_none_for_the_hub() {
    let app = App::new();
    let mut client = app.connect().await;

    let hubs = Broadcaster::<Hub>::new(&app.layer);
    let receipt = hubs.user("ada").unsubscribe("kicked", "").await.unwrap();

    assert_eq!(receipt.reached, 0);
    client.request::<Pong>(&Ping).await;
}

#[tokio::test(start_paused = true)]
async fn p35_who_waits_for_the_end_of_a_subscription_is_told_of_it() {
    let mut app = App::new();
    let rooms = Broadcaster::<Room>::new(&app.layer);
    let mut client = app.connect().await;
    subscribe(&mut client, "room:5").await;
    app.note().await;
    client.send_json(asked("room:5", "1", "watch")).await;
    client.receive_nothing().await;
    assert_eq!(app.notes(), [] as [&str; 0]);

    rooms.unsubscribe("kicked", "").to("room:5").await.unwrap();

    let mut notes = [app.note().await, app.note().await];
    notes.sort();
    assert_eq!(notes[0], "5 is over");
}

#[tokio::test(start_paused = true)]
async fn p38_nobody_is_connected_who_joins_while_the_connection_ends_for_cause() {
    let (exchange, mut app) = App::at_an_exchange().await;
    let mut client = app.connect().await;
    exchange.hang(true);
    client.send_json(asked("room:5", "1", "subscribe")).await;
    app.joined().await;

    // The other nodes are not told, and this one is.
    let hubs = Broadcaster::<Hub>::new(&app.layer);
    assert!(hubs.user("ada").close(4000, "bye").await.is_err());

    assert_eq!(client.closed().await.code, 4000);
    assert_eq!(app.unhandled().await, 1);
    let left = "hub left: the application closed the connection: 4000 bye";
    assert_eq!(app.notes(), ["authorising 5", left]);
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

        // The other nodes are not told of anything, and this one is.
        let text = "nobody hears it".to_owned();
        let heard = rooms.broadcast(Heard { text }).to("room:5");
        let ended = match reason {
            "closed" => rooms.user("ada").close(4000, detail),
            _ => rooms.user("ada").unsubscribe(reason, detail),
        };
        // Both before the join is over.
        let (heard, ended) = tokio::join!(heard.into_future(), ended.into_future());
        assert!(heard.is_err() && ended.is_err());

        let payload = json!({"detail": format!("hub: {detail}"), "reason": reason});
        assert_eq!(client.receive_json().await, refused("room:5", "1", payload));
        assert_eq!(client.receive_json().await, not_subscribed("room:5", "2"));
        client.request::<Pong>(&Ping).await;
        assert_eq!(app.layer.stats().groups, 0);
        assert_eq!(app.notes(), ["authorising 5"]);
        assert_eq!(app.hub_stats().dropped_frames, 1);
        exchange.hang(false);
        client.close(1000).await;
        assert_eq!(app.unhandled().await, 0);
    }
}

#[tokio::test(start_paused = true)]
async fn p35_who_is_not_subscribed_in_the_time_that_an_end_leaves_is_told() {
    for mut subscribing in [
        asked("room:5", "1", "subscribe"),
        json!({"action": "subscribe", "topic": "room:5"}),
    ] {
        let options = ChannelOptions::default().finish_timeout(Duration::from_millis(1));
        let (exchange, app) = App::at_an_exchange_with(options).await;
        let mut client = app.connect().await;
        let rooms = Broadcaster::<Room>::new(&app.layer);
        exchange.hang(true);
        client.send_json(subscribing.clone()).await;
        client.send_json(asked("room:5", "2", "fail")).await;
        app.joined().await;

        let ended = rooms.user("ada").unsubscribe("kicked", "").await;
        assert!(ended.is_err(), "the other nodes are not told of it");

        subscribing["action"] = json!("error");
        subscribing["payload"] = kicked("hub: ");
        subscribing["version"] = json!(1);
        assert_eq!(client.receive_json().await, subscribing);
        assert_eq!(client.receive_json().await, not_subscribed("room:5", "2"));
        exchange.hang(false);
        client.close(1000).await;
        assert_eq!(app.unhandled().await, 0);
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

#[tokio::test(start_paused = true)]
async fn p37_all_that_a_client_says_on_a_topic_before_it_leaves_is_handled() {
    let mut app = App::new();
    let mut other = app.connect().await;
    subscribe(&mut other, "room:5").await;
    let mut client = app.connect().await;
    subscribe(&mut client, "room:5").await;

    // The answers to these have nowhere to go by the time that they are given.
    client.send_json(asked("room:5", "1", "wait")).await;
    for (reference, text) in [("2", "so"), ("3", "long")] {
        let mut say = asked("room:5", reference, "say");
        say["payload"] = json!({"text": text});
        client.send_json(say).await;
    }
    client.send_json(asked("room:5", "4", "fail")).await;
    client.send_json(asked("room:5", "5", "unknown")).await;
    let mut say = asked("room:5", "6", "say");
    say["payload"] = json!({"text": "bye"});
    client.send_json(say).await;
    client.close(1000).await;
    app.bell.go.notify_one();

    for text in ["so", "long", "bye", "5 left"] {
        let heard = pushed("room:5", "heard", json!({"text": text}));
        assert_eq!(other.receive_json().await, heard);
    }
    for note in ["authorising 5", "authorising 5", "5 waited"] {
        assert_eq!(app.note().await, note);
    }
    both_left(&mut app, "the client closed the connection: 1000").await;
    other.close(1000).await;
    assert_eq!(app.unhandled().await, 0);
}
