//! Whatever a client sends, each message is answered once and in order.

use futures_util::SinkExt;
use proptest::{collection::vec, prelude::*};
use tokio_tungstenite::tungstenite::Message;

use crate::support::Server;

/// What a client may send, good and bad.
fn anything() -> impl Strategy<Value = Message> {
    let numbered = (0..100_u32).prop_map(|number| {
        format!(r#"{{"action":"echo","payload":{{"text":"{number}"}},"ref":"{number}"}}"#)
    });
    let shaped = (
        prop_oneof!["echo", "fail", "leaves", "[a-z]{0,3}", ".{0,140}"],
        prop_oneof![
            "null",
            r#"\{"text":"x"\}"#,
            r"\{\}",
            "[0-9\\[\\]{},:\"a]{0,20}"
        ],
        prop_oneof!["null", "1", r#""r""#, "\\[\\]"],
    );
    let shaped = shaped.prop_map(|(action, payload, reference)| {
        format!(r#"{{"action":"{action}","payload":{payload},"ref":{reference}}}"#)
    });
    let nested = (0..200_usize).prop_map(|depth| "[".repeat(depth) + &"]".repeat(depth));
    prop_oneof![
        4 => numbered.prop_map(Message::text),
        4 => shaped.prop_map(Message::text),
        1 => nested.prop_map(Message::text),
        1 => ".{0,40}".prop_map(Message::text),
        1 => vec(any::<u8>(), 0..40).prop_map(Message::binary),
        1 => vec(any::<u8>(), 0..125).prop_map(|bytes| Message::Ping(bytes.into())),
        1 => vec(any::<u8>(), 0..125).prop_map(|bytes| Message::Pong(bytes.into())),
    ]
}

async fn converse(frames: Vec<Message>) {
    let server = Server::new();
    let mut client = server.connect().await;
    let asked = |frame: &&Message| frame.is_text() || frame.is_binary();
    let messages = frames.iter().filter(asked).count();
    for frame in &frames {
        client.0.feed(frame.clone()).await.unwrap();
    }
    client
        .send("echo", serde_json::json!({"text": "the last"}))
        .await;

    for frame in frames.iter().filter(asked) {
        let answer = client.message().await;
        let text = frame.to_text().unwrap_or_default();
        if answer["action"] == "echo" {
            assert!(text.contains("echo"), "{text} is answered with {answer}");
        } else {
            assert_eq!(answer["action"], "error", "{text}");
        }
        if let Some(reference) = answer["ref"].as_str() {
            assert!(text.contains(reference), "{text} is answered with {answer}");
        }
    }
    let last = client.message().await;
    assert_eq!(last["payload"]["text"], "the last", "{messages} messages");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn each_message_is_answered_once(frames in vec(anything(), 0..60)) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .start_paused(true)
            .build()
            .unwrap();
        runtime.block_on(converse(frames));
    }
}
