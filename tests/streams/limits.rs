//! The number of streams at once, and their `ref`s.

use chanx::{Ping, RateLimit};
use serde_json::{Value, json};

use crate::model::{App, Dictate, Muse, asked, completed, frame, piece, stop};

#[tokio::test(start_paused = true)]
async fn p39_a_request_whose_ref_is_under_way_is_refused_without_the_ref() {
    let app = App::new();
    let mut client = app.told_client().await;
    client.send_json(asked("dictate", &Value::Null, "7")).await;

    client.send_json(asked("ping", &Value::Null, "7")).await;

    let refused = json!({
        "action": "error",
        "payload": {
            "detail": "a stream that is under way has this ref",
            "reason": "ref_in_use",
            "ref": "7",
        },
    });
    assert_eq!(client.receive_json().await, refused);
    app.book.pass(1);
    assert_eq!(client.receive_json().await, piece(0, "7"));
}

#[tokio::test(start_paused = true)]
async fn p39_what_cannot_be_read_is_refused_likewise_where_its_ref_is_under_way() {
    let app = App::new();
    let mut client = app.told_client().await;
    client.send_json(asked("dictate", &Value::Null, "7")).await;

    for unreadable in [
        json!({"ref": "7"}),
        json!({"action": "dance", "ref": "7"}),
        json!({"action": "prompt", "payload": 7, "ref": "7"}),
    ] {
        client.send_json(unreadable).await;
        let refused = client.expect_error("ref_in_use").await;
        assert_eq!(refused.reference(), None);
    }
}

#[tokio::test(start_paused = true)]
async fn p39_a_ref_is_free_again_once_its_stream_is_complete() {
    let app = App::new();
    let mut client = app.told_client().await;

    for _ in 0..3 {
        client
            .send_json(asked("prompt", &json!({"tokens": 1}), "7"))
            .await;
        assert_eq!(client.receive_json().await, piece(0, "7"));
        assert_eq!(frame(&mut client).await, completed("7"));
    }
}

#[tokio::test(start_paused = true)]
async fn p39_a_connection_has_at_most_16_streams() {
    let app = App::new();
    let mut client = app.told_client().await;

    for n in 0..17 {
        client
            .send_json(asked("dictate", &Value::Null, &n.to_string()))
            .await;
    }

    let refused = client.expect_error("too_many_streams").await;
    assert_eq!(refused.reference(), Some("16"));
    client.send_json(stop("3")).await;
    client.send_json(asked("dictate", &Value::Null, "17")).await;
    app.book.pass(100);
    client.receive_all(chanx_testing::Until::Count(100)).await;
}

#[tokio::test(start_paused = true)]
async fn p39_streams_without_a_ref_and_of_events_count_as_well() {
    let app = App::new();
    let mut client = app.told_client().await;

    for _ in 0..16 {
        client.send(&Dictate).await;
    }
    client.send(&Dictate).await;
    client.expect_error("too_many_streams").await;

    app.models.event(Muse { over: None }).await.unwrap();
    client.receive_nothing().await;
}

#[tokio::test(start_paused = true)]
async fn p39_another_connection_has_streams_of_its_own() {
    let app = App::new();
    let mut one = app.told_client().await;
    let mut other = app.told_client().await;
    for n in 0..16 {
        one.send_json(asked("dictate", &Value::Null, &n.to_string()))
            .await;
    }

    other
        .send_json(asked("prompt", &json!({"tokens": 1}), "0"))
        .await;

    assert_eq!(other.receive_json().await, piece(0, "0"));
}

#[tokio::test(start_paused = true)]
async fn p39_a_stream_is_stopped_whatever_the_rate() {
    let app = App::with(|options| options.rate_limit(RateLimit::per_second(1)));
    let mut client = app.told_client().await;
    client.send_json(asked("dictate", &Value::Null, "7")).await;
    app.book.pass(1);
    assert_eq!(client.receive_json().await, piece(0, "7"));

    client.send_json(stop("7")).await;
    app.book.emptied().await;

    client.send(&Ping).await;
    assert_eq!(frame(&mut client).await, completed("7"));
    client.expect_error("rate_limited").await;
}
