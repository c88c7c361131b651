//! The order in which a client gets what is answered, sent and published, and when.

use std::time::Duration;

use chanx::ChannelOptions;
use futures_util::SinkExt;
use serde_json::{Value, json};
use tokio::{io::DuplexStream, time::timeout};
use tokio_tungstenite::tungstenite::Message;

use crate::support::{Client, Server, settle};

/// More than the pipe to a client takes.
const LONG: usize = 20_000;

/// The actions and numbers of so many messages.
async fn heard(client: &mut Client<DuplexStream>, messages: usize) -> Vec<(String, Value)> {
    let mut heard = Vec::new();
    for _ in 0..messages {
        let message = client.message().await;
        let action = message["action"].as_str().unwrap().to_owned();
        heard.push((action, message["payload"]["number"].clone()));
    }
    heard
}

#[tokio::test(start_paused = true)]
async fn what_a_handler_sends_publishes_and_answers_comes_in_that_order() {
    const TIMES: usize = 20;
    for (bytes, yields) in [(0, false), (0, true), (LONG, false), (LONG, true)] {
        let server = Server::with(ChannelOptions::default().completion_frames(true));
        let mut client = server.connect().await;
        for time in 0..TIMES {
            let asked = json!({"first": 4 * time, "bytes": bytes, "yields": yields});
            client.send("mixed", asked).await;
        }
        // All that can be done before the client reads has been done.
        settle().await;

        let heard = heard(&mut client, 6 * TIMES).await;

        let expected = (0..TIMES).flat_map(|time| {
            [
                ("line", json!(4 * time)),
                ("line", json!(4 * time + 1)),
                ("group_complete", Value::Null),
                ("line", json!(4 * time + 2)),
                ("line", json!(4 * time + 3)),
                ("complete", Value::Null),
            ]
        });
        let expected = expected.map(|(action, number)| (action.to_owned(), number));
        assert_eq!(heard, expected.collect::<Vec<_>>(), "{bytes} {yields}");
        settle().await;
        let (_, stats) = server.control.stats().channels[0];
        assert_eq!(stats.frames_out, 6 * TIMES as u64);
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_goes_on_as_soon_as_a_slow_client_reads() {
    let server = Server::new();
    let mut client = server.connect().await;
    for _ in 0..3 {
        let text = "x".repeat(3 * LONG);
        client.send("echo", json!({"text": text})).await;
        settle().await;

        // Before any ping, which would have it written too.
        let answer = timeout(Duration::from_secs(1), client.message()).await;

        assert_eq!(answer.expect("it is written")["payload"]["text"], text);
    }
}

#[tokio::test(start_paused = true)]
async fn answers_come_before_the_end_that_the_next_message_brings() {
    for (action, payload, actions, code) in [
        ("crash", Value::Null, &["echo", "echo", "error"][..], 1011),
        ("leave", json!({"code": 4000}), &["echo", "echo"], 4000),
    ] {
        for bytes in [1, LONG] {
            let server = Server::new();
            let mut client = server.connect().await;
            let echo = json!({"action": "echo", "payload": {"text": "x".repeat(bytes)}});
            let last = json!({"action": action, "payload": payload});
            for message in [&echo, &echo, &last] {
                let message = Message::text(message.to_string());
                client.0.feed(message).await.unwrap();
            }
            client.0.flush().await.unwrap();
            settle().await;

            let heard = heard(&mut client, actions.len()).await;

            let heard: Vec<_> = heard.iter().map(|(action, _)| action).collect();
            assert_eq!(heard, actions);
            assert_eq!(client.closed().await, code);
        }
    }
}
