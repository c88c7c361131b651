//! The report of many violations, and of long ones.

use std::collections::BTreeMap;

use proptest::{collection::vec, option, prelude::*};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{answer, assert_payload_refused, violations};
use crate::{
    Message,
    wire::{Correlation, ErrorPayload, Location, Violation, error_frame_within},
};

/// Finds fault with each item.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
struct Strict {
    items: Vec<u8>,
}

impl Message for Strict {
    const ACTION: &'static str = "strict";

    fn validate(&self) -> Result<(), Vec<Violation>> {
        let items = 0..self.items.len();
        let violations = items.map(|index| Violation::value("no").at("items").at(index));
        Err(violations.collect())
    }
}

fn zeros(count: usize) -> String {
    let zeros = vec!["0"; count].join(",");
    format!(r#"{{"action":"strict","payload":{{"items":[{zeros}]}}}}"#)
}

// P9
#[test]
fn twenty_violations_are_told_and_how_many_more() {
    let all = violations::<Strict>(zeros(20));
    assert_eq!(all.len(), 20);
    assert_eq!(all[19].1, json!(["strict", "payload", "items", 19]));

    for more in [1, 12_345] {
        let answer = answer::<Strict>(zeros(20 + more));
        let list = answer["payload"].as_array().unwrap();
        assert_eq!(list.len(), 21);
        assert_eq!(list[19]["loc"], json!(["strict", "payload", "items", 19]));
        let told = json!({
            "type": "more_violations",
            "loc": ["strict", "payload"],
            "msg": format!("{more} more"),
        });
        assert_eq!(list[20], told);
    }
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
struct Nested {
    map: BTreeMap<String, u8>,
}

impl Message for Nested {
    const ACTION: &'static str = "nested";
}

#[test]
fn a_key_in_a_path_is_cut_at_100_bytes() {
    for (key, told) in [
        ("k".repeat(100), "k".repeat(100)),
        ("k".repeat(101), "k".repeat(100)),
        // A character has two bytes, and is not cut in two.
        (
            format!("k{}", "é".repeat(1000)),
            format!("k{}", "é".repeat(49)),
        ),
        ("🦀".repeat(26), "🦀".repeat(25)),
    ] {
        let payload = json!({"map": {key: "x"}}).to_string();
        assert_payload_refused::<Nested>(&payload, "int_type", json!(["map", told]));
    }
}

/// Says whatever it was told to say.
fn said(kind: &str, msg: &str, loc: &[Location]) -> Violation {
    Violation {
        path: loc.to_vec(),
        ..Violation::new(kind.to_owned(), msg.to_owned())
    }
}

fn payload(max_size: usize, error: ErrorPayload) -> Value {
    let frame = error_frame_within(max_size, error, &Correlation::default().with_ref("7"));
    assert!(frame.len() <= max_size, "{} of {max_size}", frame.len());
    let answer: Value = serde_json::from_slice(&frame).unwrap();
    assert_eq!(answer["ref"], "7");
    answer["payload"].clone()
}

#[test]
fn an_answer_tells_fewer_violations_where_it_would_be_too_large() {
    let long = said("rule", &"é".repeat(400), &["field".into()]);
    let error = |count: usize| ErrorPayload::Violations(vec![long.clone(); count]);

    assert_eq!(payload(64 * 1024, error(21)).as_array().unwrap().len(), 21);
    let few = payload(4096, error(50));
    let few = few.as_array().unwrap();
    let (more, told) = few.split_last().unwrap();
    assert_eq!(told.len(), 2);
    assert_eq!(more["type"], "more_violations");
    assert_eq!(more["msg"], "48 more");
    let one = payload(200, error(3));
    assert_eq!(one[0]["type"], "rule");
    assert_eq!(one[0]["loc"], json!([]));
    assert_eq!(one[1]["msg"], "2 more");
}

#[test]
fn a_long_text_of_an_application_is_cut() {
    let detail = ErrorPayload::with_reason("full", "é".repeat(100_000));

    let told = payload(1000, detail);

    assert_eq!(told["reason"], "full");
    let text = told["detail"].as_str().unwrap();
    assert!(text.len() > 300 && text.chars().all(|letter| letter == 'é'));
}

#[test]
fn what_is_short_is_told_as_it_is() {
    let violation = said("rule", "says why", &["a".into(), 3.into()]);
    let told = payload(1000, violation.clone().into());
    assert_eq!(told, json!([violation]));

    let error = ErrorPayload::with_reason("full", "no room");
    assert_eq!(payload(1000, error.clone()), json!(error));
}

fn any_violation() -> impl Strategy<Value = Violation> {
    let step = prop_oneof![
        any::<usize>().prop_map(Location::from),
        (any::<String>(), 0..40usize).prop_map(|(key, times)| Location::from(key.repeat(times))),
    ];
    let text = (any::<String>(), 0..400usize).prop_map(|(text, times)| text.repeat(times));
    (any::<String>(), vec(step, 0..70), text).prop_map(|(kind, loc, msg)| said(&kind, &msg, &loc))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn an_answer_is_never_larger_than_said(
        violations in vec(any_violation(), 0..30),
        detail in (any::<String>(), 0..400usize).prop_map(|(text, times)| text.repeat(times)),
        reason in option::of(any::<String>()),
        max_size in 1024..64 * 1024usize,
    ) {
        let detail = ErrorPayload::Detail { detail: detail.into(), reason: reason.map(Into::into), reference: None };
        payload(max_size, detail);

        let count = violations.len();
        let told = payload(max_size, ErrorPayload::Violations(violations));

        let told = told.as_array().unwrap();
        prop_assert!(told.len() <= 21);
        let more = told.iter().filter(|each| each["type"] == "more_violations");
        let more: usize = more.map(|each| each["msg"].as_str().unwrap().strip_suffix(" more").unwrap().parse::<usize>().unwrap()).sum();
        prop_assert_eq!(told.len() - usize::from(more > 0) + more, count);
    }
}
