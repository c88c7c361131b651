//! Frames that look as if they had an action and a payload and no more, and what they are.

use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use bytes::Bytes;
use chanx::{
    ChannelLayer, Channels, Connect, Consumer, Message, MessageSet, channel,
    describe::MessageDescription,
    wire::{EncodeError, Encoder, InvalidPayload, Payload},
};
use chanx_testing::Communicator;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Value, json};

use crate::{desk::answer, logs::Log};

#[tokio::test(start_paused = true)]
async fn p05_a_ref_is_found_wherever_it_stands() {
    let frame = r#"{"action":"say","payload":{"text":"x"},"ref":"7","y":{}}"#;

    assert_eq!(
        answer(frame).await,
        json!({"action": "said", "payload": {"text": "x"}, "version": 1, "ref": "7"})
    );
}

#[tokio::test(start_paused = true)]
async fn p06_a_version_is_found_wherever_it_stands() {
    let frame = r#"{"action":"say","payload":{"text":"x"},"version":2,"y":{}}"#;

    let answer = answer(frame).await;

    assert_eq!(answer["payload"]["reason"], "unsupported_version");
}

#[tokio::test(start_paused = true)]
async fn p07_of_two_payloads_the_last_counts() {
    let frame = r#"{"action":"say","payload":{"text":"x"},"payload":{"text":"y"}}"#;

    assert_eq!(answer(frame).await["payload"], json!({"text": "y"}));
}

#[tokio::test(start_paused = true)]
async fn p09_what_is_no_json_is_no_message_and_no_unknown_action() {
    for frame in [
        r#"{"action":"say","payload":{"text":"x"}]}"#,
        r#"{"action":"say","payload":{"text":"x"}"#,
        r#"{"action":"nobody's","payload":{"text":}}"#,
    ] {
        let answer = answer(frame).await;

        assert_eq!(answer["payload"][0]["type"], "json_invalid", "{frame}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_message_is_logged_as_received_once_and_with_its_own_payload() {
    let log = Log::default();
    let _listening = log.listen();

    answer(r#"{"action":"say","payload":{"text":"x"},"ref":"7","y":{}}"#).await;
    answer(r#"{"action":"say","payload":{"text":"z"}}"#).await;

    assert_eq!(log.lines("received").len(), 2);
    let payloads = log.lines(r#"payload="{"#);
    assert_eq!(payloads.len(), 2, "{payloads:?}");
    assert!(
        payloads[0].contains(r#""{\"text\":\"x\"}""#),
        "{payloads:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_message_is_traced_once_and_what_is_no_json_not_at_all() {
    let log = Log::default();
    let _listening = log.listen_to_spans();

    answer(r#"{"action":"say","payload":{"text":"x"},"y":{}}"#).await;
    answer(r#"{"action":"say","payload":{"text":"z"}}"#).await;
    answer(r#"{"action":"say","payload":{"text":"w"}]}"#).await;

    let spans = log.lines("message{action=say}");
    assert_eq!(
        spans.iter().filter(|line| line.ends_with(" new")).count(),
        2,
        "{spans:?}"
    );
}

/// Anything at all.
#[derive(Debug, Default, Serialize, Deserialize, JsonSchema, Message)]
struct Note;

/// A note, whatever it says: no payload is ever looked at.
struct Unread;

/// A note as it was written.
struct Written(String);

impl MessageSet for Unread {
    const ACTIONS: &'static [&'static str] = Note::ACTIONS;

    fn decode(_: &str, _: Payload<'_>) -> Result<Self, InvalidPayload> {
        Ok(Self)
    }

    fn encode(&self, encoder: Encoder<'_>) -> Result<Bytes, EncodeError> {
        Note.encode(encoder)
    }

    fn describe(messages: &mut Vec<MessageDescription>) {
        <Note as MessageSet>::describe(messages);
    }
}

impl MessageSet for Written {
    const ACTIONS: &'static [&'static str] = &["written"];

    fn decode(_: &str, payload: Payload<'_>) -> Result<Self, InvalidPayload> {
        Ok(Self(payload.json().unwrap_or("nothing").to_owned()))
    }

    fn encode(&self, encoder: Encoder<'_>) -> Result<Bytes, EncodeError> {
        encoder.message("written", &self.0)
    }

    fn describe(_: &mut Vec<MessageDescription>) {}
}

/// A message that can say what is not read without a panic.
#[derive(Debug, Serialize, JsonSchema, Message)]
struct Cursed;

/// How often that has been read.
static CURSES: AtomicUsize = AtomicUsize::new(0);

impl<'de> Deserialize<'de> for Cursed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let read = Value::deserialize(deserializer)?;
        if read != json!(["cursed"]) {
            return Ok(Self);
        }
        CURSES.fetch_add(1, Ordering::Relaxed);
        panic!("as asked for");
    }
}

#[derive(Default, Connect, Consumer)]
struct Pad;

#[channel(name = "pad")]
impl Pad {
    #[ws_handler]
    async fn unread(&mut self, note: Unread) -> Unread {
        note
    }

    #[ws_handler]
    async fn written(&mut self, note: Written) -> Written {
        note
    }

    #[ws_handler]
    async fn cursed(&mut self, _: Cursed) {}
}

async fn answer_of_pad(frame: &str) -> Value {
    let app = Router::from(Channels::new(ChannelLayer::new()).route::<Pad>("/pad"));
    let mut client = Communicator::<Pad>::connect(&app, "/pad").await;
    client.send_text(frame).await;
    client.receive_json().await
}

#[tokio::test(start_paused = true)]
async fn a_message_that_reads_no_payload_is_handled_if_its_frame_is_json() {
    let handled = answer_of_pad(r#"{"action":"note","payload":{"any":"thing"}}"#).await;
    let with_ref = answer_of_pad(r#"{"action":"note","payload":{},"ref":"7","x":{}}"#).await;
    let refused = answer_of_pad(r#"{"action":"note","payload":{"any":}}"#).await;

    assert_eq!(handled, json!({"action": "note", "payload": null}));
    assert_eq!(with_ref["ref"], "7");
    assert_eq!(refused["payload"][0]["type"], "json_invalid");
}

#[tokio::test(start_paused = true)]
async fn a_message_that_keeps_its_json_has_its_own_and_no_more() {
    let handled = answer_of_pad(r#"{"action":"written","payload":{"a": 1}}"#).await;
    let with_ref = answer_of_pad(r#"{"action":"written","payload":{},"ref":"7","x":{}}"#).await;
    let refused = answer_of_pad(r#"{"action":"written","payload":{"any":}}"#).await;

    assert_eq!(handled["payload"], r#"{"a": 1}"#);
    assert_eq!(with_ref["payload"], "{}");
    assert_eq!(with_ref["ref"], "7");
    assert_eq!(refused["payload"][0]["type"], "json_invalid");
}

#[tokio::test(start_paused = true)]
async fn a_message_that_panics_as_it_is_read_is_read_once() {
    let answer = answer_of_pad(r#"{"action":"cursed","payload":["cursed"]}"#).await;

    assert_eq!(answer["action"], "error");
    assert_eq!(CURSES.load(Ordering::Relaxed), 1);
}
