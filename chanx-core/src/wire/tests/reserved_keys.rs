//! Keys by which serde_json's own types know each other, sent by a client.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{
    Value, json,
    value::{RawValue, to_raw_value},
};

use super::{accepted, answer, assert_refused};
use crate::{Event, Message, wire::Payload};

/// A message with a place of every kind where anything may stand.
#[derive(Debug, Default, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
struct Anything {
    value: Value,
    list: Vec<Value>,
    map: BTreeMap<String, Value>,
    option: Option<Value>,
    untagged: Option<Untagged>,
    internal: Option<Internal>,
    adjacent: Option<Adjacent>,
    #[schemars(with = "Option<Value>")]
    raw: Option<Box<RawValue>>,
    known: Option<Known>,
    #[serde(flatten)]
    rest: BTreeMap<String, Value>,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
enum Untagged {
    Number(u8),
    Held { held: Value },
    Any(Value),
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "t")]
enum Internal {
    Held { held: Value },
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "t", content = "c")]
enum Adjacent {
    Held(Value),
}

/// Ignores what it does not know.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
struct Known {}

impl Message for Anything {
    const ACTION: &'static str = "anything";
}

impl Event for Anything {
    const ACTION: &'static str = "anything";
}

/// Payloads that have this JSON in each of the places.
fn everywhere(json: &str) -> Vec<String> {
    let places = [
        r#"{"value":#}"#,
        r#"{"value":{"deep":[#]}}"#,
        r#"{"list":[1,#]}"#,
        r#"{"map":{"key":#}}"#,
        r#"{"option":#}"#,
        r#"{"untagged":#}"#,
        r#"{"untagged":{"held":#}}"#,
        r#"{"internal":{"t":"Held","held":#}}"#,
        r#"{"internal":{"held":#,"t":"Held"}}"#,
        r#"{"adjacent":{"t":"Held","c":#}}"#,
        r#"{"adjacent":{"c":#,"t":"Held"}}"#,
        r#"{"raw":#}"#,
        r#"{"known":{"ignored":#}}"#,
        r#"{"elsewhere":#}"#,
        // A key that comes twice is for the second reading.
        r#"{"known":{},"known":{},"value":#}"#,
    ];
    places
        .iter()
        .map(|place| place.replace('#', json))
        .collect()
}

fn frame(payload: &str) -> String {
    format!(r#"{{"action":"anything","payload":{payload}}}"#)
}

#[test]
fn a_key_of_serde_jsons_own_is_refused_wherever_anything_may_stand() {
    let keys = [
        r"$serde_json::private::RawValue",
        r"$serde_json::private::Number",
        r"$serde_json::private::Later",
        r"\u0024serde_json::private::RawValue",
        r"$\u0073erde_json::private::RawValue",
        r"$serde_json::private::\u0052awValue",
        r"$serde_json\u003a\u003Aprivate::Number",
    ];
    for key in keys {
        for object in [
            format!(r#"{{"{key}":"[1]"}}"#),
            format!(r#"{{"{key}" : "1"}}"#),
            format!("{{\n\"first\":1,\"{key}\"\n:2}}"),
        ] {
            for payload in everywhere(&object) {
                assert_refused::<Anything>(frame(&payload), "reserved_key", json!([]));

                let raw = RawValue::from_string(payload).unwrap();
                let refused = Payload::from_raw(&raw).decode::<Anything>();
                let refused = refused.map(drop).unwrap_err();
                assert_eq!(refused.violations()[0].kind, "reserved_key", "{raw}");
            }
        }
    }
}

#[test]
fn such_a_key_beside_the_payload_is_refused_too() {
    let frame = r#"{"ref":"7","$serde_json::private::RawValue":"{}","action":"anything"}"#;

    let answer = answer::<Anything>(frame);

    assert_eq!(answer["payload"][0]["type"], "reserved_key");
    assert_eq!(answer["ref"], "7");
    assert_refused::<Anything>(
        r#"[{"$serde_json::private::Number":"1"}]"#,
        "reserved_key",
        json!([]),
    );
}

#[test]
fn what_only_looks_like_such_a_key_is_data() {
    let values = [
        json!("$serde_json::private::RawValue"),
        json!(["$serde_json::private::Number", ":"]),
        json!({"key": "$serde_json::private::RawValue"}),
        json!({"\"$serde_json::private::RawValue": 1}),
        json!({"$serde_json::privat": 1, "$serde": 2, "$set": 3, "$": 4}),
        json!({"price $": "$5", "\\u0024serde_json::private::RawValue": "\\"}),
    ];
    for value in values {
        for payload in everywhere(&value.to_string()) {
            accepted::<Anything>(&payload);
        }
        let read: Anything = accepted(&format!(r#"{{"value":{value}}}"#));
        assert_eq!(read.value, value);
    }
}

#[test]
fn json_that_is_kept_as_it_is_still_is() {
    let json = r#"{ "a" : ["$serde_json::private::RawValue", 1.0] }"#;

    let first: Anything = accepted(&format!(r#"{{"raw":{json}}}"#));
    let second: Anything = accepted(&format!(r#"{{"raw":1,"raw":{json}}}"#));

    assert_eq!(first.raw.unwrap().get(), json);
    assert_eq!(second.raw.unwrap().get(), json);
}

// What is in the string would be parsed as deeply as serde_json goes, whatever the frame's depth.
#[test]
fn a_string_hides_no_depth() {
    let hidden = "[".repeat(120) + &"]".repeat(120);
    let object = json!({ "$serde_json::private::RawValue": hidden });

    let payload = format!(r#"{{"value":{object}}}"#);

    assert_refused::<Anything>(frame(&payload), "reserved_key", json!([]));
}

#[test]
fn strings_within_strings_do_not_overflow_the_stack() {
    let (open, close) = ("[".repeat(126), "]".repeat(126));
    let mut object = json!({});
    for _ in 0..13 {
        let hidden = format!("{open}{object}{close}");
        object = json!({ "$serde_json::private::RawValue": hidden });
    }

    let payload = format!(r#"{{"value":{object}}}"#);

    assert!(payload.len() < 64 * 1024, "{}", payload.len());
    assert_refused::<Anything>(frame(&payload), "reserved_key", json!([]));
}

#[test]
fn a_payload_from_elsewhere_is_no_deeper_than_one_in_a_frame() {
    let list = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
    let read = |depth| {
        let payload = format!(r#"{{"value":{}}}"#, list(depth));
        let raw = RawValue::from_string(payload).unwrap();
        Payload::from_raw(&raw).decode::<Anything>().map(drop)
    };

    assert_eq!(read(63), Ok(()));
    assert_eq!(read(64).unwrap_err().violations()[0].kind, "json_invalid");
}

#[test]
fn what_a_server_keeps_as_json_can_be_sent() {
    let sent = Anything {
        raw: Some(to_raw_value(&json!({"a": 1})).unwrap()),
        ..Anything::default()
    };

    let sent = serde_json::to_string(&sent).unwrap();

    assert!(sent.contains(r#""raw":{"a":1}"#), "{sent}");
    accepted::<Anything>(&sent);
}
