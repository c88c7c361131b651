//! The frames of a stream, and their order.

use chanx::{Ping, Pong};
use chanx_testing::Until;
use serde_json::{Value, json};

use crate::model::{App, Dictate, Guess, Muse, Prompt, Token, asked, completed, frame, piece};

#[tokio::test]
async fn p39_each_piece_carries_the_ref_and_a_complete_is_the_last() {
    let mut client = App::new().client().await;

    client
        .send_json(asked("prompt", &json!({"tokens": 3}), "7"))
        .await;

    for n in 0..3 {
        assert_eq!(frame(&mut client).await, piece(n, "7"));
    }
    assert_eq!(frame(&mut client).await, completed("7"));
}

#[tokio::test]
async fn p39_a_stream_of_nothing_is_complete_at_once() {
    let mut client = App::new().client().await;

    client
        .send_json(asked("prompt", &json!({"tokens": 0}), "7"))
        .await;

    assert_eq!(frame(&mut client).await, completed("7"));
}

#[tokio::test]
async fn p39_a_handler_that_may_stream_and_has_nothing_to_send_completes_at_once() {
    let mut client = App::new().client().await;

    client
        .send_json(asked("guess", &json!({"knows": false}), "7"))
        .await;
    client
        .send_json(asked("guess", &json!({"knows": true}), "8"))
        .await;

    assert_eq!(frame(&mut client).await, completed("7"));
    assert_eq!(frame(&mut client).await, piece(7, "8"));
    assert_eq!(frame(&mut client).await, completed("8"));
}

#[tokio::test]
async fn p39_without_a_ref_the_pieces_carry_none_and_no_complete_comes() {
    let mut client = App::new().client().await;

    client.send(&Prompt { tokens: Some(2) }).await;
    client.send(&Guess { knows: false }).await;
    client.send(&Ping).await;

    let mut frames = Vec::new();
    for _ in 0..3 {
        frames.push(frame(&mut client).await);
    }
    frames.sort_by_key(ToString::to_string);
    let token = |n: f64| json!({"action": "token", "payload": {"n": n}});
    let pong = json!({"action": "pong", "payload": null});
    assert_eq!(frames, [pong, token(0.0), token(1.0)]);
}

#[tokio::test]
async fn p39_other_messages_are_handled_while_a_stream_is_under_way() {
    let app = App::new();
    let mut client = app.client().await;

    client.send_json(asked("dictate", &Value::Null, "7")).await;
    app.book.pass(1);
    assert_eq!(frame(&mut client).await, piece(0, "7"));
    client.request::<Pong>(&Ping).await;
    app.book.pass(1);

    assert_eq!(frame(&mut client).await, piece(1, "7"));
}

#[tokio::test]
async fn p39_several_streams_are_under_way_at_once() {
    let app = App::new();
    let mut client = app.client().await;

    client
        .send_json(asked("dictate", &Value::Null, "held"))
        .await;
    client
        .send_json(asked("prompt", &json!({"tokens": 1}), "7"))
        .await;

    assert_eq!(frame(&mut client).await, piece(0, "7"));
    assert_eq!(frame(&mut client).await, completed("7"));
    app.book.pass(1);
    assert_eq!(frame(&mut client).await, piece(0, "held"));
}

#[tokio::test(start_paused = true)]
async fn p39_with_completion_frames_on_one_complete_comes_at_the_end_of_the_stream() {
    let app = App::new();
    let mut client = app.told_client().await;

    client.send(&Dictate).await;
    app.book.pass(1);
    assert_eq!(frame(&mut client).await["action"], "token");
    client.receive_nothing().await;

    client.send(&Prompt { tokens: Some(1) }).await;
    client
        .send_json(asked("guess", &json!({"knows": false}), "8"))
        .await;

    let mut frames = Vec::new();
    for _ in 0..3 {
        frames.push(frame(&mut client).await);
    }
    frames.sort_by_key(ToString::to_string);
    let complete = json!({"action": "complete", "payload": null});
    let token = json!({"action": "token", "payload": {"n": 0.0}});
    assert_eq!(frames, [completed("8"), complete, token]);
    client.receive_nothing().await;
}

#[tokio::test(start_paused = true)]
async fn p39_a_communicator_collects_a_stream() {
    let app = App::new();
    let mut client = app.told_client().await;

    client.send(&Ping).await;
    let tokens = client.collect::<Token>(&Prompt { tokens: Some(100) }).await;

    assert_eq!(tokens.len(), 100);
    assert!(tokens.is_sorted_by(|one, other| one.n < other.n));
    assert_eq!(client.receive::<Pong>().await, Pong);
    assert_eq!(client.collect::<Token>(&Guess { knows: false }).await, []);
}

#[tokio::test(start_paused = true)]
async fn a_handler_of_events_streams_to_the_client_as_well() {
    let app = App::new();
    let mut client = app.told_client().await;

    app.models.event(Muse { over: None }).await.unwrap();

    let received = client.receive_all(Until::EventComplete).await;
    assert_eq!(received.len(), 2);
    assert!(received.iter().all(|token| token.reference().is_none()));
}
