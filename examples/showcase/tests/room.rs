use axum::{Router, http::StatusCode};
use chanx::{Ping, Pong};
use chanx_testing::Communicator;
use serde_json::json;

use super::app;
use crate::room::{MessageStatus, RoomChat, RoomNotificationMessage};

fn notification(room: &str, message: &str) -> RoomNotificationMessage {
    RoomNotificationMessage {
        message: message.to_owned(),
        room_name: room.to_owned(),
        status: MessageStatus::Pending,
    }
}

async fn client(app: &Router, room: &str) -> Communicator<RoomChat> {
    Communicator::connect(app, &format!("/ws/room/{room}")).await
}

#[tokio::test]
async fn the_others_are_told_who_comes_and_goes() {
    let app = app();
    let mut ann = client(&app, "tea").await;
    let mut ben = client(&app, "tea").await;

    let joined: RoomNotificationMessage = ann.receive().await;
    assert_eq!(joined, notification("tea", "🚪 Someone joined room 'tea'"));
    ben.receive_nothing().await;

    ben.close(1000).await;
    let left: RoomNotificationMessage = ann.receive().await;
    assert_eq!(left, notification("tea", "👋 Someone left room 'tea'"));
}

#[tokio::test]
async fn a_line_stays_in_its_room() {
    let app = app();
    let mut ann = client(&app, "tea").await;
    let mut ben = client(&app, "coffee").await;

    let line = json!({ "message": "hello", "room_name": "coffee", "status": "DELIVERED" });
    ann.send_json(json!({ "action": "room_chat", "payload": line }))
        .await;

    let shown: RoomNotificationMessage = ann.receive().await;
    assert_eq!(shown, notification("tea", "💬 hello"));
    ben.receive_nothing().await;
}

#[tokio::test]
async fn a_line_has_one_of_three_statuses() {
    let mut client = client(&app(), "tea").await;

    let line = json!({ "message": "hello", "status": "READ" });
    client
        .send_json(json!({ "action": "room_chat", "payload": line }))
        .await;

    let error = client.expect_error("enum").await;
    assert_eq!(
        error.payload()[0]["loc"],
        json!(["room_chat", "payload", "status"])
    );
}

#[tokio::test]
async fn a_name_that_is_too_long_is_refused() {
    let path = format!("/ws/room/{}", "x".repeat(41));

    let refused = Communicator::<RoomChat>::builder(&app(), &path)
        .connect_or_refused()
        .await
        .expect_err("the room cannot exist");

    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    assert_eq!(
        refused.detail().as_deref(),
        Some("a room's name has at most 40 characters")
    );
}

#[tokio::test]
async fn a_ping_is_answered() {
    let mut client = client(&app(), "tea").await;
    let _: Pong = client.request(&Ping).await;
}
