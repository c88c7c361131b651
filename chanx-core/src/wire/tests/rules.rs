//! What garde's rules are reported as.

use std::collections::BTreeMap;

use garde::Validate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{accepted, violations};
use crate::{
    Message,
    wire::{Violation, garde_validate, violations_of},
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

#[test]
fn a_report_of_ones_own_keeps_its_paths() {
    let report = Nick(String::new()).validate().unwrap_err();

    let found = violations_of(&report);

    assert_eq!(found.len(), 1);
    assert_eq!(found[0].loc, [0.into()]);
    assert_eq!(found[0].msg, "length is lower than 1");
}
