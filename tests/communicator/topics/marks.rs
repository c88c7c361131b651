//! Receiving everything up to a stop, on a topic.

use chanx::{Ping, Pong};
use chanx_testing::{Communicator, Received, Until};
use serde_json::json;

use crate::hub::{Count, Room, Said, Think, app, news, said, say};

fn actions(received: &[Received]) -> Vec<&str> {
    received.iter().map(Received::action).collect()
}

#[tokio::test(start_paused = true)]
async fn complete_is_everything_that_came_of_what_was_sent_on_the_topic() {
    let mut hub = app().connect().await;
    let mut room = hub.subscribe::<Room>("room:5").await;

    room.send(&say("hello")).await;
    room.send(&Think).await;
    room.send(&Count { to: 2 }).await;
    room.send_json(json!({"action": "dance"})).await;
    room.send(&Ping).await;

    let mut received = room.receive_all(Until::Complete).await;
    received.sort_by_key(|received| received.action().to_owned());
    assert_eq!(
        actions(&received),
        ["error", "number", "number", "pong", "said"]
    );
    assert!(room.receive_all(Until::Complete).await.is_empty());
}

#[tokio::test(start_paused = true)]
async fn complete_on_one_does_not_wait_for_another() {
    let mut hub = app().connect().await;
    let mut five = hub.subscribe::<Room>("room:5").await;
    let mut six = hub.subscribe::<Room>("room:6").await;
    let began = tokio::time::Instant::now();

    five.send(&Think).await;
    six.send(&Ping).await;
    hub.send(&Ping).await;

    assert_eq!(actions(&six.receive_all(Until::Complete).await), ["pong"]);
    assert_eq!(actions(&hub.receive_all(Until::Complete).await), ["pong"]);
    assert_eq!(began.elapsed().as_secs(), 0);
    assert!(five.receive_all(Until::Complete).await.is_empty());
    assert_eq!(began.elapsed().as_secs(), 2);
}

#[tokio::test(start_paused = true)]
async fn complete_of_the_connection_leaves_out_what_it_has_sent_to_topics() {
    let mut hub = app().connect().await;
    let subscribe = json!({"action": "subscribe", "topic": "room:5", "ref": "1"});
    hub.send_json(subscribe).await;
    assert_eq!(hub.receive_any().await.action(), "subscribed");
    hub.send_json(json!({"action": "think", "topic": "room:5"}))
        .await;
    hub.send(&Ping).await;

    assert_eq!(actions(&hub.receive_all(Until::Complete).await), ["pong"]);
}

#[tokio::test(start_paused = true)]
async fn group_complete_is_a_group_message_on_the_topic() {
    let app = app();
    let mut ana = app.connect().await;
    let mut ben = app.connect().await;
    let mut anas = ana.subscribe::<Room>("room:5").await;
    let mut bens = ben.subscribe::<Room>("room:5").await;

    for text in ["first", "second"] {
        anas.send(&say(text)).await;
    }

    assert_eq!(bens.receive::<Said>().await, said("5", "first"));
    let second = bens.receive_all(Until::GroupComplete).await;
    assert_eq!(actions(&second), ["said"]);
    assert_eq!(second[0].parse::<Said>(), said("5", "second"));
}

#[tokio::test(start_paused = true)]
async fn event_complete_is_an_event_dealt_with_on_the_topic() {
    let app = app();
    let mut hub = app.connect().await;
    let mut five = hub.subscribe::<Room>("room:5").await;
    let mut six = hub.subscribe::<Room>("room:6").await;

    for topic in ["room:6", "room:5"] {
        app.rooms.event(news(topic)).to(topic).await.unwrap();
    }

    let received = five.receive_all(Until::EventComplete).await;
    assert_eq!(actions(&received), ["news"]);
    assert_eq!(received[0].payload()["title"], "room:5");
    assert_eq!(six.receive_all(Until::EventComplete).await.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_topics_own_route_has_them_too() {
    let app = app();
    let mut room = Communicator::<Room>::connect(&app.router, "/rooms/5").await;
    assert_eq!(room.topic().as_deref(), Some("room:5"));
    assert_eq!(room.receive_any().await.action(), "subscribed");

    room.send(&say("hello")).await;
    room.send(&Think).await;
    assert_eq!(actions(&room.receive_all(Until::Complete).await), ["said"]);

    app.rooms.event(news("late")).to("room:5").await.unwrap();
    let received = room.receive_all(Until::EventComplete).await;
    assert_eq!(actions(&received), ["news"]);
    room.send(&say("hello")).await;
    let received = room.receive_all(Until::GroupComplete).await;
    assert_eq!(actions(&received), ["said"]);
    assert_eq!(room.request::<Pong>(&Ping).await, Pong);
}
