//! From bytes to a message of every kind, and back.
//!
//! Run with `cargo +nightly fuzz run decode`.

#![no_main]

use std::{collections::BTreeMap, fmt};

use chanx_core::{
    Message,
    wire::{Correlation, Encoder, Envelope, ErrorPayload, Inbound, Violation, error_frame},
};
use libfuzzer_sys::fuzz_target;
use schemars::JsonSchema;
use serde::{
    Deserialize, Deserializer, Serialize,
    de::{MapAccess, SeqAccess, Visitor},
};
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
            let plain = inbound
                .payload
                .decode()
                .expect("it is even less particular");
            assert!(
                is_as_sent(&message, &plain),
                "structure that is not in the frame"
            );
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

/// What a frame says where a message takes anything: no text and no key has a meaning here.
#[derive(Deserialize)]
struct Plain {
    any: Option<Anything>,
    children: Vec<Self>,
}

enum Anything {
    Scalar,
    List(Vec<Self>),
    Object(BTreeMap<String, Self>),
}

impl<'de> Deserialize<'de> for Anything {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnythingVisitor)
    }
}

struct AnythingVisitor;

impl<'de> Visitor<'de> for AnythingVisitor {
    type Value = Anything;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_unit<E>(self) -> Result<Anything, E> {
        Ok(Anything::Scalar)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Anything, E> {
        Ok(Anything::Scalar)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Anything, E> {
        Ok(Anything::Scalar)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Anything, E> {
        Ok(Anything::Scalar)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Anything, E> {
        Ok(Anything::Scalar)
    }

    fn visit_str<E>(self, _: &str) -> Result<Anything, E> {
        Ok(Anything::Scalar)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Anything, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Anything::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Anything, A::Error> {
        let mut object = BTreeMap::new();
        while let Some((key, value)) = members.next_entry()? {
            object.insert(key, value);
        }
        Ok(Anything::Object(object))
    }
}

/// Whether whatever was read has the lists and objects of its frame, and no others.
fn is_as_sent(message: &Rich, plain: &Plain) -> bool {
    let any = match (&message.any, &plain.any) {
        (Some(value), Some(plain)) => is_same(value, plain),
        (value, plain) => value.is_none() && plain.is_none(),
    };
    let mut children = message.children.iter().zip(&plain.children);
    any && children.all(|(message, plain)| is_as_sent(message, plain))
}

fn is_same(value: &Value, plain: &Anything) -> bool {
    match (value, plain) {
        (Value::Array(items), Anything::List(list)) => {
            let mut pairs = items.iter().zip(list);
            items.len() == list.len() && pairs.all(|(item, plain)| is_same(item, plain))
        }
        (Value::Object(members), Anything::Object(object)) => {
            let is_here = |(key, value)| object.get(key).is_some_and(|plain| is_same(value, plain));
            members.len() == object.len() && members.iter().all(is_here)
        }
        (value, Anything::Scalar) => !value.is_array() && !value.is_object(),
        _ => false,
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
