//! A client that ends a stream early, and one that is slow.

use std::{sync::atomic::Ordering, time::Duration};

use chanx::{Ping, Pong};
use serde_json::{Value, json};

use crate::model::{App, Prompt, Token, asked, completed, frame, piece, stop};

#[tokio::test]
async fn p39_a_complete_of_the_clients_ends_a_stream_early() {
    let app = App::new();
    let mut client = app.client().await;

    client.send_json(asked("dictate", &Value::Null, "7")).await;
    app.book.pass(1);
    assert_eq!(client.receive_json().await, piece(0, "7"));
    client.send_json(stop("7")).await;

    assert_eq!(frame(&mut client).await, completed("7"));
    app.book.emptied().await;
    client.request::<Pong>(&Ping).await;
}

#[tokio::test]
async fn p39_one_stream_is_ended_and_the_others_go_on() {
    let app = App::new();
    let mut client = app.client().await;

    client.send_json(asked("dictate", &Value::Null, "7")).await;
    client.send_json(asked("dictate", &Value::Null, "8")).await;
    client.send_json(stop("7")).await;
    client.request::<Pong>(&Ping).await;
    app.book.pass(1);

    assert_eq!(client.receive_json().await, piece(0, "8"));
}

#[tokio::test(start_paused = true)]
async fn p39_a_complete_for_a_ref_that_is_not_under_way_is_ignored() {
    let app = App::new();
    let mut client = app.told_client().await;

    client.send_json(stop("7")).await;
    client.collect::<Token>(&Prompt { tokens: Some(1) }).await;
    client.send_json(stop("1")).await;

    client.receive_nothing().await;
}

#[tokio::test(start_paused = true)]
async fn p39_a_complete_without_a_ref_is_an_unknown_action() {
    let mut client = App::new().told_client().await;

    client.send_json(json!({"action": "complete"})).await;

    client.expect_error("union_tag_invalid").await;
}

#[tokio::test(start_paused = true)]
async fn p39_a_slow_client_slows_its_stream_down() {
    let app = App::with(|options| options.outbox_frames(16));
    let mut client = app.told_client().await;

    client.send_json(asked("prompt", &json!({}), "7")).await;
    // Nothing is left to do once the pipe and the outbox are full.
    tokio::time::sleep(Duration::from_millis(1)).await;
    let before = app.book.tokens.load(Ordering::SeqCst);
    tokio::time::sleep(Duration::from_secs(1)).await;

    assert_eq!(app.book.tokens.load(Ordering::SeqCst), before);
    for n in 0..1000 {
        assert_eq!(client.receive_json().await, piece(n, "7"));
    }
    assert!(app.book.tokens.load(Ordering::SeqCst) < before + 2000);
}

#[tokio::test(start_paused = true)]
async fn p39_a_slow_client_ends_its_stream_before_it_has_read_what_waits() {
    let app = App::with(|options| options.outbox_frames(16));
    let mut client = app.told_client().await;

    client.send_json(asked("prompt", &json!({}), "7")).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    client.send_json(stop("7")).await;
    app.book.emptied().await;

    let tokens = app.book.tokens.load(Ordering::SeqCst);
    let mut received = 0;
    loop {
        let frame = frame(&mut client).await;
        if frame["action"] == "complete" {
            assert_eq!(frame, completed("7"));
            break;
        }
        assert_eq!(frame, piece(received, "7"));
        received += 1;
    }
    // One piece was waiting for room.
    assert_eq!(received as usize, tokens - 1);
}
