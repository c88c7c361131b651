//! The largest answer to a frame.

use axum::Router;
use chanx::{
    ChannelLayer, ChannelOptions, Channels, Connect, Consumer, HandlerError, Message, channel,
    wire::{ErrorPayload, Violation},
};
use chanx_testing::Communicator;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Finds fault with each word, at length.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
struct Essay {
    words: Vec<String>,
}

impl Message for Essay {
    const ACTION: &'static str = "essay";

    fn validate(&self) -> Result<(), Vec<Violation>> {
        let words = self.words.iter();
        let violations = words.map(|word| Violation::value(word.repeat(100)).at(word.repeat(100)));
        Err(violations.collect())
    }
}

#[derive(Debug, Serialize, Deserialize, JsonSchema, Message)]
struct Number {
    number: u8,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema, Message)]
struct Fail {
    times: usize,
}

#[derive(Debug, Default, Connect, Consumer)]
struct Teacher;

#[channel(name = "teacher")]
impl Teacher {
    #[ws_handler]
    async fn essay(&self, _: Essay) {}

    #[ws_handler]
    async fn number(&self, _: Number) {}

    #[ws_handler]
    async fn fail(&self, fail: Fail) -> Result<(), HandlerError> {
        Err(HandlerError::client("no ".repeat(fail.times)).with_reason("bad"))
    }
}

/// Says more than it was given to say.
#[derive(Debug, Default, Connect)]
struct Talker;

impl Consumer for Talker {
    fn render_error(&self, _: ErrorPayload) -> ErrorPayload {
        let violation = Violation::value("talk ".repeat(1000)).at("k".repeat(1000));
        ErrorPayload::Violations(vec![violation; 1000])
    }
}

#[channel(name = "talker")]
impl Talker {
    #[ws_handler]
    async fn number(&self, _: Number) {}
}

/// A channel's answer to one frame, and its size in bytes.
async fn answer<C: chanx::Channel + Connect<Handshake = ()>>(
    options: ChannelOptions,
    frame: &str,
) -> (Value, usize) {
    let channels: Channels = Channels::new(ChannelLayer::new())
        .route::<C>("/")
        .options(options);
    let mut client = Communicator::<C>::connect(&Router::from(channels), "/").await;
    client.send_text(frame).await;
    let answer: Value = client.receive_json().await;
    assert_eq!(answer["action"], "error");
    let size = answer.to_string().len();
    (answer["payload"].clone(), size)
}

fn essay(words: usize, letters: usize) -> String {
    let words = vec!["w".repeat(letters); words];
    json!({"action": "essay", "payload": {"words": words}}).to_string()
}

#[tokio::test(start_paused = true)]
async fn a_frame_that_breaks_thousands_of_rules_is_answered_in_brief() {
    let frame = essay(12_000, 2);

    let (told, size) = answer::<Teacher>(ChannelOptions::default(), &frame).await;

    assert_eq!(told.as_array().map(Vec::len), Some(21));
    assert_eq!(told[20]["type"], "more_violations");
    assert_eq!(told[20]["loc"], json!(["essay", "payload"]));
    assert_eq!(told[20]["msg"], "11980 more");
    assert!(size < 8 * 1024, "{size}");
}

#[tokio::test(start_paused = true)]
async fn an_answer_is_no_larger_than_a_message_may_be() {
    for max_size in [200, 500, 1000, 16 * 1024] {
        let options = || ChannelOptions::default().max_message_size(max_size);
        let frame = essay(max_size / 60, 50);

        let (told, size) = answer::<Teacher>(options(), &frame).await;
        assert!(size <= max_size, "{size} of {max_size}");
        assert_eq!(told[0]["type"], "value_error");

        let key = "k".repeat(max_size - 100);
        let frame = json!({"action": "number", "payload": {"number": {key: 1}}}).to_string();
        let (_, size) = answer::<Teacher>(options(), &frame).await;
        assert!(size <= max_size, "{size} of {max_size}");

        let frame = r#"{"action":"fail","payload":{"times":100000}}"#;
        let (told, size) = answer::<Teacher>(options(), frame).await;
        assert!(size <= max_size, "{size} of {max_size}");
        assert_eq!(told["reason"], "bad");
        assert!(told["detail"].as_str().unwrap().starts_with("no no no"));

        let frame = r#"{"action":"number"}"#;
        let (told, size) = answer::<Talker>(options(), frame).await;
        assert!(size <= max_size, "{size} of {max_size}");
        assert_eq!(told[0]["type"], "value_error");
    }
}
