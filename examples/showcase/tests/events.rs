use axum::{
    body::Body,
    http::{Request, StatusCode, header::CONTENT_TYPE},
};
use chanx_testing::Communicator;
use serde_json::json;

use super::{answer, app, post_event};
use crate::chat::{Chat, ChatNotificationMessage};

#[tokio::test]
async fn an_event_is_accepted_though_nobody_is_there() {
    let event = json!({ "action": "system_notify", "payload": "hello" });

    let (status, _) = post_event(&app(), "chat", json!({ "event": event })).await;

    assert_eq!(status, StatusCode::ACCEPTED);
}

#[tokio::test]
async fn named_groups_take_the_place_of_the_channels_own() {
    let app = app();
    let mut client = Communicator::<Chat>::connect(&app, "/ws/chat").await;
    let _: ChatNotificationMessage = client.receive().await;
    let event = |words| json!({ "action": "system_notify", "payload": words });

    for (groups, words) in [(["elsewhere"], "not for you"), (["chat_room"], "for you")] {
        let body = json!({ "event": event(words), "groups": groups });
        let (status, _) = post_event(&app, "chat", body).await;
        assert_eq!(status, StatusCode::ACCEPTED);
    }

    let shown: ChatNotificationMessage = client.receive().await;
    assert_eq!(shown.message, "for you");
    client.receive_nothing().await;
}

#[tokio::test]
async fn what_nobody_handles_is_not_found() {
    let app = app();
    for (channel, action) in [
        ("nowhere", "system_notify"),
        ("chat", "system_periodic_notify"),
        ("system", "system_notify"),
        ("room_chat", "system_notify"),
    ] {
        let event = json!({ "action": action, "payload": "hello" });
        let (status, body) = post_event(&app, channel, json!({ "event": event })).await;

        assert_eq!(status, StatusCode::NOT_FOUND, "{action} to {channel}");
        assert!(body["detail"].is_string(), "{body}");
    }
}

#[tokio::test]
async fn what_is_wrong_is_told_by_path() {
    for (action, payload, kind, path) in [
        (
            "system_notify",
            json!(7),
            "string_type",
            json!(["system_notify", "payload"]),
        ),
        (
            "user_joined_notification",
            json!({}),
            "missing",
            json!(["user_joined_notification", "payload", "message"]),
        ),
    ] {
        let event = json!({ "action": action, "payload": payload });
        let (status, body) = post_event(&app(), "chat", json!({ "event": event })).await;

        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(body["detail"][0]["type"], kind);
        assert_eq!(body["detail"][0]["loc"], path);
    }
}

#[tokio::test]
async fn a_body_without_an_event_is_refused() {
    let request = Request::post("/events/chat")
        .header(CONTENT_TYPE, "application/json")
        .body(Body::from("{}"))
        .expect("the request is well-formed");

    let (status, _) = answer(&app(), request).await;

    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
}
