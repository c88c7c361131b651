//! The `type` of each wrong value: P9.

use std::{
    collections::BTreeMap,
    num::{NonZeroI8, NonZeroU8},
};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::json;

use super::{Order, assert_payload_refused, order};
use crate::{Message, wire::kind::Kind};

/// A message that is one value.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
struct Just<T>(T);

impl<T> Message for Just<T>
where
    T: Serialize + DeserializeOwned + JsonSchema + Send + Sync + 'static,
{
    const ACTION: &'static str = "just";
}

/// Asserts what `T` is told of each of these values.
#[track_caller]
fn assert_kinds<T>(cases: &[(&str, &str)])
where
    T: Serialize + DeserializeOwned + JsonSchema + Send + Sync + 'static,
{
    for (payload, kind) in cases {
        assert_payload_refused::<Just<T>>(payload, kind, json!([]));
    }
}

#[test]
fn every_field_says_what_it_has_to_be() {
    let kinds = [
        ("id", "int_type"),
        ("note", "string_type"),
        ("paid", "bool_type"),
        ("price", "float_type"),
        ("items", "list_type"),
        ("address", "dict_type"),
        ("labels", "dict_type"),
        ("state", "enum"),
    ];
    for (field, kind) in kinds {
        let mut payload = order();
        payload[field] = json!(null);
        assert_payload_refused::<Order>(&payload.to_string(), kind, json!([field]));
    }
}

#[test]
fn an_optional_field_says_what_it_has_to_be() {
    let mut payload = order();
    payload["gift"] = json!(1);

    assert_payload_refused::<Order>(&payload.to_string(), "string_type", json!(["gift"]));
}

#[test]
fn an_integer_says_on_which_side_it_is_out_of_range() {
    assert_kinds::<u8>(&[
        ("256", "less_than_equal"),
        ("-1", "greater_than_equal"),
        ("1e2", "int_from_float"),
        ("1.5", "int_from_float"),
        ("1.0", "int_from_float"),
        ("\"1\"", "int_type"),
        ("true", "int_type"),
    ]);
    assert_kinds::<i64>(&[
        ("9223372036854775808", "less_than_equal"),
        ("-9223372036854775809", "greater_than_equal"),
        ("1e999", "int_from_float"),
    ]);
    assert_kinds::<u64>(&[
        ("18446744073709551616", "less_than_equal"),
        ("-1", "greater_than_equal"),
    ]);
    assert_kinds::<u128>(&[
        ("340282366920938463463374607431768211456", "less_than_equal"),
        ("-1", "greater_than_equal"),
    ]);
}

#[test]
fn an_integer_of_a_narrower_range_is_told_by_its_schema() {
    assert_kinds::<NonZeroU8>(&[("0", "greater_than_equal"), ("256", "less_than_equal")]);
    assert_kinds::<NonZeroI8>(&[("0", "value_error"), ("-129", "greater_than_equal")]);
}

#[test]
fn a_number_beyond_a_double_is_not_finite() {
    assert_kinds::<f64>(&[("1e999", "finite_number"), ("\"1\"", "float_type")]);
    assert_kinds::<serde_json::Value>(&[("1e999", "finite_number")]);
}

#[test]
fn a_character_is_a_string_of_one() {
    assert_kinds::<char>(&[
        ("\"\"", "string_too_short"),
        ("\"ab\"", "string_too_long"),
        ("1", "string_type"),
    ]);
}

#[test]
fn a_tuple_has_as_many_items_as_places() {
    assert_kinds::<(u8, u8)>(&[
        ("[1]", "too_short"),
        ("[1,2,3]", "too_long"),
        ("{}", "list_type"),
    ]);
    assert_kinds::<[u8; 2]>(&[("[]", "too_short"), ("[1,2,3]", "too_long")]);
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
enum Choice {
    Nothing,
    One(u8),
    Two(u8, u8),
    Named { name: String },
}

#[test]
fn an_enum_names_what_is_wrong_with_the_choice() {
    assert_kinds::<Choice>(&[
        ("\"Other\"", "enum"),
        ("1", "enum"),
        ("null", "enum"),
        ("{}", "enum"),
        (r#"{"Other":1}"#, "enum"),
        (r#"{"One":1,"Two":[1,2]}"#, "enum"),
        ("\"One\"", "dict_type"),
        ("\"Named\"", "dict_type"),
    ]);
}

#[test]
fn what_a_variant_holds_is_judged_by_its_path() {
    let cases = [
        (r#"{"Nothing":1}"#, "none_required", json!(["Nothing"])),
        (r#"{"One":"1"}"#, "int_type", json!(["One"])),
        (r#"{"Two":[1,"2"]}"#, "int_type", json!(["Two", 1])),
        (r#"{"Two":[1]}"#, "too_short", json!(["Two"])),
        (r#"{"Named":{}}"#, "missing", json!(["Named", "name"])),
    ];
    for (payload, kind, loc) in cases {
        assert_payload_refused::<Just<Choice>>(payload, kind, loc);
    }
}

#[test]
fn a_key_is_judged_by_what_it_stands_for() {
    assert_payload_refused::<Just<BTreeMap<u8, u8>>>(r#"{"1":1,"x":1}"#, "int_type", json!(["x"]));
    assert_payload_refused::<Just<BTreeMap<u8, u8>>>(r#"{"1":1,"2":""}"#, "int_type", json!(["2"]));
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "u8")]
struct Even(u8);

impl TryFrom<u8> for Even {
    type Error = &'static str;

    fn try_from(number: u8) -> Result<Self, Self::Error> {
        match number % 2 {
            0 => Ok(Self(number)),
            _ => Err("Even::try_from in secret.rs"),
        }
    }
}

// P10
#[test]
fn what_a_type_says_of_itself_stays_inside() {
    assert_payload_refused::<Just<Vec<Even>>>("[2,3]", "value_error", json!([1]));

    let answer = super::answer::<Just<Even>>(r#"{"action":"just","payload":3}"#);
    assert!(!answer.to_string().contains("Even"));
    assert!(!answer.to_string().contains("secret"));
}

#[test]
fn texts_are_short_lower_case_and_without_a_period() {
    for kind in [
        Kind::JsonInvalid,
        Kind::Missing,
        Kind::ValueError,
        Kind::DictType,
    ] {
        let first = kind.text().chars().next().unwrap();
        assert!(first.is_lowercase());
        assert!(!kind.text().ends_with('.'));
    }
}
