//! Failures where something else comes than a stop, silence, an error or the end.

use std::time::Duration;

use chanx::Ping;
use chanx_testing::Until;
use tokio::net::TcpListener;

use super::{Client, connect, failure, starts_at};
use crate::room::{Crash, Fail, Nap, Recite, app};

#[tokio::test(start_paused = true)]
async fn a_stop_that_never_comes_lists_everything() {
    let mut ana = connect().await;
    ana.send(&Recite { lines: 2 }).await;
    let line = line!() + 2;
    let text = failure(async move {
        ana.receive_all(Until::Action("pong")).await;
    })
    .await;

    assert!(starts_at(&text, file!(), line), "{text}");
    assert!(
        text.contains("expected `pong`, received nothing for 5s"),
        "{text}"
    );
    assert!(text.contains("before that came 2:\n\n{"), "{text}");
    assert!(text.contains(r#""message": "1""#), "{text}");
    assert!(text.contains(r#""message": "2""#), "{text}");
}

#[tokio::test(start_paused = true)]
async fn a_handler_that_is_never_done_is_not_complete() {
    let mut ana = connect().await;
    ana.send(&Nap { millis: 60_000 }).await;

    let text = failure(async move {
        ana.receive_all(Until::Complete).await;
    })
    .await;

    assert!(
        text.contains("expected `complete` for each message sent, received nothing for 5s"),
        "{text}"
    );
    assert!(text.contains("before that came no message"), "{text}");
}

#[tokio::test(start_paused = true)]
async fn a_message_in_silence_fails() {
    let mut ana = connect().await;
    ana.send(&Ping).await;
    let line = line!() + 2;
    let text = failure(async move {
        ana.receive_nothing().await;
    })
    .await;

    assert!(starts_at(&text, file!(), line), "{text}");
    assert!(text.contains("expected nothing, received `pong`"), "{text}");
}

#[tokio::test]
async fn another_error_fails() {
    let mut ana = connect().await;
    ana.send(&Fail).await;
    let line = line!() + 2;
    let text = failure(async move {
        ana.expect_error("rate_limited").await;
    })
    .await;

    assert!(starts_at(&text, file!(), line), "{text}");
    assert!(
        text.contains(r#"expected `error` with "rate_limited", received `error`"#),
        "{text}"
    );
}

#[tokio::test]
async fn a_message_before_the_close_fails() {
    let mut ana = connect().await;
    ana.send(&Crash).await;
    let line = line!() + 2;
    let text = failure(async move {
        ana.closed().await;
    })
    .await;

    assert!(starts_at(&text, file!(), line), "{text}");
    assert!(
        text.contains("expected the connection to close, received `error`"),
        "{text}"
    );
}

#[tokio::test]
async fn completion_frames_that_cannot_come_are_explained() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let app = app()
        .router
        .into_make_service_with_connect_info::<std::net::SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, app).await });
    let url = format!("ws://{address}/ws/room/lobby?user=ana");
    let mut ana = Client::builder_at(&url)
        .timeout(Duration::from_millis(100))
        .connect()
        .await;
    ana.send(&Ping).await;

    let text = failure(async move {
        ana.receive_all(Until::Complete).await;
    })
    .await;

    assert!(
        text.contains("`ChannelOptions::completion_frames(true)`"),
        "{text}"
    );
}
