//! Frames that are nearly JSON, and nearly messages: each is answered as it is where its
//! beginning is written in a way in which nothing is guessed of it.

use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap},
};

use axum::Router;
use chanx::{ChannelLayer, ChannelOptions, Channels, Connect, Consumer, Message, channel};
use chanx_testing::{Communicator, Frame};
use proptest::{collection::vec, prelude::*, sample::select};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// Whatever lies in its own object beside what it knows.
#[derive(Debug, Serialize, Deserialize, JsonSchema, Message)]
struct Flat {
    id: Option<u8>,
    #[serde(flatten)]
    rest: Rest,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
enum Rest {
    Pair { a: f32, b: Option<bool> },
    Any(BTreeMap<String, serde_json::Value>),
}

/// Numbers at the ends of their types.
#[derive(Debug, Serialize, Deserialize, JsonSchema, Message)]
#[serde(deny_unknown_fields)]
struct Numbers {
    #[serde(default)]
    wide: i128,
    #[serde(default)]
    unsigned: Vec<u64>,
    #[serde(default)]
    float: Option<f64>,
    #[serde(default)]
    short: f32,
    #[serde(default)]
    keys: BTreeMap<i16, ()>,
}

/// JSON that is kept as it was written.
#[derive(Debug, Serialize, Deserialize, JsonSchema, Message)]
struct Raw {
    #[schemars(with = "serde_json::Value")]
    raw: Box<RawValue>,
    #[serde(default)]
    text: Cow<'static, str>,
}

/// One of several things.
#[derive(Debug, Serialize, Deserialize, JsonSchema, Message)]
struct Choice(Vec<Choices>);

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
enum Choices {
    Unit,
    Text(String),
    Pair(u8, char),
    Named { id: u8, more: Option<Box<Self>> },
    Tagged(Tagged),
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", content = "content", deny_unknown_fields)]
enum Tagged {
    Empty,
    Words(HashMap<String, String>),
}

/// No data at all.
#[derive(Debug, Serialize, Deserialize, JsonSchema, Message)]
struct Nothing;

#[derive(Default, Connect, Consumer)]
struct Mirror;

#[channel(name = "mirror")]
impl Mirror {
    #[ws_handler]
    async fn flat(&mut self, it: Flat) -> Flat {
        it
    }

    #[ws_handler]
    async fn numbers(&mut self, it: Numbers) -> Numbers {
        it
    }

    #[ws_handler]
    async fn raw(&mut self, it: Raw) -> Raw {
        it
    }

    #[ws_handler]
    async fn choice(&mut self, it: Choice) -> Choice {
        it
    }

