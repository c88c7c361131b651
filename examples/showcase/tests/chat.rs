use axum::Router;
use chanx::{Ping, Pong};
use chanx_testing::Communicator;
use serde_json::json;

use super::{app, post_event};
use crate::{
    chat::{
        Chat, ChatMessage, ChatNotificationMessage, UserJoinedNotificationMessage,
        UserLeftNotificationMessage,
    },
    extra::{ExtraPassthroughMessage, ExtraRequestMessage, ExtraResponseMessage},
};

fn line(message: &str) -> ChatMessage {
    let message = message.to_owned();
    ChatMessage { message }
}

fn notification(message: &str) -> ChatNotificationMessage {
    let message = message.to_owned();
    ChatNotificationMessage { message }
}

/// A client that has seen its own arrival.
async fn client(app: &Router) -> Communicator<Chat> {
    let mut client = Communicator::connect(app, "/ws/chat").await;
    let arrival: ChatNotificationMessage = client.receive().await;
    assert_eq!(arrival, notification("📢 Someone joined the chat"));
    client
}

#[tokio::test]
async fn everyone_is_shown_a_line() {
    let app = app();
    let mut ann = client(&app).await;
    let mut ben = client(&app).await;
    let _: ChatNotificationMessage = ann.receive().await;

    ann.send(&line("hello")).await;

    for client in [&mut ann, &mut ben] {
        let shown: ChatNotificationMessage = client.receive().await;
        assert_eq!(shown, notification("💬 hello"));
    }
}

#[tokio::test]
async fn those_who_stay_are_told_who_leaves() {
    let app = app();
    let mut ann = client(&app).await;
    let ben = client(&app).await;
    let _: ChatNotificationMessage = ann.receive().await;

    ben.close(1000).await;

    let left: ChatNotificationMessage = ann.receive().await;
    assert_eq!(left, notification("❌ Someone left the chat."));
}

#[tokio::test]
async fn the_client_alone_is_answered() {
    let app = app();
    let mut ann = client(&app).await;
    let mut ben = client(&app).await;
    let _: ChatNotificationMessage = ann.receive().await;

    let _: Pong = ann.request(&Ping).await;
    let request = ExtraRequestMessage("tea and".to_owned());
    let response: ExtraResponseMessage = ann.request(&request).await;

    assert_eq!(response.0, "tea and any extra thing");
    ben.receive_nothing().await;
}

#[tokio::test]
async fn an_event_reaches_everyone() {
    let app = app();
    let mut ann = client(&app).await;
    let mut ben = client(&app).await;
    let _: ChatNotificationMessage = ann.receive().await;

    let event = json!({ "action": "system_notify", "payload": "closing at six" });
    post_event(&app, "chat", json!({ "event": event })).await;

    for client in [&mut ann, &mut ben] {
        let shown: ChatNotificationMessage = client.receive().await;
        assert_eq!(shown, notification("closing at six"));
    }
}

#[tokio::test]
async fn events_that_are_messages_pass_through() {
    let app = app();
    let mut client = client(&app).await;
    let post = async |action: &str, payload| {
        let event = json!({ "action": action, "payload": payload });
        post_event(&app, "chat", json!({ "event": event })).await
    };

    post("user_joined_notification", json!({ "message": "Ann" })).await;
    let joined: UserJoinedNotificationMessage = client.receive().await;
    assert_eq!(joined.message, "Ann");

    post("user_left_notification", json!({ "message": "Ben" })).await;
    let left: UserLeftNotificationMessage = client.receive().await;
    assert_eq!(left.message, "Ben");

    post("extra_passthrough", json!("as it is")).await;
    let passed: ExtraPassthroughMessage = client.receive().await;
    assert_eq!(passed.0, "as it is");
}
