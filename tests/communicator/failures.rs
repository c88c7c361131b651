//! What a test is told when it fails.

use std::{future::Future, time::Duration};

use axum::{
    extract::Request,
    http::StatusCode,
    middleware::{self, Next},
};
use chanx::{MemoryLayer, Options, Ping, Pong};
use chanx_testing::{Communicator, Until};
use serde_json::json;
use tokio::net::TcpListener;

use crate::room::{
    Chat, ChatNotification, Crash, Evict, Fail, Nap, Note, Recite, Room, Stranger, app, app_with,
};

type Client = Communicator<Room>;

async fn connect() -> Client {
    Client::connect(&app().router, "/ws/room/lobby?user=ana").await
}

/// The text that a test fails with.
async fn failure(test: impl Future<Output = ()> + Send + 'static) -> String {
    let panic = tokio::spawn(test).await.unwrap_err().into_panic();
    *panic.downcast::<String>().unwrap()
}

/// Where a test of this file fails, in a column that does not matter.
fn starts_at(text: &str, line: u32) -> bool {
    text.starts_with(&format!("{}:{line}:", file!()))
}

#[tokio::test(start_paused = true)]
async fn the_line_what_was_expected_and_what_came_instead() {
    let mut ana = connect().await;
    ana.send(&Fail).await;
    let line = line!() + 2;
    let text = failure(async move {
        ana.receive::<Pong>().await;
    })
    .await;

    assert!(starts_at(&text, line), "{text}");
    let (_, text) = text.split_once(": ").unwrap();
    assert_eq!(
        text,
        r#"expected `pong`, received `error`

{
  "action": "error",
  "payload": {
    "detail": "room is full",
    "reason": "room_full"
  }
}

the last frames of the connection:
  sent      {"action":"fail","payload":null}
  received  {"action":"error","payload":{"detail":"room is full","reason":"room_full"}}

channel `room` accepts `chat`, `ping`, `recite`, `nap`, `fail`, `crash`, `evict`, `note`, `whoami`, `enter`, `leave`; it sends `pong`, `chat_notification`, `visitor`, `payment_notice`"#
    );
}

