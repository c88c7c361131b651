//! Subscriptions at a real address, and what is published to them.

use chanx::{ChannelLayer, ChannelOptions, Ping, Pong, layer::Content};
use chanx_testing::{CaptureLayer, Communicator, Frame, Until};

use crate::{
    address::serve,
    hub::{Count, Hub, Number, Room, Said, app_with, news, said, say},
};

#[tokio::test]
async fn at_a_real_address_subscriptions_are_the_same() {
    let app = app_with(ChannelLayer::new(), ChannelOptions::default());
    let address = serve(app.router).await;
    let mut hub = Communicator::<Hub>::connect_at(&format!("ws://{address}/hub")).await;
    let mut five = hub.subscribe::<Room>("room:5").await;
    let mut six = hub.subscribe::<Room>("room:6").await;

    five.send(&say("hello")).await;
    assert_eq!(six.request::<Pong>(&Ping).await, Pong);
    assert_eq!(five.receive::<Said>().await, said("5", "hello"));
    assert_eq!(five.collect::<Number>(&Count { to: 2 }).await.len(), 2);
    assert_eq!(hub.request::<Pong>(&Ping).await, Pong);
    let refused = hub.subscribe_or_refused::<Room>("room:attic").await;
    assert_eq!(refused.unwrap_err().payload()["reason"], "unauthorized");
    app.rooms
        .unsubscribe("archived", "")
        .to("room:6")
        .await
        .unwrap();
    six.expect_unsubscribed("archived").await;
    five.unsubscribe().await;
    hub.receive_nothing().await;
}

/// Only a test in memory is told of what has been dealt with on a topic.
#[tokio::test]
async fn p36_completion_frames_are_not_sent_on_topics() {
    let options = ChannelOptions::default().completion_frames(true);
    let app = app_with(ChannelLayer::new(), options);
    let address = serve(app.router).await;
    let mut hub = Communicator::<Hub>::connect_at(&format!("ws://{address}/hub")).await;
    let mut room = hub.subscribe::<Room>("room:5").await;

    room.send(&say("hello")).await;
    app.rooms.event(news("late")).to("room:5").await.unwrap();
    room.send(&Ping).await;
    hub.request::<Pong>(&Ping).await;

    let mut actions = Vec::new();
    while actions.last().is_none_or(|last| last != "pong") {
        let Frame::Text(text) = room.receive_frame().await else {
            panic!("a message comes");
        };
        let frame: serde_json::Value = serde_json::from_str(&text).unwrap();
        actions.push(frame["action"].as_str().unwrap().to_owned());
    }
    actions.sort();
    assert_eq!(actions, ["news", "pong", "said"]);
    // On the connection itself they are.
    assert!(hub.receive_all(Until::Complete).await.is_empty());
}

#[tokio::test(start_paused = true)]
async fn what_is_published_is_captured_with_its_topic() {
    let capture = CaptureLayer::new();
    let app = app_with(capture.layer(), ChannelOptions::default());
    let mut hub = app.connect().await;
    let mut room = hub.subscribe::<Room>("room:5").await;

    room.send(&say("hello")).await;
    room.receive::<Said>().await;
    app.rooms
        .event(news("late"))
        .with_seq(7)
        .to("room:5")
        .await
        .unwrap();
    app.rooms
        .unsubscribe("archived", "gone")
        .to("room:5")
        .await
        .unwrap();

    assert_eq!(
        capture.expect_message::<Room, Said>("room:5"),
        said("5", "hello")
    );
    let [event, end, ..] = &capture.take()[..] else {
        panic!("an event and an end are published");
    };
    assert_eq!((event.action(), event.seq()), ("news", Some(7)));
    assert_eq!(event.groups(), ["room:5"]);
    assert!(matches!(end.content(), Content::Unsubscribe { reason, .. } if reason == "archived"));
}
