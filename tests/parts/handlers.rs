//! Parts at work.

use chanx::{Ping, Pong};
use chanx_testing::{Communicator, Until};
use serde_json::json;

use crate::rooms::{
    Beats, Chat, Count, Desk, House, Hush, Listen, Look, Room, Sense, Sensed, Silence, Stopped,
    Type, Typing, Weather,
};

async fn enter(house: &House) -> Communicator<Room> {
    Communicator::connect(&house.app, "/room").await
}

#[tokio::test(start_paused = true)]
async fn a_part_answers_in_each_channel_that_includes_it() {
    let house = House::new();
    let mut room = enter(&house).await;
    let mut desk = Communicator::<Desk>::connect(&house.app, "/desk").await;

    room.send(&Ping).await;
    desk.send(&Ping).await;

    assert_eq!(room.receive::<Pong>().await, Pong);
    assert_eq!(desk.receive::<Pong>().await, Pong);
}

#[tokio::test(start_paused = true)]
async fn each_connection_has_a_parts_state_of_its_own() {
    let house = House::new();
    let mut one = enter(&house).await;
    let mut other = enter(&house).await;

    one.request::<Pong>(&Ping).await;
    one.request::<Pong>(&Ping).await;
    other.request::<Pong>(&Ping).await;

    assert_eq!(one.request::<Beats>(&Count).await, Beats { beats: 2 });
    assert_eq!(other.request::<Beats>(&Count).await, Beats { beats: 1 });
}

#[tokio::test(start_paused = true)]
async fn a_part_in_a_part_takes_an_enum_and_each_of_its_members() {
    let house = House::new();
    let mut room = enter(&house).await;

    room.send(&Listen).await;
    room.send(&Sense::Listen(Listen)).await;

    for what in ["sound 1", "sound 2"] {
        let what = what.to_owned();
        assert_eq!(room.receive::<Sensed>().await, Sensed { what });
    }
}

#[tokio::test(start_paused = true)]
async fn an_error_of_a_parts_own_is_told_as_it_says() {
    let house = House::new();
    let mut room = enter(&house).await;

    room.send_json(json!({"action": "look", "ref": "7"})).await;

    let error = room.expect_error("dark").await;
    assert_eq!(error.reference(), Some("7"));
    room.send(&Look).await;
    room.expect_error("nothing to see").await;
}

#[tokio::test(start_paused = true)]
async fn a_part_broadcasts_to_the_groups_of_its_channel() {
    let house = House::new();
    let mut ann = enter(&house).await;
    let mut bob = enter(&house).await;

    let who = || "ann".to_owned();
    ann.send(&Type { who: who() }).await;

    assert_eq!(bob.receive::<Typing>().await, Typing { who: who() });
    ann.receive_nothing().await;
}

#[tokio::test(start_paused = true)]
async fn a_part_handles_events_that_are_published_to_its_channel() {
    let house = House::new();
    let mut ann = enter(&house).await;
    let mut bob = enter(&house).await;
    let who = || "ann".to_owned();
    ann.send(&Type { who: who() }).await;
    bob.receive::<Typing>().await;

    house.rooms.event(Silence).await.unwrap();

    assert_eq!(bob.receive::<Stopped>().await, Stopped { who: who() });
    assert_eq!(ann.receive::<Stopped>().await, Stopped { who: who() });
}

#[tokio::test(start_paused = true)]
async fn a_part_passes_events_through() {
    let house = House::new();
    let mut room = enter(&house).await;

    house.rooms.event(Weather { sunny: true }).await.unwrap();

    let received = room.receive_all(Until::EventComplete).await;
    assert_eq!(received[0].parse::<Weather>(), Weather { sunny: true });
}

#[tokio::test(start_paused = true)]
async fn a_handler_of_the_consumer_calls_a_method_of_the_part() {
    let house = House::new();
    let mut ann = enter(&house).await;
    let mut bob = enter(&house).await;
    let who = || "ann".to_owned();
    ann.send(&Type { who: who() }).await;
    bob.receive::<Typing>().await;

    ann.send(&Hush).await;

    assert_eq!(bob.receive::<Stopped>().await, Stopped { who: who() });
}

#[tokio::test(start_paused = true)]
async fn a_part_has_a_hook_of_its_own() {
    let house = House::new();
    let mut ann = enter(&house).await;
    let mut bob = enter(&house).await;
    let who = || "ann".to_owned();
    ann.send(&Type { who: who() }).await;
    bob.receive::<Typing>().await;

    ann.close(1000).await;

    assert_eq!(bob.receive::<Stopped>().await, Stopped { who: who() });
}

#[tokio::test(start_paused = true)]
async fn the_consumers_own_handlers_stand_beside_those_of_its_parts() {
    let house = House::new();
    let mut room = enter(&house).await;

    let line = "one two".to_owned();
    assert_eq!(room.collect::<Sensed>(&Chat { line }).await.len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_payload_that_a_part_cannot_read_is_refused_as_any_other() {
    let house = House::new();
    let mut room = enter(&house).await;

    room.send_json(json!({"action": "type", "payload": {"who": 7}}))
        .await;

    room.expect_error("string_type").await;
}
