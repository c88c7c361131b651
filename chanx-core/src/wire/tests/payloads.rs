//! The payloads that are taken: P3, P4 and P7.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{json, value::RawValue};

use super::{Address, Chat, Order, accepted, assert_payload_refused, assert_refused, order};
use crate::{
    Event, Message, Ping,
    wire::{ErrorPayload, InvalidPayload, Payload, Violation},
};

// P3
#[test]
fn a_message_without_data_takes_null_or_nothing() {
    accepted::<Ping>("null");

    let inbound = crate::wire::Inbound::decode(br#"{"action":"ping"}"#).unwrap();
    assert!(inbound.payload.json().is_none());
    assert!(inbound.payload.decode::<Ping>().is_ok());
}

// P3
#[test]
fn a_message_without_data_takes_no_other_payload() {
    for payload in ["{}", "[]", "0", "false", "\"\""] {
        assert_payload_refused::<Ping>(payload, "none_required", json!([]));
    }
}

// P9
#[test]
fn an_absent_payload_is_missing_where_null_will_not_do() {
    assert_refused::<Chat>(
        r#"{"action":"chat"}"#,
        "missing",
        json!(["chat", "payload"]),
    );
}

// P9
#[test]
fn a_payload_of_null_is_of_the_wrong_kind_where_an_object_is_needed() {
    assert_payload_refused::<Chat>("null", "dict_type", json!([]));
}

// P3
#[test]
fn a_payload_may_be_absent_where_null_is_read_as_its_type() {
    #[derive(Serialize, Deserialize)]
    #[serde(untagged)]
    enum Choice {
        Nothing,
        Text(String),
    }

    #[derive(Serialize, Deserialize)]
    #[serde(transparent)]
    struct Raw(Box<RawValue>);

    fn may_be_absent<T: DeserializeOwned>() -> bool {
        let may_be_absent = Payload::may_be_absent::<T>();
        assert_eq!(may_be_absent, Payload::NULL.decode::<T>().is_ok());
        may_be_absent
    }

    assert!(may_be_absent::<Ping>());
    assert!(may_be_absent::<Option<Chat>>());
    assert!(may_be_absent::<Choice>());
    assert!(may_be_absent::<serde_json::Value>());
    assert!(may_be_absent::<Raw>());
    assert!(!may_be_absent::<Chat>());
    assert!(!may_be_absent::<Closed>());
    assert!(!may_be_absent::<Vec<Chat>>());
    assert!(!may_be_absent::<String>());
    assert!(!may_be_absent::<f64>());
    assert!(!may_be_absent::<u128>());
}

// P4
#[test]
fn unknown_fields_are_ignored() {
    let chat: Chat = accepted(r#"{"x":[1],"message":"hi","y":{"message":1}}"#);

    assert_eq!(chat.message, "hi");
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Closed {
    name: String,
}

impl Message for Closed {
    const ACTION: &'static str = "closed";
}

// P4
#[test]
fn unknown_fields_are_refused_where_the_type_says_so() {
    assert_payload_refused::<Closed>(
        r#"{"name":"x","nom":"x"}"#,
        "extra_forbidden",
        json!(["nom"]),
    );
}

#[test]
fn optional_fields_may_be_null_or_absent() {
    let address: Order = accepted(&order().to_string());
    assert_eq!(address.gift, None);

    let mut payload = order();
    payload["gift"] = json!(null);
    payload["address"] = json!({"street": "Elm"});
    let order: Order = accepted(&payload.to_string());
    assert_eq!(order.gift, None);
    assert_eq!(
        order.address,
        Address {
            street: "Elm".into(),
            zip: None
        }
    );
}

// P7
#[test]
fn of_duplicate_fields_the_last_wins() {
    let chat: Chat = accepted(r#"{"message":1,"message":"one","x":1,"message":"two","x":2}"#);

    assert_eq!(chat.message, "two");
}

// P7
#[test]
fn of_duplicate_fields_the_last_is_judged() {
    assert_payload_refused::<Chat>(
        r#"{"message":"one","message":2}"#,
        "string_type",
        json!(["message"]),
    );
}

// P7
#[test]
fn escaped_fields_are_read_as_what_they_mean() {
    let chat: Chat = accepted(r#"{"m\u0065ssage":"\u0041\n\ud83d\ude00"}"#);

    assert_eq!(chat.message, "A\n😀");
}

// P9: serde takes a list for a struct; the documents promise an object
#[test]
fn a_list_is_no_object() {
    assert_payload_refused::<Chat>(r#"["hi"]"#, "dict_type", json!([]));

    let mut payload = order();
    payload["items"] = json!([{"id": 1, "name": "x"}, [2, "y"]]);
    assert_payload_refused::<Order>(&payload.to_string(), "dict_type", json!(["items", 1]));
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
enum Shape {
    Circle { radius: f64 },
    Nothing {},
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
struct Draw(Vec<Shape>);

impl Message for Draw {
    const ACTION: &'static str = "draw";
}

#[test]
fn a_list_is_no_object_in_a_variant_either() {
    accepted::<Draw>(r#"[{"Circle":{"radius":1}},{"Nothing":{}}]"#);

    assert_payload_refused::<Draw>(r#"[{"Circle":[1]}]"#, "dict_type", json!([0, "Circle"]));
    assert_payload_refused::<Draw>(r#"[{"Nothing":[]}]"#, "dict_type", json!([0, "Nothing"]));
}

#[derive(Debug, Serialize, Deserialize)]
struct Opaque {
    #[serde(rename = "type")]
    kind: String,
    content: Box<RawValue>,
    big: u128,
}

impl JsonSchema for Opaque {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Opaque".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::Schema::default()
    }
}

impl Message for Opaque {
    const ACTION: &'static str = "opaque";
}

#[test]
fn the_second_reading_keeps_json_and_numbers_as_they_are() {
    let big = u128::MAX;
    let opaque: Opaque = accepted(&format!(
        r#"{{"type":"a","content":{{"a":1e400, "b":[1.10]}},"big":{big},"type":"b"}}"#
    ));

    assert_eq!(opaque.kind, "b");
    assert_eq!(opaque.content.get(), r#"{"a":1e400, "b":[1.10]}"#);
    assert_eq!(opaque.big, big);

    let wrong = format!(r#"{{"big":{big},"content":[1e400],"type":1}}"#);
    assert_payload_refused::<Opaque>(&wrong, "string_type", json!(["type"]));
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Paid {
    amount: u32,
}

impl Event for Paid {
    const ACTION: &'static str = "paid";
}

#[test]
fn an_event_is_read_as_a_message_is() {
    let raw = RawValue::from_string(r#"{"amount":3}"#.into()).unwrap();
    assert_eq!(Payload::from_raw(&raw).decode(), Ok(Paid { amount: 3 }));

    let raw = RawValue::from_string(r#"{"amount":-3}"#.into()).unwrap();
    let invalid: InvalidPayload = Payload::from_raw(&raw).decode::<Paid>().unwrap_err();
    assert_eq!(invalid.violations()[0].kind, "greater_than_equal");
    assert_eq!(invalid.violations()[0].path, ["amount".into()]);
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Tree {
    children: Vec<Self>,
}

impl Event for Tree {
    const ACTION: &'static str = "tree";
}

#[test]
fn a_payload_from_elsewhere_that_is_too_deep_does_not_overflow_the_stack() {
    let depth = 100_000;
    let json = format!("{}{}", r#"{"children":["#.repeat(depth), "]}".repeat(depth));
    let raw = RawValue::from_string(json).unwrap();

    let invalid = Payload::from_raw(&raw).decode::<Tree>().unwrap_err();

    assert_eq!(invalid.violations()[0].kind, "json_invalid");
}

#[test]
fn a_payload_is_one_value_of_json() {
    let amount = |json: &str| Payload::from_json(json)?.decode::<Paid>();

    assert_eq!(amount(" {\"amount\":3}\n"), Ok(Paid { amount: 3 }));
    for no_json in ["", "{", r#"{"amount":3} 4"#, r#"{"amount":03}"#] {
        assert_eq!(
            amount(no_json).unwrap_err().violations()[0].kind,
            "json_invalid"
        );
    }
}

#[test]
fn what_is_wrong_with_a_payload_is_one_line_whatever_a_client_writes() {
    let said = |json| Payload::from_json(json).unwrap().decode::<Vec<Ranking>>();
    let said = |json| said(json).unwrap_err().to_string();

    assert_eq!(
        said(r#"[{"points":{"ann":"x"}}]"#),
        "0.points.ann: must be an integer"
    );
    let forged = said(r#"[{"points":{"a\nERROR x: \u001b[2J":"x"}}]"#);
    assert!(!forged.contains(char::is_control), "{forged}");
    assert_eq!(
        InvalidPayload::unknown_action().to_string(),
        "nothing goes by this action"
    );
}

#[derive(Debug, PartialEq, Deserialize)]
struct Ranking {
    points: std::collections::BTreeMap<String, u32>,
}

#[test]
fn a_client_reads_an_error_as_the_type_that_the_server_writes() {
    let violation = Violation::new("taken", "somebody sits there")
        .at("seats")
        .at(3);
    for error in [
        ErrorPayload::detail("it failed"),
        ErrorPayload::with_reason("full", "no seat is left"),
        ErrorPayload::Violations(Vec::new()),
        ErrorPayload::Violations(vec![violation, Violation::value("no")]),
    ] {
        let json = serde_json::to_string(&error).unwrap();
        assert_eq!(serde_json::from_str::<ErrorPayload>(&json).unwrap(), error);
    }
    let later = r#"{"detail":"it failed","reason":null,"retry_after":5}"#;
    let read: ErrorPayload = serde_json::from_str(later).unwrap();
    assert_eq!(read, ErrorPayload::detail("it failed"));
    assert_eq!(read.to_string(), "it failed");
}
