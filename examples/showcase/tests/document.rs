use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use serde_json::Value;

use super::{answer, app};

async fn document() -> Value {
    let request = Request::get("/asyncapi.json").body(Body::empty());
    let request = request.expect("the request is well-formed");
    let (status, document) = answer(&app(), request).await;
    assert_eq!(status, StatusCode::OK);
    document
}

#[tokio::test]
async fn every_channel_has_its_address() {
    let document = document().await;

    for (channel, address) in [
        ("system", "/ws/system"),
        ("chat", "/ws/chat"),
        ("reliable_chat", "/ws/reliable"),
        ("notifications", "/ws/notifications"),
        ("analytics", "/ws/analytics"),
        ("room_chat", "/ws/room/{room_name}"),
        ("background_jobs", "/ws/background_jobs"),
    ] {
        assert_eq!(document["channels"][channel]["address"], address);
    }
}

#[tokio::test]
async fn messages_go_by_their_types() {
    let document = document().await;

    for (message, action) in [
        ("user_message", "user_message"),
        ("system_echo_message", "system_echo"),
        ("chat_message", "chat"),
        ("chat_notification_message", "chat_notification"),
        (
            "user_joined_notification_message",
            "user_joined_notification",
        ),
        ("extra_passthrough_message", "extra_passthrough"),
        ("reliable_chat_message", "reliable_chat"),
        (
            "reliable_chat_notification_message",
            "reliable_chat_notification",
        ),
        ("notification_message", "notification"),
        ("notification_broadcast_message", "notification_broadcast"),
        ("analytics_message", "analytics"),
        ("analytics_notification_message", "analytics_notification"),
        ("room_chat_message", "room_chat"),
        ("room_notification_message", "room_notification"),
        ("job_message", "job"),
        ("job_status_message", "job_status"),
    ] {
        let payload = &document["components"]["messages"][message]["payload"]["$ref"];
        let schema = payload.as_str().and_then(|path| path.strip_prefix('#'));
        let schema = schema.and_then(|path| document.pointer(path));
        let schema = schema.unwrap_or_else(|| panic!("{message} has no schema"));
        assert_eq!(schema["properties"]["action"]["const"], action);
    }
}
