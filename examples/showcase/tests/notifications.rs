use axum::Router;
use chanx::{Ping, Pong};
use chanx_testing::Communicator;
use serde_json::json;

use super::{app, post_event};
use crate::notifications::{NotificationBroadcastMessage, Notifications, Source};

fn told(source: Source, message: &str) -> NotificationBroadcastMessage {
    let message = message.to_owned();
    NotificationBroadcastMessage { source, message }
}

/// A client that has seen its own arrival.
async fn client(app: &Router) -> Communicator<Notifications> {
    let mut client = Communicator::connect(app, "/ws/notifications").await;
    let arrival: NotificationBroadcastMessage = client.receive().await;
    assert_eq!(
        arrival,
        told(Source::System, "🔔 Connected to notifications!")
    );
    client
}

#[tokio::test]
async fn everyone_is_told_that_it_comes_from_a_user() {
    let app = app();
    let mut ann = client(&app).await;
    let mut ben = client(&app).await;
    let _: NotificationBroadcastMessage = ann.receive().await;

    let notification = json!({ "type": "system", "message": "hello" });
    ann.send_json(json!({ "action": "notification", "payload": notification }))
        .await;

    for client in [&mut ann, &mut ben] {
        let notification: NotificationBroadcastMessage = client.receive().await;
        assert_eq!(notification, told(Source::User, "🔔 Notification: hello"));
    }
}

#[tokio::test]
async fn a_notification_needs_no_type() {
    let mut client = client(&app()).await;

    client
        .send_json(json!({ "action": "notification", "payload": { "message": "hello" } }))
        .await;

    assert_eq!(
        client.receive_json().await,
        json!({
            "action": "notification_broadcast",
            "payload": { "type": "user", "message": "🔔 Notification: hello" },
        })
    );
}

#[tokio::test]
async fn events_tell_what_they_are() {
    let app = app();
    let mut client = client(&app).await;

    for (action, source) in [
        ("system_notify", Source::System),
        ("system_periodic_notify", Source::Periodic),
    ] {
        let event = json!({ "action": action, "payload": "backup done" });
        post_event(&app, "notifications", json!({ "event": event })).await;

        let notification: NotificationBroadcastMessage = client.receive().await;
        assert_eq!(notification, told(source, "backup done"));
    }
}

#[tokio::test]
async fn a_ping_is_answered() {
    let mut client = client(&app()).await;
    let _: Pong = client.request(&Ping).await;
}
