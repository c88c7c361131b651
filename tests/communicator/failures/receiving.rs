//! Failures where another message comes, or none.

use chanx::{Ping, Pong};
use serde_json::json;

use super::{connect, failure, starts_at};
use crate::room::{ChatNotification, Evict, Fail, Recite, Stranger};

#[tokio::test(start_paused = true)]
async fn the_line_what_was_expected_and_what_came_instead() {
    let mut ana = connect().await;
    ana.send(&Fail).await;
    let line = line!() + 2;
    let text = failure(async move {
        ana.receive::<Pong>().await;
    })
    .await;

    assert!(starts_at(&text, file!(), line), "{text}");
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

channel `room` accepts `chat`, `ping`, `recite`, `nap`, `fail`, `break`, `crash`, `evict`, `note`, `whoami`, `enter`, `leave`; it sends `pong`, `chat_notification`, `visitor`, `payment_notice`"#
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

    assert!(starts_at(&text, file!(), line), "{text}");
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
        author: u32,
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

    assert!(starts_at(&text, file!(), line), "{text}");
    assert!(
        text.contains("expected `chat_notification`, received `pong`\n\n{"),
        "{text}"
    );
}
