//! Texts that are parsed: what is wrong with one, and where.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize, de::Error};
use serde_json::json;

use super::assert_payload_refused;
use crate::{
    message::{Message, MessageSet},
    wire::{InvalidPayload, Payload},
};

/// Defines a text that goes by a format of JSON Schema, and is refused where it begins with `bad`.
macro_rules! parsed {
    ($($name:ident is $format:literal, such as $good:literal;)*) => {$(
        #[derive(Debug, PartialEq, Eq, Hash, Serialize)]
        struct $name(String);

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let text = String::deserialize(from)?;
                if text.starts_with("bad") {
                    return Err(D::Error::custom(format_args!("not as {} is", $good)));
                }
                Ok(Self(text))
            }
        }

        impl JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({"type": "string", "format": $format})
            }
        }
    )*};
}

parsed! {
    Uuid is "uuid", such as "6f1e2d3c-4b5a-4697-8899-aabbccddeeff";
    Day is "date", such as "2000-01-01";
    Moment is "date-time", such as "2000-01-01T00:00:00Z";
    LocalMoment is "partial-date-time", such as "2000-01-01T00:00:00";
    Clock is "partial-time", such as "00:00:00";
    Zoned is "time", such as "00:00:00Z";
    Span is "duration", such as "PT1S";
    Link is "uri", such as "https://example.com/";
    Odd is "odd", such as "1";
}

