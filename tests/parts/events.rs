//! Events of parts, published and captured.

use chanx::{Broadcaster, wire::Payload};
use chanx_testing::{CaptureLayer, Communicator, Until};

use crate::rooms::{House, Room, Silence, Weather};

#[tokio::test]
async fn a_test_expects_an_event_of_a_part_as_one_of_the_consumer() {
    let capture = CaptureLayer::new();
    let rooms = Broadcaster::<Room>::new(&capture.layer());

    rooms.event(Silence).await.unwrap();
    rooms
        .event(Weather { sunny: true })
        .to("attic")
        .await
        .unwrap();

    let Silence = capture.expect_event::<Room, _>("room");
    let weather: Weather = capture.expect_event::<Room, _>("attic");
    assert!(weather.sunny);
    capture.expect_nothing();
}

#[tokio::test(start_paused = true)]
async fn an_event_of_a_part_in_a_part_may_come_as_json() {
    let house = House::new();
    let mut room = Communicator::<Room>::connect(&house.app, "/room").await;

    let payload = Payload::from_json(r#"{"sunny": false}"#).unwrap();
    let event = house.rooms.event_from_json("weather", payload).unwrap();
    event.await.unwrap();

    let received = room.receive_all(Until::EventComplete).await;
    assert_eq!(received[0].parse::<Weather>(), Weather { sunny: false });
}
