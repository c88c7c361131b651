//! A client of one subscription, beside others of its connection.

mod ends;
mod marks;
mod places;
mod refusals;

use std::time::Duration;

use chanx::{Ping, Pong};
use chanx_testing::Communicator;
use serde_json::json;

use crate::hub::{Count, Number, Room, Said, Say, Welcome, app, news, said, say};

#[tokio::test(start_paused = true)]
async fn a_subscription_sends_to_its_topic_and_receives_what_comes_on_it() {
    let mut hub = app().connect().await;
    let mut room = hub.subscribe::<Room>("room:5").await;

    room.send(&say("hello")).await;

    assert_eq!(room.receive::<Said>().await, said("5", "hello"));
    assert_eq!(room.request::<Pong>(&Ping).await, Pong);
    assert_eq!(room.topic().as_deref(), Some("room:5"));
    room.receive_nothing().await;
    hub.receive_nothing().await;
    assert_eq!(hub.topic(), None);
}

#[tokio::test(start_paused = true)]
async fn several_and_the_connections_own_client_are_used_side_by_side() {
    let mut hub = app().connect().await;
    let mut five = hub.subscribe::<Room>("room:5").await;
    let mut six = hub.subscribe::<Room>("room:6").await;

    five.send(&say("to five")).await;
    six.send(&say("to six")).await;
    hub.send(&Ping).await;

    // Whoever receives first reads what the others receive after it.
    assert_eq!(hub.receive::<Pong>().await, Pong);
    assert_eq!(six.receive::<Said>().await, said("6", "to six"));
    assert_eq!(five.receive::<Said>().await, said("5", "to five"));
    for room in [&mut five, &mut six] {
        room.receive_nothing().await;
    }
    hub.receive_nothing().await;
}

#[tokio::test(start_paused = true)]
async fn one_receives_and_another_sends_at_the_same_time() {
    let mut hub = app().connect().await;
    let mut five = hub.subscribe::<Room>("room:5").await;
    let mut six = hub.subscribe::<Room>("room:6").await;

    let listening = tokio::spawn(async move {
        let heard = six.receive::<Said>().await;
        (six, heard)
    });
    let asking = async {
        // The other is waiting for the socket by now.
        tokio::time::sleep(Duration::from_secs(1)).await;
        assert_eq!(hub.request::<Pong>(&Ping).await, Pong);
        hub.send_json(json!({"action": "say", "payload": {"text": "hi"}, "topic": "room:6"}))
            .await;
    };
    let ((), pong) = tokio::join!(asking, five.request::<Pong>(&Ping));

    assert_eq!(pong, Pong);
    let (_six, heard) = listening.await.unwrap();
    assert_eq!(heard, said("6", "hi"));
}

#[tokio::test(start_paused = true)]
async fn two_clients_see_what_one_publishes() {
    let app = app();
    let mut ana = app.connect().await;
    let mut ben = app.connect().await;
    let mut anas = ana.subscribe::<Room>("room:5").await;
    let mut bens = ben.subscribe::<Room>("room:5").await;

    anas.send(&say("hello")).await;
    for room in [&mut anas, &mut bens] {
        assert_eq!(room.receive::<Said>().await, said("5", "hello"));
    }
    let late = app.rooms.event(news("late")).with_seq(7);
    late.to("room:5").await.unwrap();
    for room in [&mut anas, &mut bens] {
        let received = room.receive_any().await;
        assert_eq!(received.action(), "news");
        let (topic, seq) = (received.topic(), received.seq());
        assert_eq!((topic, seq), (Some("room:5"), Some(7)));
    }
}

#[tokio::test(start_paused = true)]
async fn what_connected_sends_is_received_and_has_been_sent() {
    let mut hub = app().connect().await;

    let mut room = hub.subscribe::<Room>("room:porch").await;

    assert_eq!(room.receive::<Welcome>().await, Welcome);
    room.receive_nothing().await;
}

#[tokio::test(start_paused = true)]
async fn a_stream_of_replies_is_collected() {
    let mut hub = app().connect().await;
    let mut room = hub.subscribe::<Room>("room:5").await;
    room.send(&say("before")).await;

    let numbers = room.collect::<Number>(&Count { to: 3 }).await;

    assert_eq!(numbers, [1, 2, 3].map(|n| Number { n }));
    assert_eq!(room.receive::<Said>().await.text, "before");
    hub.receive_nothing().await;
}

#[tokio::test(start_paused = true)]
async fn json_goes_to_the_topic_unless_it_names_one() {
    let mut hub = app().connect().await;
    let mut room = hub.subscribe::<Room>("room:5").await;

    room.send_json(json!({"action": "dance"})).await;
    let error = room.expect_error("union_tag_invalid").await;
    assert_eq!(error.topic(), Some("room:5"));

    room.send_json(json!({"action": "dance", "topic": "room:6"}))
        .await;
    hub.expect_error("not_subscribed").await;

    room.send_text(r#"{"action":"ping"}"#).await;
    assert_eq!(hub.receive::<Pong>().await, Pong);
}

#[tokio::test(start_paused = true)]
async fn one_that_is_dropped_leaves_its_frames_to_the_connections_client() {
    let app = app();
    let mut hub = app.connect().await;

    drop(hub.subscribe::<Room>("room:5").await);
    app.rooms.event(news("late")).to("room:5").await.unwrap();

    let received = hub.receive_any().await;
    assert_eq!(
        (received.action(), received.topic()),
        ("news", Some("room:5"))
    );
}

#[tokio::test(start_paused = true)]
async fn a_connection_lasts_as_long_as_one_of_its_clients() {
    let app = app();
    let mut hub = app.connect().await;
    let mut room = hub.subscribe::<Room>("room:5").await;

    drop(hub);
    assert_eq!(room.request::<Pong>(&Ping).await, Pong);
    assert_eq!(app.layer.stats().connections, 1);
    drop(room);

    Communicator::<Room>::connect(&app.router, "/rooms/6")
        .await
        .close(1000)
        .await;
    assert_eq!(app.layer.stats().connections, 0);
}

#[tokio::test(start_paused = true)]
async fn a_request_on_one_leaves_the_others_what_is_theirs() {
    let mut hub = app().connect().await;
    let mut five = hub.subscribe::<Room>("room:5").await;
    let mut six = hub.subscribe::<Room>("room:6").await;

    for text in ["one", "two"] {
        let text = text.to_owned();
        six.send(&Say { text }).await;
    }
    assert_eq!(five.request::<Pong>(&Ping).await, Pong);

    assert_eq!(six.receive::<Said>().await.text, "one");
    assert_eq!(six.receive::<Said>().await.text, "two");
}
