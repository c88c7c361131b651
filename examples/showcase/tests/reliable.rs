use axum::Router;
use chanx::{Ping, Pong};
use chanx_testing::Communicator;
use serde_json::json;

use super::{app, post_event};
use crate::{
    chat::{Chat, ChatNotificationMessage},
    reliable::{ReliableChat, ReliableChatMessage, ReliableChatNotificationMessage},
};

/// A client that has seen its own arrival.
async fn client(app: &Router) -> Communicator<ReliableChat> {
    let mut client = Communicator::connect(app, "/ws/reliable").await;
    let arrival: ReliableChatNotificationMessage = client.receive().await;
    assert_eq!(arrival.message, "🔒 Reliable chat connection established!");
    client
}

#[tokio::test]
async fn everyone_is_shown_a_line() {
    let app = app();
    let mut ann = client(&app).await;
    let mut ben = client(&app).await;
    let _: ReliableChatNotificationMessage = ann.receive().await;
    let message = "hello".to_owned();

    ann.send(&ReliableChatMessage { message }).await;

    for client in [&mut ann, &mut ben] {
        let shown: ReliableChatNotificationMessage = client.receive().await;
        assert_eq!(shown.message, "📨 hello");
    }
}

#[tokio::test]
async fn those_who_stay_are_told_who_leaves() {
    let app = app();
    let mut ann = client(&app).await;
    let ben = client(&app).await;
    let _: ReliableChatNotificationMessage = ann.receive().await;

    ben.close(1000).await;

    let left: ReliableChatNotificationMessage = ann.receive().await;
    assert_eq!(left.message, "🚪 Left reliable chat!");
}

#[tokio::test]
async fn the_other_chat_hears_nothing_of_it() {
    let app = app();
    let mut other = Communicator::<Chat>::connect(&app, "/ws/chat").await;
    let _: ChatNotificationMessage = other.receive().await;

    let mut client = client(&app).await;
    let _: Pong = client.request(&Ping).await;

    other.receive_nothing().await;
}

#[tokio::test]
async fn an_event_is_shown_in_the_words_of_the_other_chat() {
    let app = app();
    let mut client = client(&app).await;

    let event = json!({ "action": "system_notify", "payload": "closing at six" });
    post_event(&app, "reliable_chat", json!({ "event": event })).await;

    let shown: ChatNotificationMessage = client.receive().await;
    assert_eq!(shown.message, "closing at six");
}
