//! Failures where nothing can be sent, or is not answered.

use std::time::Duration;

use chanx::{ChannelLayer, ChannelOptions, Ping, Pong};

use super::{Client, connect, failure, starts_at};
use crate::room::{Chat, Evict, Nap, Note, app_with};

#[tokio::test]
async fn a_request_without_a_reply_fails_at_once() {
    let mut ana = connect().await;
    let line = line!() + 2;
    let text = failure(async move {
        ana.request::<Pong>(&Note).await;
    })
    .await;

    assert!(starts_at(&text, file!(), line), "{text}");
    assert!(
        text.contains("expected `pong` in reply, received `complete`"),
        "{text}"
    );
}

#[tokio::test]
async fn sending_on_a_closed_connection_fails() {
    let mut ana = connect().await;
    let reason = String::new();
    ana.send(&Evict { code: 4001, reason }).await;
    ana.closed().await;
    let line = line!() + 2;
    let text = failure(async move {
        ana.send(&Ping).await;
    })
    .await;

    assert!(starts_at(&text, file!(), line), "{text}");
    assert!(
        text.contains("expected to send a frame, but the connection has closed: 4001"),
        "{text}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_server_that_does_not_read_fails_the_send() {
    let options = ChannelOptions::default().inbox_bytes(1);
    let app = app_with(ChannelLayer::new(), options).router;
    let mut ana = Client::builder(&app, "/ws/room/lobby?user=ana")
        .timeout(Duration::from_secs(1))
        .connect()
        .await;
    ana.send(&Nap { millis: 60_000 }).await;

    let text = failure(async move {
        for _ in 0..100 {
            let message = "x".repeat(10_000);
            ana.send(&Chat { message }).await;
        }
    })
    .await;

    assert!(
        text.contains("but the server has read nothing for 1s"),
        "{text}"
    );
}