macro_rules! messages {
    ($($name:ident)*) => {$(
        impl Message for $name {
            const ACTION: &'static str = "message";
        }
    )*};
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
struct One<T> {
    value: T,
}

impl<T> Message for One<T>
where
    T: Serialize + for<'de> Deserialize<'de> + JsonSchema + Send + Sync + 'static,
{
    const ACTION: &'static str = "message";
}

#[track_caller]
fn assert_named<T>(kind: &str)
where
    One<T>: Message,
{
    assert_payload_refused::<One<T>>(r#"{"value": "bad"}"#, kind, json!(["value"]));
}

#[test]
fn a_text_that_cannot_be_parsed_is_named_by_its_format() {
    assert_named::<Uuid>("uuid_parsing");
    assert_named::<Day>("date_parsing");
    assert_named::<Moment>("datetime_parsing");
    assert_named::<LocalMoment>("datetime_parsing");
    assert_named::<Clock>("time_parsing");
    assert_named::<Zoned>("time_parsing");
    assert_named::<Span>("time_delta_parsing");
    assert_named::<Link>("url_parsing");
    assert_named::<IpAddr>("ip_any_address");
    assert_named::<Ipv4Addr>("ip_v4_address");
    assert_named::<Ipv6Addr>("ip_v6_address");
    assert_named::<Option<Uuid>>("uuid_parsing");
    assert_named::<Box<Day>>("date_parsing");
}

#[test]
fn what_is_no_text_is_told_as_that() {
    assert_payload_refused::<One<Uuid>>(r#"{"value": 1}"#, "string_type", json!(["value"]));
    assert_payload_refused::<One<Uuid>>("{}", "missing", json!(["value"]));
}

#[test]
fn a_format_that_nobody_knows_is_a_value_error() {
    assert_named::<Odd>("value_error");
    assert_named::<std::net::SocketAddr>("value_error");
}

#[test]
fn the_path_goes_into_lists_maps_and_tuples() {
    assert_payload_refused::<One<Vec<Uuid>>>(
        r#"{"value": ["good", "bad", "bad"]}"#,
        "uuid_parsing",
        json!(["value", 1]),
    );
    assert_payload_refused::<One<(Uuid, Option<Day>)>>(
        r#"{"value": ["good", "bad"]}"#,
        "date_parsing",
        json!(["value", 1]),
    );
    assert_payload_refused::<One<HashMap<String, Vec<Day>>>>(
        r#"{"value": {"a": [], "\u0062": ["good", "bad"]}}"#,
        "date_parsing",
        json!(["value", "b", 1]),
    );
}

#[test]
fn a_key_is_not_blamed_on_its_value() {
    assert_payload_refused::<One<HashMap<Uuid, Day>>>(
        r#"{"value": {"bad": "good"}}"#,
        "value_error",
        json!(["value", "bad"]),
    );
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
struct Outer {
    id: Uuid,
    #[serde(flatten)]
    inner: Inner,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
struct Inner {
    day: Day,
    moments: Vec<Moment>,
    note: String,
}

messages!(Outer Inner Choice Untagged Tree);

#[test]
fn the_path_goes_below_what_is_flattened() {
    let refused = |payload: &str, kind: &str, loc| {
        assert_payload_refused::<Outer>(payload, kind, loc);
    };
    refused(
        r#"{"id": "bad", "day": "", "moments": [], "note": ""}"#,
        "uuid_parsing",
        json!(["id"]),
    );
    refused(
        r#"{"id": "", "day": "bad", "moments": [], "note": ""}"#,
        "date_parsing",
        json!(["day"]),
    );
    refused(
        r#"{"note": "bad", "id": "", "moments": ["", "bad", "", "bad"], "day": ""}"#,
        "datetime_parsing",
        json!(["moments", 1]),
    );
}

#[test]
fn of_a_key_that_comes_twice_the_last_is_blamed() {
    assert_payload_refused::<Outer>(
        r#"{"id": "", "day": "bad, but gone", "day": "bad", "moments": [], "note": ""}"#,
        "date_parsing",
        json!(["day"]),
    );
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Choice {
    Early { at: Day },
    Late { at: Moment },
    Held(Inner),
}

#[test]
fn the_path_goes_into_the_variant_that_is_tagged() {
    let refused = |payload: &str, kind: &str, loc| {
        assert_payload_refused::<Choice>(payload, kind, loc);
    };
    refused(
        r#"{"type": "early", "at": "bad"}"#,
        "date_parsing",
        json!(["at"]),
    );
    refused(
        r#"{"at": "bad", "type": "late"}"#,
        "datetime_parsing",
        json!(["at"]),
    );
    refused(
        r#"{"type": "held", "day": "", "moments": ["bad"], "note": ""}"#,
        "datetime_parsing",
        json!(["moments", 0]),
    );
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
enum Untagged {
    ById { id: Uuid },
    ByDay { day: Day },
}

#[test]
fn the_path_goes_into_an_untagged_variant_that_would_fit() {
    assert_payload_refused::<Untagged>(r#"{"id": "bad"}"#, "uuid_parsing", json!(["id"]));
    assert_payload_refused::<Untagged>(r#"{"day": "bad"}"#, "date_parsing", json!(["day"]));
    assert_payload_refused::<Untagged>(r#"{"hour": "bad"}"#, "value_error", json!([]));
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
struct Tree {
    id: Uuid,
    children: Vec<Self>,
}

#[test]
fn a_recursive_schema_is_followed_as_far_as_the_payload_goes() {
    assert_payload_refused::<Tree>(
        r#"{"id": "", "children": [{"id": "", "children": [{"id": "bad", "children": []}]}]}"#,
        "uuid_parsing",
        json!(["children", 0, "children", 0, "id"]),
    );
}

#[test]
fn a_recursive_schema_is_followed_whatever_its_name() {
    #[derive(Debug, Serialize, Deserialize, JsonSchema)]
    #[schemars(rename = "50% of ~/trees")]
    struct Half {
        id: Uuid,
        rest: Option<Box<Self>>,
    }

    impl Message for Half {
        const ACTION: &'static str = "half";
    }

    assert_payload_refused::<Half>(
        r#"{"id": "", "rest": {"id": "", "rest": {"id": "bad", "rest": null}}}"#,
        "uuid_parsing",
        json!(["rest", "rest", "id"]),
    );
}

#[test]
fn what_breaks_another_rule_of_its_type_is_not_named_by_its_format() {
    /// Refuses every UUID too.
    #[derive(Debug, Serialize, JsonSchema)]
    struct Never(#[schemars(extend("format" = "uuid"))] String);

    impl<'de> Deserialize<'de> for Never {
        fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
            match String::deserialize(from)? {
                text if text.is_empty() => Ok(Self(text)),
                _ => Err(D::Error::custom("never")),
            }
        }
    }

    assert_named::<Never>("value_error");
}

fn refused<M: MessageSet>(payload: &str) -> InvalidPayload {
    let raw = serde_json::from_str(payload).expect("JSON");
    let read = M::decode("message", Payload::from_raw(raw)).map(drop);
    read.expect_err("the payload is refused")
}

#[test]
fn the_words_of_a_type_are_kept_from_the_wire() {
    let refused = refused::<One<Odd>>(r#"{"value": "bad secret"}"#);

    assert_eq!(refused.reason(), Some("not as 1 is"));
    let error = serde_json::to_string(&refused.into_error("message")).expect("JSON");
    assert!(!error.contains("not as"), "{error}");
}

#[test]
fn what_a_type_expects_is_kept_without_the_value() {
    let refused = refused::<Outer>(r#"{"id": "", "day": 7531, "moments": [], "note": ""}"#);

    assert_eq!(refused.reason(), Some("expected a string"));
}

#[test]
fn a_long_reason_is_cut() {
    #[derive(Debug, Serialize, JsonSchema)]
    struct Wordy(String);

    impl<'de> Deserialize<'de> for Wordy {
        fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
            match String::deserialize(from)? {
                text if text.is_empty() => Ok(Self(text)),
                text => Err(D::Error::custom("é".repeat(600) + &text)),
            }
        }
    }

    let refused = refused::<One<Wordy>>(r#"{"value": "end"}"#);
    assert_eq!(refused.reason(), Some(&*"é".repeat(512)));
}