    #[ws_handler]
    async fn nothing(&mut self, it: Nothing) -> Nothing {
        it
    }
}

const ACTIONS: &[&str] = &["flat", "numbers", "raw", "choice", "nothing", "nobody's"];

/// Pieces of JSON, whole and broken, for the types above.
const PIECES: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"",
    " ",
    "\t\n",
    "null",
    "nul",
    "true",
    "-",
    "0",
    "01",
    "1.5",
    "1e5",
    "-0.0",
    "1e999",
    "3.5e38",
    "4.9e-324",
    "1.7976931348623157e308",
    "18446744073709551616",
    "-170141183460469231731687303715884105728",
    "340282366920938463463374607431768211456",
    "{}",
    "[]",
    "\"x\"",
    "\"\\ud83d\\ude00\"",
    "\"\\ud83d\"",
    "\"\\u0000\"",
    "\"\u{1}\"",
    "\"\u{2028}é\"",
    "\"\\x\"",
    "\"id\":7",
    "\"id\":\"7\"",
    "\"a\":1",
    "\"b\":null",
    "\"\\u0069d\":7",
    "\"wide\":",
    "\"unsigned\":[1,",
    "\"float\":",
    "\"short\":",
    "\"keys\":{\"-1\":null}",
    "\"keys\":{\"1.5\":null}",
    "\"raw\":",
    "\"text\":\"\\u00e9\"",
    "\"Unit\"",
    "{\"Unit\":null}",
    "{\"Text\":\"x\"}",
    "{\"Pair\":[1,\"x\"]}",
    "{\"Named\":{\"id\":1}}",
    "{\"Named\":[1,null]}",
    "{\"Tagged\":{\"type\":\"Empty\"}}",
    "{\"Tagged\":{\"content\":{\"x\":\"y\"},\"type\":\"Words\"}}",
    "{\"$serde_json::private::RawValue\":\"1\"}",
    ",\"ref\":\"7\"",
    ",\"ref\":7",
    ",\"topic\":\"x\"",
    ",\"version\":1",
    ",\"version\":2",
    ",\"seq\":1",
    ",\"payload\":{}",
    ",\"action\":\"nothing\"",
    ",\"x\":{}",
];

/// JSON that fits one of the types, or nearly.
const FITTING: &[&str] = &[
    r#"{"id":1,"a":1.5,"b":true}"#,
    r#"{"a":1e39,"b":[]}"#,
    r#"{"wide":-170141183460469231731687303715884105728,"unsigned":[1,2],"float":1.7976931348623157e308}"#,
    r#"{"short":3.4e38,"keys":{"1":null,"-2":null},"float":-0.0}"#,
    r#"{"raw":{"a": [1.0, {}]},"text":"\ud83d\ude00"}"#,
    r#"["Unit",{"Text":"x"},{"Pair":[1,"x"]},{"Named":{"id":1,"more":{"Unit":null}}}]"#,
    r#"[{"Tagged":{"type":"Words","content":{"x":"y"}}},{"Tagged":{"type":"Empty"}}]"#,
    "null",
];

/// Text behind `"payload":`, up to a frame's last brace.
fn any_tail() -> impl Strategy<Value = String> {
    let pieces = || vec(select(PIECES), 0..8).prop_map(|pieces| pieces.concat());
    let soup = (pieces(), select(&["}", "]", "null"][..]))
        .prop_map(|(pieces, end)| format!("{pieces}{end}"));
    let spoiled = (
        select(FITTING),
        any::<prop::sample::Index>(),
        0..3_usize,
        vec(select(PIECES), 0..2),
    )
        .prop_map(|(json, place, cut, pieces)| {
            // All of it is ASCII.
            let place = place.index(json.len() + 1);
            let behind = json.get(place + cut..).unwrap_or_default();
            format!("{}{}{behind}", &json[..place], pieces.concat())
        });
    let doubled = (select(FITTING), select(FITTING)).prop_map(|(json, other)| {
        let members = other.trim_start_matches('{');
        json.strip_suffix('}')
            .map_or_else(|| json.to_owned(), |open| format!("{open},{members}"))
    });
    let deep =
        (1..80_usize, select(&["[", "{\"x\":", "{\"raw\":"][..])).prop_map(|(depth, open)| {
            let close = if open == "[" { "]" } else { "}" };
            format!("{{\"raw\":{}1{}}}", open.repeat(depth), close.repeat(depth))
        });
    prop_oneof![
        3 => soup,
        4 => spoiled,
        1 => doubled,
        1 => select(FITTING).prop_map(ToOwned::to_owned),
        1 => deep,
    ]
}

/// All that a client gets for one frame.
async fn answers(app: &Router, frame: String) -> Vec<Frame> {
    let mut client = Communicator::<Mirror>::connect(app, "/mirror").await;
    client.send_text(frame).await;
    let mut frames = Vec::new();
    loop {
        let frame = client.receive_frame().await;
        let is_last = matches!(&frame, Frame::Text(text) if text.contains(r#""complete""#));
        frames.push(frame);
        if is_last {
            client.close(1000).await;
            return frames;
        }
    }
}

async fn compare(action: &str, tail: &str) {
    let options = ChannelOptions::default().completion_frames(true);
    let channels = Channels::new(ChannelLayer::new()).options(options);
    let app = Router::from(channels.route::<Mirror>("/mirror"));
    let plain = format!(r#"{{"action":"{action}","payload":{tail}}}"#);
    let spaced = format!(r#"{{ "action":"{action}","payload":{tail}}}"#);

    let guessed = answers(&app, plain.clone()).await;

    assert_eq!(guessed, answers(&app, spaced).await, "{plain}");
}

proptest! {
    #[test]
    fn a_frame_is_answered_the_same_whether_it_is_guessed_or_not(
        action in select(ACTIONS),
        tail in any_tail(),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .start_paused(true)
            .build()
            .unwrap();
        runtime.block_on(compare(action, &tail));
    }
}
