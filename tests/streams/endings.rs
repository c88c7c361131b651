//! The end of a stream with its connection.

use std::sync::atomic::Ordering;

use chanx_testing::Frame;
use serde_json::{Value, json};

use crate::model::{App, Client, asked, piece};

/// A client with one stream that has begun and one that waits.
async fn with_streams(app: &App) -> Client {
    let mut client = app.told_client().await;
    client.send_json(asked("dictate", &Value::Null, "7")).await;
    app.book.pass(1);
    assert_eq!(client.receive_json().await, piece(0, "7"));
    client
}

#[tokio::test(start_paused = true)]
async fn p39_a_stream_ends_with_a_client_that_closes() {
    let app = App::new();
    let client = with_streams(&app).await;

    client.close(1000).await;

    app.book.emptied().await;
}

#[tokio::test(start_paused = true)]
async fn p39_a_stream_ends_with_a_client_that_is_lost() {
    let app = App::new();

    drop(with_streams(&app).await);

    app.book.emptied().await;
}

#[tokio::test(start_paused = true)]
async fn p39_a_stream_ends_with_a_kick() {
    let app = App::new();
    let mut client = with_streams(&app).await;

    app.models.user("ann").close(4000, "go").await.unwrap();

    app.book.emptied().await;
    assert_eq!(client.closed().await.code, 4000);
}

#[tokio::test(start_paused = true)]
async fn p39_a_stream_keeps_no_shutdown_waiting() {
    let app = App::new();
    let mut client = with_streams(&app).await;
    let began = tokio::time::Instant::now();

    let (report, ()) = tokio::join!(app.control.shutdown(), async {
        assert_eq!(client.closed().await.code, 1001);
    });

    assert_eq!(report.cut, 0);
    assert!(began.elapsed() < std::time::Duration::from_secs(5));
    app.book.emptied().await;
}

#[tokio::test(start_paused = true)]
async fn p39_a_stream_that_outruns_its_client_keeps_no_shutdown_waiting() {
    let app = App::with(|options| options.outbox_frames(16));
    let mut client = app.told_client().await;
    client.send_json(asked("prompt", &json!({}), "7")).await;
    client.receive_json().await;

    let (report, ()) = tokio::join!(app.control.shutdown(), async {
        while !matches!(client.receive_frame().await, Frame::Close(_)) {}
    });

    assert_eq!(report.cut, 0);
    app.book.emptied().await;
}

#[tokio::test(start_paused = true)]
async fn p39_a_stream_that_is_asked_for_at_the_very_end_is_dropped() {
    let app = App::new();
    let mut client = app.told_client().await;

    client.send_json(asked("prompt", &json!({}), "7")).await;
    client.send_frame(Frame::Close(None)).await;

    while app.control.stats().connections() > 0 {
        tokio::task::yield_now().await;
    }
    app.book.emptied().await;
    assert!(app.book.tokens.load(Ordering::SeqCst) < 1000);
}
