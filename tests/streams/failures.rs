//! Streams that fail half-way.

use chanx::{Ping, Pong};
use chanx_testing::Until;
use serde_json::{Value, json};

use crate::model::{App, Client, Muse, asked, piece};

/// The frame that ends a stream of two tokens.
async fn last(client: &mut Client, over: &str) -> Value {
    client
        .send_json(asked("stumble", &json!({"over": over}), "7"))
        .await;
    for n in 0..2 {
        assert_eq!(client.receive_json().await, piece(n, "7"));
    }
    client.receive_json().await
}

fn error(payload: &Value) -> Value {
    json!({"action": "error", "payload": payload, "version": 1, "ref": "7"})
}

#[tokio::test]
async fn p39_a_stream_that_fails_ends_with_an_error_as_it_is_rendered() {
    let mut client = App::new().client().await;

    let last = last(&mut client, "client").await;

    assert_eq!(
        last,
        error(&json!({"detail": "rendered: no more", "reason": "tired"}))
    );
    client.request::<Pong>(&Ping).await;
}

#[tokio::test]
async fn p39_of_an_internal_error_the_client_reads_a_neutral_sentence() {
    let mut client = App::new().client().await;
    let neutral = error(&json!({"detail": "Failed to process message for stumble"}));

    assert_eq!(last(&mut client, "internal").await, neutral);
}

#[tokio::test]
async fn p39_a_message_that_is_no_json_ends_its_stream_and_is_counted() {
    let app = App::new();
    let mut client = app.client().await;
    let neutral = error(&json!({"detail": "Failed to process message for stumble"}));

    assert_eq!(last(&mut client, "nan").await, neutral);
    let stats = app.control.stats();
    assert_eq!(stats.channels[0].1.messages_unsendable, 1);
}

#[tokio::test]
async fn p39_a_panic_ends_its_stream_and_the_connection_goes_on() {
    let mut client = App::new().client().await;
    let neutral = error(&json!({"detail": "Failed to process message for stumble"}));

    assert_eq!(last(&mut client, "a stone").await, neutral);
    client.request::<Pong>(&Ping).await;
}

#[tokio::test]
async fn p39_after_a_failure_the_ref_is_free_again() {
    let mut client = App::new().client().await;

    for _ in 0..20 {
        assert_eq!(last(&mut client, "client").await["action"], "error");
    }
}

#[tokio::test]
async fn p39_a_handler_that_fails_before_its_stream_is_answered_by_the_error_alone() {
    let mut client = App::new().client().await;

    client
        .send_json(asked("forbidden", &Value::Null, "7"))
        .await;

    let refused = error(&json!({"detail": "not that", "reason": "forbidden"}));
    assert_eq!(client.receive_json().await, refused);
    client.request::<Pong>(&Ping).await;
}

#[tokio::test(start_paused = true)]
async fn p39_with_completion_frames_on_a_complete_comes_behind_the_error() {
    let mut client = App::new().told_client().await;

    client
        .send_json(asked("stumble", &json!({"over": "client"}), "7"))
        .await;

    let received = client.receive_all(Until::Complete).await;
    let actions: Vec<_> = received.iter().map(|it| it.action()).collect();
    assert_eq!(actions, ["token", "token", "error"]);
    client.receive_nothing().await;
}

#[tokio::test(start_paused = true)]
async fn the_client_sees_nothing_of_a_failure_in_a_stream_of_an_event() {
    for over in ["client", "internal", "a stone"] {
        let app = App::new();
        let mut client = app.told_client().await;

        let over = Some(over.to_owned());
        app.models.event(Muse { over }).await.unwrap();

        let received = client.receive_all(Until::EventComplete).await;
        assert_eq!(received.len(), 2);
        client.receive_nothing().await;
    }
}
