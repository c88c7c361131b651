//! The end of a subscription, from either side.

use chanx::{Ping, Pong};
use chanx_testing::{Communicator, Until};

use crate::{
    failures::{failure, starts_at},
    hub::{Crash, Room, Said, Think, app, said, say},
};

#[tokio::test(start_paused = true)]
async fn after_unsubscribing_the_consumer_has_been_told_and_its_groups_left() {
    let app = app();
    let mut ana = app.connect().await;
    let mut ben = app.connect().await;
    let anas = ana.subscribe::<Room>("room:5").await;
    let mut bens = ben.subscribe::<Room>("room:5").await;

    bens.send(&say("never received by ana")).await;
    anas.unsubscribe().await;

    assert_eq!(app.layer.stats().members, 1);
    assert_eq!(bens.receive::<Said>().await.text, "never received by ana");
    assert_eq!(bens.receive::<Said>().await, said("5", "leaves"));
    assert_eq!(ana.request::<Pong>(&Ping).await, Pong);
    ana.receive_nothing().await;
}

#[tokio::test(start_paused = true)]
async fn unsubscribing_waits_for_what_was_sent_before() {
    let mut hub = app().connect().await;
    let mut room = hub.subscribe::<Room>("room:5").await;
    let began = tokio::time::Instant::now();

    room.send(&Think).await;
    room.unsubscribe().await;

    assert_eq!(began.elapsed().as_secs(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_kick_is_received_and_what_is_sent_behind_it_is_refused() {
    let app = app();
    let mut hub = app.connect().await;
    let mut room = hub.subscribe::<Room>("room:5").await;

    let kick = app.rooms.unsubscribe("archived", "gone").to("room:5");
    assert_eq!(kick.await.unwrap().reached, 1);

    let ended = room.expect_unsubscribed("archived").await;
    assert_eq!(ended.payload()["detail"], "gone");
    room.send(&Ping).await;
    room.expect_error("not_subscribed").await;
    room.receive_nothing().await;
    hub.receive_nothing().await;
}

#[tokio::test(start_paused = true)]
async fn a_failure_is_the_end_of_what_is_waited_for() {
    let mut hub = app().connect().await;
    let mut room = hub.subscribe::<Room>("room:5").await;

    room.send(&Crash).await;
    let received = room.receive_all(Until::Complete).await;

    let actions: Vec<_> = received.iter().map(|received| received.action()).collect();
    assert_eq!(actions, ["error", "unsubscribed"]);
    assert_eq!(received[1].payload()["reason"], "failed");
    assert_eq!(hub.request::<Pong>(&Ping).await, Pong);
}

#[tokio::test(start_paused = true)]
async fn a_connected_that_fails_is_received() {
    let mut hub = app().connect().await;

    let mut room = hub.subscribe::<Room>("room:cellar").await;

    room.expect_error("it is dark").await;
    room.expect_unsubscribed("failed").await;
}

#[tokio::test(start_paused = true)]
async fn one_that_has_ended_is_subscribed_to_again() {
    let app = app();
    let mut hub = app.connect().await;
    let mut old = hub.subscribe::<Room>("room:5").await;
    app.rooms
        .unsubscribe("archived", "")
        .to("room:5")
        .await
        .unwrap();
    old.expect_unsubscribed("archived").await;

    let mut new = hub.subscribe::<Room>("room:5").await;
    drop(old);

    new.send(&say("hello")).await;
    assert_eq!(new.receive::<Said>().await, said("5", "hello"));
}

#[tokio::test(start_paused = true)]
async fn closing_the_connection_ends_all_of_its_subscriptions() {
    let app = app();
    let mut hub = app.connect().await;
    let mut five = hub.subscribe::<Room>("room:5").await;
    let six = hub.subscribe::<Room>("room:6").await;

    six.close(1000).await;

    assert_eq!(five.closed().await.code, 1000);
    assert_eq!(hub.closed().await.code, 1000);
    assert_eq!(app.layer.stats().members, 0);
}

#[tokio::test(start_paused = true)]
async fn on_a_topics_own_route_unsubscribing_closes() {
    let app = app();
    let room = Communicator::<Room>::connect(&app.router, "/rooms/5").await;

    room.unsubscribe().await;

    tokio::task::yield_now().await;
    assert_eq!(app.layer.stats().members, 0);
}

#[tokio::test]
async fn a_connection_is_not_unsubscribed() {
    let hub = app().connect().await;
    let line = line!() + 1;
    let text = failure(async move { hub.unsubscribe().await }).await;

    assert!(starts_at(&text, file!(), line), "{text}");
    assert!(text.ends_with("to end it, `close` it"), "{text}");
}

#[tokio::test(start_paused = true)]
async fn an_end_that_is_not_expected_is_shown() {
    let app = app();
    let mut hub = app.connect().await;
    let mut room = hub.subscribe::<Room>("room:5").await;
    app.rooms
        .unsubscribe("archived", "gone")
        .to("room:5")
        .await
        .unwrap();

    let text = failure(async move {
        room.receive::<Said>().await;
    })
    .await;

    assert!(
        text.contains("expected `said`, received `unsubscribed`"),
        "{text}"
    );
    assert!(text.contains("\"reason\": \"archived\""), "{text}");
    assert!(text.contains("channel `room` accepts"), "{text}");
}
