//! The answers to a client's frames, and the frames that a client reads.

mod buffered;
mod constraints;
mod encoding;
mod envelope;
mod formats;
mod frames;
mod generators;
mod guesses;
mod kinds;
mod numbers;
mod paths;
mod payloads;
mod properties;
mod reserved_keys;
#[cfg(feature = "garde")]
mod rules;
mod sent;
mod summaries;
mod unread;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Inbound, error_frame};
use crate::message::{Message, MessageSet};

/// A message of one field.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(super) struct Chat {
    pub(super) message: String,
}

impl Message for Chat {
    const ACTION: &'static str = "chat";
}

/// A message with a field of every usual kind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(super) struct Order {
    pub(super) id: u32,
    pub(super) note: String,
    pub(super) paid: bool,
    pub(super) price: f64,
    pub(super) items: Vec<Item>,
    pub(super) address: Address,
    pub(super) labels: BTreeMap<String, i8>,
    pub(super) state: State,
    pub(super) gift: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(super) struct Item {
    pub(super) id: u64,
    pub(super) name: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(super) struct Address {
    pub(super) street: String,
    pub(super) zip: Option<i32>,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum State {
    Open,
    Shipped,
}

impl Message for Order {
    const ACTION: &'static str = "order";
}

pub(super) fn order() -> Value {
    json!({
        "id": 1,
        "note": "ring twice",
        "paid": true,
        "price": 9.5,
        "items": [{"id": 1, "name": "pen"}, {"id": 2, "name": "ink"}],
        "address": {"street": "Elm", "zip": null},
        "labels": {"blue": 1},
        "state": "open",
    })
}

/// The answer of a consumer whose only message is `M` to a frame that it refuses.
#[track_caller]
pub(super) fn answer<M: Message>(frame: impl AsRef<[u8]>) -> Value {
    let frame = match Inbound::decode(frame.as_ref()) {
        Err(refusal) => refusal.to_frame(),
        Ok(inbound) => {
            let refused = M::decode(&inbound.action, inbound.payload).map(|_| ());
            let error = refused.expect_err("the frame is refused");
            error_frame(&error.into_error(&inbound.action), &inbound.correlation)
        }
    };
    serde_json::from_slice(&frame).expect("an answer is JSON")
}

/// The `type` and `loc` of each violation that a frame is answered with.
#[track_caller]
pub(super) fn violations<M: Message>(frame: impl AsRef<[u8]>) -> Vec<(String, Value)> {
    let answer = answer::<M>(frame);
    assert_eq!(answer["action"], "error");
    let list = answer["payload"].as_array().expect("a list of violations");
    list.iter()
        .map(|violation| {
            let kind = violation["type"].as_str().expect("a type");
            assert!(violation["msg"].is_string());
            (kind.to_owned(), violation["loc"].clone())
        })
        .collect()
}

/// Asserts that a frame is answered with this one violation.
#[track_caller]
pub(super) fn assert_refused<M: Message>(frame: impl AsRef<[u8]>, kind: &str, loc: Value) {
    assert_eq!(violations::<M>(frame), [(kind.to_owned(), loc)]);
}

/// Asserts that a payload of `M` is answered with this one violation, its path starting at the payload.
#[track_caller]
pub(super) fn assert_payload_refused<M: Message>(payload: &str, kind: &str, loc: Value) {
    let action = M::ACTION;
    let frame = format!(r#"{{"action":"{action}","payload":{payload}}}"#);
    let mut path = vec![json!(action), json!("payload")];
    path.extend(loc.as_array().expect("a path").iter().cloned());
    assert_refused::<M>(frame, kind, Value::Array(path));
}

/// Reads a payload that is accepted.
#[track_caller]
pub(super) fn accepted<M: Message>(payload: &str) -> M {
    let frame = format!(r#"{{"action":"{}","payload":{payload}}}"#, M::ACTION);
    let inbound = Inbound::decode(frame.as_bytes()).expect("a frame that is fine");
    M::decode(&inbound.action, inbound.payload).expect("a payload that is fine")
}
