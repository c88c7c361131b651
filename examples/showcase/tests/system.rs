use chanx::{Ping, Pong};
use chanx_testing::Communicator;
use serde_json::json;

use super::app;
use crate::system::{System, SystemEchoMessage, UserMessage};

/// A client that has been greeted.
async fn client() -> Communicator<System> {
    let mut client = Communicator::connect(&app(), "/ws/system").await;
    let greeting: SystemEchoMessage = client.receive().await;
    assert_eq!(greeting.message, "🔧 System: Connection established!");
    client
}

#[tokio::test]
async fn the_server_says_the_same_again() {
    let mut client = client().await;
    let message = "hello".to_owned();

    let echo: SystemEchoMessage = client.request(&UserMessage { message }).await;

    assert_eq!(echo.message, "🔧 System Echo: hello");
}

#[tokio::test]
async fn a_ping_is_answered() {
    let mut client = client().await;

    let _: Pong = client.request(&Ping).await;
    client.receive_nothing().await;
}

#[tokio::test]
async fn what_is_wrong_is_told_by_path() {
    let mut client = client().await;

    client
        .send_json(json!({ "action": "user_message", "payload": { "message": 7 } }))
        .await;

    let error = client.expect_error("string_type").await;
    assert_eq!(
        error.payload()[0]["loc"],
        json!(["user_message", "payload", "message"])
    );
}
