//! The violations that garde's rules are reported as.

use std::collections::BTreeMap;

use garde::Validate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{accepted, answer, violations};
use crate::{
    Message,
    wire::{Violation, garde_validate},
};

#[derive(Debug, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase")]
struct Signup {
    #[garde(length(min = 3))]
    user_name: String,
    #[garde(range(max = 120))]
    age: u8,
    #[garde(dive)]
    home_address: Place,
    #[garde(dive)]
    other_places: Vec<Place>,
    #[garde(dive)]
    by_name: BTreeMap<String, Place>,
    #[garde(dive)]
    nick: Nick,
    #[garde(dive)]
    #[serde(flatten)]
    flat: Flat,
    #[garde(required)]
    #[serde(skip_serializing_if = "Option::is_none")]
    terms_accepted: Option<bool>,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema, Validate)]
struct Place {
    #[garde(ascii)]
    street: String,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema, Validate)]
struct Nick(#[garde(length(min = 1))] String);

#[derive(Debug, Serialize, Deserialize, JsonSchema, Validate)]
struct Flat {
    #[garde(ascii)]
    city: String,
}

impl Message for Signup {
    const ACTION: &'static str = "signup";

    fn validate(&self) -> Result<(), Vec<Violation>> {
        garde_validate(self)
    }
}

#[test]
fn a_value_that_keeps_to_the_rules_is_accepted() {
    accepted::<Signup>(
        r#"{"userName":"eve","age":1,"homeAddress":{"street":"a"},"otherPlaces":[],"byName":{},
            "nick":"e","city":"a","termsAccepted":true}"#,
    );
}

// P9
#[test]
fn every_broken_rule_is_reported_by_its_path_in_json() {
    let found = violations::<Signup>(
        r#"{"action":"signup","payload":{
            "userName":"e","age":121,"homeAddress":{"street":"é"},"nick":"","city":"é",
            "otherPlaces":[{"street":"a"},{"street":"é"}],"byName":{"some_name":{"street":"é"}}}}"#,
    );

    assert!(found.iter().all(|(kind, _)| kind == "value_error"));
    let mut paths: Vec<_> = found.into_iter().map(|(_, loc)| loc).collect();
    paths.sort_by_key(Value::to_string);
    assert_eq!(
        paths,
        [
            json!(["signup", "payload", "age"]),
            json!(["signup", "payload", "byName", "some_name", "street"]),
            json!(["signup", "payload", "city"]),
            json!(["signup", "payload", "homeAddress", "street"]),
            json!(["signup", "payload", "nick"]),
            json!(["signup", "payload", "otherPlaces", 1, "street"]),
            json!(["signup", "payload", "terms_accepted"]),
            json!(["signup", "payload", "userName"]),
        ],
    );
}

/// Breaks a rule with each of its numbers and keys.
#[derive(Debug, Serialize, Deserialize, JsonSchema, Validate)]
struct Numbers {
    #[garde(inner(range(min = 5)))]
    numbers: Vec<u8>,
    #[garde(dive)]
    #[serde(flatten)]
    by_name: BTreeMap<String, Place>,
}

impl Message for Numbers {
    const ACTION: &'static str = "numbers";

    fn validate(&self) -> Result<(), Vec<Violation>> {
        garde_validate(self)
    }
}

// P9
#[test]
fn of_many_broken_rules_the_first_are_reported_and_how_many_more() {
    let zeros = vec!["0"; 32_000].join(",");
    let frame = format!(r#"{{"action":"numbers","payload":{{"numbers":[{zeros}]}}}}"#);

    let answer = answer::<Numbers>(frame);

    let list = answer["payload"].as_array().unwrap();
    assert_eq!(list.len(), 21);
    assert_eq!(
        list[19]["loc"],
        json!(["numbers", "payload", "numbers", 19])
    );
    assert_eq!(list[20]["loc"], json!(["numbers", "payload"]));
    assert_eq!(list[20]["msg"], "31980 more");
}

#[test]
fn a_long_key_does_not_come_back_with_each_of_its_values() {
    let (long, count) = ("é".repeat(10_000), 25);
    let numbers: BTreeMap<_, _> = (0..count)
        .map(|n| (format!("{long}{n}"), json!({"street": "é"})))
        .collect();
    let mut payload = json!(numbers);
    payload["numbers"] = json!([]);

    let found = violations::<Numbers>(json!({"action": "numbers", "payload": payload}).to_string());

    assert_eq!(found.len(), 21);
    let cut = "é".repeat(50);
    assert_eq!(found[0].1, json!(["numbers", "payload", cut, "street"]));
}

#[test]
fn what_a_message_adds_to_its_rules_is_counted_with_them() {
    #[derive(Debug, Serialize, Deserialize, JsonSchema)]
    struct Both(Numbers);
    impl Message for Both {
        const ACTION: &'static str = "both";

        fn validate(&self) -> Result<(), Vec<Violation>> {
            let mut violations = garde_validate(&self.0).unwrap_err();
            violations.push(Violation::value("and this"));
            Err(violations)
        }
    }
    let frame = |zeros: usize| {
        let payload = json!({"numbers": vec![0; zeros]});
        json!({"action": "both", "payload": payload}).to_string()
    };

    let few = answer::<Both>(frame(1));
    assert_eq!(few["payload"][1]["msg"], "and this");
    let many = answer::<Both>(frame(30));
    assert_eq!(many["payload"][20]["msg"], "11 more");
}