#[tokio::test(start_paused = true)]
async fn nothing_is_told_with_how_long_it_took() {
    let mut ana = connect().await;
    let line = line!() + 2;
    let text = failure(async move {
        ana.receive::<Pong>().await;
    })
    .await;

    assert!(starts_at(&text, line), "{text}");
    assert!(
        text.contains("expected `pong`, received nothing for 5s\n"),
        "{text}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_close_is_told_with_code_and_reason() {
    let mut ana = connect().await;
    let reason = "enough".to_owned();
    ana.send(&Evict { code: 4001, reason }).await;

    let text = failure(async move {
        ana.receive_json().await;
    })
    .await;

    assert!(
        text.contains(r#"expected a message, but the connection closed: 4001 "enough""#),
        "{text}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_payload_that_does_not_fit_is_told_with_why() {
    let mut ana = connect().await;
    ana.send(&Recite { lines: 1 }).await;

    #[derive(Debug, serde::Serialize, serde::Deserialize, schemars::JsonSchema, chanx::Message)]
    #[message(action = "chat_notification")]
    struct Other {
        from: u32,
    }
    let text = failure(async move {
        ana.receive::<Other>().await;
    })
    .await;

    assert!(
        text.contains("received `chat_notification`, but its payload does not fit\n"),
        "{text}"
    );
    assert!(text.contains(r#""type": "int_type""#), "{text}");
}

#[tokio::test(start_paused = true)]
async fn a_message_that_is_not_sent_here_is_told_with_those_that_are() {
    let mut ana = connect().await;
    ana.send(&Ping).await;

    let text = failure(async move {
        ana.receive::<Stranger>().await;
    })
    .await;

    assert!(
        text.contains("expected `stranger`, received `pong`"),
        "{text}"
    );
    assert!(
        text.contains("it sends `pong`, `chat_notification`"),
        "{text}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_stop_that_never_comes_lists_everything() {
    let mut ana = connect().await;
    ana.send(&Recite { lines: 2 }).await;
    let line = line!() + 2;
    let text = failure(async move {
        ana.receive_all(Until::Action("pong")).await;
    })
    .await;

    assert!(starts_at(&text, line), "{text}");
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

    assert!(starts_at(&text, line), "{text}");
    assert!(text.contains("expected nothing, received `pong`"), "{text}");
}

#[tokio::test]
async fn a_request_without_a_reply_fails_at_once() {
    let mut ana = connect().await;
    let line = line!() + 2;
    let text = failure(async move {
        ana.request::<Pong>(&Note).await;
    })
    .await;

    assert!(starts_at(&text, line), "{text}");
    assert!(
        text.contains("expected `pong` in reply, received `complete`"),
        "{text}"
    );
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

    assert!(starts_at(&text, line), "{text}");
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

    assert!(starts_at(&text, line), "{text}");
    assert!(
        text.contains("expected the connection to close, received `error`"),
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

    assert!(starts_at(&text, line), "{text}");
    assert!(
        text.contains("expected to send a frame, but the connection has closed: 4001"),
        "{text}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_server_that_does_not_read_fails_the_send() {
    let options = Options::default().inbox_bytes(1);
    let app = app_with(MemoryLayer::new().into(), options).router;
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

#[tokio::test]
async fn reading_as_another_message_fails_with_the_frame() {
    let mut ana = connect().await;
    ana.send_json(json!({"action": "ping"})).await;
    let received = ana.receive_any().await;
    let line = line!() + 2;
    let text = failure(async move {
        let _ = received.parse::<ChatNotification>();
    })
    .await;

    assert!(starts_at(&text, line), "{text}");
    assert!(
        text.contains("expected `chat_notification`, received `pong`\n\n{"),
        "{text}"
    );
}

#[tokio::test]
async fn a_refusal_fails_with_status_and_body() {
    let app = app().router;
    let line = line!() + 2;
    let text = failure(async move {
        Client::connect(&app, "/ws/room/lobby").await;
    })
    .await;

    assert!(starts_at(&text, line), "{text}");
    let told = "the handshake was refused with 401 Unauthorized: who are you?";
    assert!(text.ends_with(told), "{text}");
}

#[tokio::test]
async fn an_application_that_panics_in_the_handshake_is_told_apart() {
    async fn broken(_: Request, _: Next) -> StatusCode {
        panic!("on purpose")
    }
    let app = app().router.layer(middleware::from_fn(broken));
    let line = line!() + 2;
    let text = failure(async move {
        Client::connect(&app, "/ws/room/lobby?user=ana").await;
    })
    .await;

    assert!(starts_at(&text, line), "{text}");
    assert!(
        text.contains("a middleware or an extractor panics"),
        "{text}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_connected_that_does_not_return_is_told() {
    let app = app().router;
    let line = line!() + 4;
    let text = failure(async move {
        Client::builder(&app, "/ws/room/hall?user=ana")
            .timeout(Duration::from_secs(1))
            .connect()
            .await;
    })
    .await;

    assert!(starts_at(&text, line), "{text}");
    assert!(
        text.contains("`connected` has not returned for 1s"),
        "{text}"
    );
}

#[tokio::test]
async fn nobody_at_an_address_is_told() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);

    let text = failure(async move {
        Client::connect_at(&format!("ws://{address}/ws")).await;
    })
    .await;

    assert!(
        text.contains(&format!("nobody answers at {address}")),
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
        text.contains("`Options::completion_frames(true)`"),
        "{text}"
    );
}

#[test]
#[should_panic(expected = "`ws/room` is not a path: it starts with `/`")]
fn a_path_starts_with_a_slash() {
    let _ = Client::builder(&app().router, "ws/room");
}

#[test]
#[should_panic(expected = "`127.0.0.1:8000/ws` is not an address")]
fn an_address_has_a_scheme() {
    let _ = Client::builder_at("127.0.0.1:8000/ws");
}
