use axum::Router;
use chanx::{Ping, Pong};
use chanx_testing::Communicator;
use serde_json::{Value, json};

use super::{app, post_event};
use crate::analytics::{Analytics, AnalyticsMessage, AnalyticsNotificationMessage};

async fn client(app: &Router) -> Communicator<Analytics> {
    Communicator::connect(app, "/ws/analytics").await
}

#[tokio::test]
async fn everyone_who_watches_is_told() {
    let app = app();
    let mut ann = client(&app).await;
    let mut ben = client(&app).await;

    let data = json!({ "page": "/", "seconds": [1, 2.5, null] });
    let event = "page_view".to_owned();
    ann.send(&AnalyticsMessage {
        event,
        data: data.clone(),
    })
    .await;

    for client in [&mut ann, &mut ben] {
        let told: AnalyticsNotificationMessage = client.receive().await;
        assert_eq!(told.event, "📊 Analytics: page_view");
        assert_eq!(told.data, data);
    }
}

#[tokio::test]
async fn an_event_needs_no_data() {
    let mut client = client(&app()).await;

    client
        .send_json(json!({ "action": "analytics", "payload": { "event": "click" } }))
        .await;

    assert_eq!(
        client.receive_json().await,
        json!({
            "action": "analytics_notification",
            "payload": { "event": "📊 Analytics: click", "data": null },
        })
    );
}

#[tokio::test]
async fn an_event_of_the_application_is_shown() {
    let app = app();
    let mut client = client(&app).await;

    let event = json!({ "action": "system_notify", "payload": "deployed" });
    post_event(&app, "analytics", json!({ "event": event })).await;

    let told: AnalyticsNotificationMessage = client.receive().await;
    assert_eq!(told.event, "deployed");
    assert_eq!(told.data, Value::Null);
}

#[tokio::test]
async fn a_ping_is_answered() {
    let mut client = client(&app()).await;
    let _: Pong = client.request(&Ping).await;
}
