//! From bytes to a message of every kind, and back.
//!
//! Run with `cargo +nightly fuzz run decode`.

#![no_main]

use std::collections::BTreeMap;

use chanx_core::{
    Message,
    wire::{Correlation, Encoder, Envelope, ErrorPayload, Inbound, Violation, error_frame},
};
use libfuzzer_sys::fuzz_target;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, value::RawValue};

/// A message with a part of every kind that serde reads in a way of its own.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Rich {
    id: u128,
    ratio: f64,
    letter: char,
    pair: (i8, bool),
    by_number: BTreeMap<u16, Option<String>>,
    external: Vec<External>,
    internal: Option<Internal>,
    adjacent: Option<Adjacent>,
    untagged: Option<Untagged>,
    raw: Option<Box<RawValue>>,
    any: Option<Value>,
    children: Vec<Self>,
    #[serde(flatten)]
    flat: Flat,
}

#[derive(Serialize, Deserialize, JsonSchema)]
enum External {
    Unit,
    Newtype(String),
    Tuple(u8, u8),
    Struct { name: String },
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind")]
enum Internal {
    Unit,
    Struct { part: Part },
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(tag = "t", content = "c")]
enum Adjacent {
    Newtype(Part),
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
enum Untagged {
    Number(u8),
    Part(Part),
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Part {
    x: i64,
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct Flat {
    title: String,
    part: Option<Part>,
}

impl Message for Rich {
    const ACTION: &'static str = "rich";

    fn validate(&self) -> Result<(), Vec<Violation>> {
        match self.flat.title.is_empty() {
            true => Err(vec![Violation::value("must not be empty").at("title")]),
            false => Ok(()),
        }
    }
}

fuzz_target!(|frame: &[u8]| {
    let inbound = match Inbound::decode(frame) {
        Ok(inbound) => inbound,
        Err(refusal) => return answers(&refusal.error, &refusal.correlation),
    };
    match inbound.payload.decode::<Rich>() {
        Ok(message) => {
            assert!(is_shallow(&message), "deeper than its frame may be");
            comes_back(&message, &inbound.correlation);
        }
        Err(invalid) => {
            let error = invalid.into_error(&inbound.action);
            answers(&error, &inbound.correlation);
        }
    }
});

/// A refusal is an answer that a client can read.
fn answers(error: &ErrorPayload, correlation: &Correlation<'_>) {
    let frame = error_frame(error, correlation);
    let answer: Value = serde_json::from_slice(&frame).expect("an answer is JSON");
    assert_eq!(answer["action"], "error");
    assert_eq!(answer["ref"].as_str(), correlation.reference.as_deref());
    assert_eq!(answer["topic"].as_str(), correlation.topic.as_deref());
}

/// Whether whatever was read is no deeper than a frame may be.
fn is_shallow(message: &Rich) -> bool {
    let any = message.any.as_ref().map_or(0, depth);
    any < 64 && message.children.iter().all(is_shallow)
}

fn depth(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        Value::Object(members) => 1 + members.values().map(depth).max().unwrap_or(0),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => 0,
    }
}

/// What has been read can be sent, and read again.
fn comes_back(message: &Rich, correlation: &Correlation<'_>) {
    let frame = Encoder::new(Envelope::reply(correlation))
        .message(Rich::ACTION, message)
        .expect("what came as JSON goes as JSON");
    let inbound = Inbound::decode(&frame).expect("a frame of ours is one of theirs");
    assert_eq!(inbound.correlation, *correlation);
    assert!(inbound.payload.decode::<Rich>().is_ok());
}
