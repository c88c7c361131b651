//! Topics that a client may not follow.

use std::time::Duration;

use chanx::{Ping, Pong};
use chanx_testing::Communicator;

use crate::{
    failures::{failure, starts_at},
    hub::{Hub, Room, Shed, Welcome, app},
};

#[tokio::test(start_paused = true)]
async fn a_refusal_is_a_value() {
    let mut hub = app().connect().await;

    let long = "x".repeat(300);
    for (topic, reason) in [
        ("room:attic", "unauthorized"),
        ("room:", "unknown_topic"),
        ("shed:5", "unknown_topic"),
    ] {
        let refused = hub.subscribe_or_refused::<Room>(topic).await.unwrap_err();
        assert_eq!(refused.payload()["reason"], reason);
        assert_eq!(refused.topic(), Some(topic));
    }
    // A topic that is too long is not repeated.
    let refused = hub.subscribe_or_refused::<Room>(&long).await.unwrap_err();
    assert_eq!((refused.action(), refused.topic()), ("error", None));

    hub.receive_nothing().await;
    assert!(hub.subscribe_or_refused::<Room>("room:5").await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_refusal_that_is_not_expected_fails_the_test() {
    let mut hub = app().connect().await;
    let line = line!() + 2;
    let text = failure(async move {
        hub.subscribe::<Room>("room:attic").await;
    })
    .await;

    assert!(starts_at(&text, file!(), line), "{text}");
    assert!(
        text.contains("expected `subscribed` to `room:attic`, received `error`"),
        "{text}"
    );
    assert!(text.contains("nobody goes there"), "{text}");
}

#[tokio::test]
async fn a_channel_that_is_no_topic_of_the_hubs_is_told() {
    let mut hub = app().connect().await;
    let line = line!() + 2;
    let text = failure(async move {
        hub.subscribe::<Shed>("room:5").await;
    })
    .await;

    assert!(starts_at(&text, file!(), line), "{text}");
    let told = "channel `hub` has no topic that is a `shed`; it has `room:{room}`";
    assert!(text.ends_with(told), "{text}");

    let mut hub = app().connect().await;
    let mut room = hub.subscribe::<Room>("room:5").await;
    let text = failure(async move {
        room.subscribe::<Room>("room:6").await;
    })
    .await;
    let told = "channel `room` has no topic that is a `room`; it has none";
    assert!(text.ends_with(told), "{text}");
}

#[tokio::test(start_paused = true)]
async fn a_connected_that_does_not_return_is_told() {
    let mut hub = app().connect().await;
    let line = line!() + 2;
    let text = failure(async move {
        hub.subscribe::<Room>("room:hall").await;
    })
    .await;

    assert!(starts_at(&text, file!(), line), "{text}");
    assert!(
        text.contains("`connected` has not returned for 5s"),
        "{text}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_connected_that_still_runs_is_not_waited_for_where_that_is_asked() {
    let app = app();
    let mut hub = Communicator::<Hub>::builder(&app.router, "/hub")
        .timeout(Duration::from_secs(90))
        .without_waiting_for_connected()
        .connect()
        .await;

    let mut hall = hub.subscribe::<Room>("room:hall").await;
    let mut porch = hub.subscribe::<Room>("room:porch").await;

    assert_eq!(porch.receive::<Welcome>().await, Welcome);
    let began = tokio::time::Instant::now();
    assert_eq!(hall.request::<Pong>(&Ping).await, Pong);
    assert_eq!(began.elapsed().as_secs(), 60);
}
