use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode, header::CONTENT_TYPE},
};
use chanx::{Ping, Pong};
use chanx_testing::Communicator;
use serde_json::{Value, json};

use super::{answer, app};
use crate::topics::{RoomTopic, TopicHub};

/// A client of the hub that follows a topic.
async fn follower(app: &Router, topic: &str) -> Communicator<TopicHub> {
    let mut client = Communicator::connect(app, "/ws/topics").await;
    client
        .send_json(json!({"action": "subscribe", "topic": topic, "ref": "1"}))
        .await;
    let subscribed = client.receive_any().await;
    assert_eq!(subscribed.action(), "subscribed");
    assert_eq!(subscribed.json()["topic"], topic);
    client
}

/// Posts an event to a topic; gives the status.
async fn post_to(app: &Router, topic: &str, event: Value) -> StatusCode {
    let request = Request::post(format!("/topics/{topic}"))
        .header(CONTENT_TYPE, "application/json")
        .body(Body::from(event.to_string()))
        .expect("the request is well-formed");
    answer(app, request).await.0
}

fn room_event(body: &str, author: &str) -> Value {
    json!({
        "action": "room_event",
        "payload": {"body": body, "author": author},
        "version": 1,
        "topic": "room:tea",
    })
}

#[tokio::test]
async fn a_line_reaches_all_who_follow_the_room() {
    let app = app();
    let mut ann = follower(&app, "room:tea").await;
    let mut ben = follower(&app, "room:tea").await;
    let mut cat = follower(&app, "room:coffee").await;

    let post = json!({"action": "post", "payload": {"body": "hello"}, "topic": "room:tea"});
    ann.send_json(post).await;

    let line = room_event("hello", "anonymous");
    assert_eq!(ann.receive_json().await, line);
    assert_eq!(ben.receive_json().await, line);
    cat.receive_nothing().await;
    let _: Pong = ann.request(&Ping).await;
}

#[tokio::test]
async fn an_echo_is_answered_to_nobody_else() {
    let app = app();
    let mut ann = follower(&app, "room:tea").await;
    let mut ben = follower(&app, "room:tea").await;

    let payload = json!({"body": "hello", "author": "ann"});
    let echo = json!({"action": "echo", "payload": payload, "topic": "room:tea", "ref": "2"});
    ann.send_json(echo).await;

    let posted = ann.receive_any().await;
    assert_eq!((posted.action(), posted.payload()), ("posted", &payload));
    assert_eq!(posted.reference(), Some("2"));
    ben.receive_nothing().await;
}

#[tokio::test]
async fn a_room_has_a_route_of_its_own_and_one_group_with_the_hub() {
    let app = app();
    let mut ann = follower(&app, "room:tea").await;
    let mut ben = Communicator::<RoomTopic>::connect(&app, "/ws/topics/room/tea").await;
    assert_eq!(ben.receive_any().await.action(), "subscribed");

    let payload = json!({"body": "hello", "author": "ben"});
    ben.send_json(json!({"action": "post", "payload": payload}))
        .await;

    let line = room_event("hello", "ben");
    assert_eq!(ann.receive_json().await, line);
    assert_eq!(ben.receive_json().await, line);
}

#[tokio::test]
async fn an_event_from_outside_is_pushed_with_its_number() {
    let app = app();
    let mut ann = follower(&app, "presence:ben").await;
    let payload = json!({"user": "ben", "online": true});

    let event = json!({"event": {"action": "presence_changed", "payload": payload}, "seq": 7});
    let status = post_to(&app, "presence:ben", event).await;

    assert_eq!(status, StatusCode::ACCEPTED);
    let changed = ann.receive_any().await;
    assert_eq!(changed.action(), "presence_changed");
    assert_eq!(changed.payload(), &payload);
    assert_eq!(changed.json()["seq"], 7);
}

#[tokio::test]
async fn what_is_no_topic_no_event_or_no_payload_is_refused() {
    let app = app();
    let good = json!({"body": "a", "author": "b"});
    let bad = json!({"body": 7});
    for (topic, action, payload, status) in [
        ("attic:1", "room_event", &good, StatusCode::NOT_FOUND),
        ("room:", "room_event", &good, StatusCode::NOT_FOUND),
        ("room:tea", "dance", &good, StatusCode::NOT_FOUND),
        (
            "room:tea",
            "room_event",
            &bad,
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
        ("room:tea", "room_event", &good, StatusCode::ACCEPTED),
    ] {
        let event = json!({"event": {"action": action, "payload": payload}});

        assert_eq!(
            post_to(&app, topic, event).await,
            status,
            "{topic} {action}"
        );
    }
}

#[tokio::test]
async fn p34_topics_are_documented_at_the_address_of_their_connection() {
    let request = Request::get("/asyncapi.json").body(Body::empty());
    let request = request.expect("the request is well-formed");
    let (_, document) = answer(&app(), request).await;

    let room = &document["channels"]["topic_hub_room"];
    assert_eq!(room["title"], "topic_hub_room");
    assert_eq!(room["address"], "/ws/topics");
    let topic = json!({"name": "room", "pattern": "room:{room_name}", "parameters": ["room_name"]});
    assert_eq!(room["x-topic"], topic);
    assert_eq!(document["channels"]["topic_hub"]["x-topic"], Value::Null);
    let of_its_own = &document["channels"]["topic_hub_room_route"];
    assert_eq!(of_its_own["address"], "/ws/topics/room/{room_name}");
}
