//! The place of a violation: the `loc` of P9.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Chat, Order, assert_payload_refused, order, violations};
use crate::Message;

#[test]
fn a_missing_field_is_named() {
    assert_payload_refused::<Chat>("{}", "missing", json!(["message"]));
}

#[test]
fn a_path_goes_through_objects_and_lists() {
    let mut payload = order();
    payload["items"] = json!([{"id": 1, "name": "a"}, {"id": 2, "name": "b"}, {"name": "c"}]);
    assert_payload_refused::<Order>(&payload.to_string(), "missing", json!(["items", 2, "id"]));

    let mut payload = order();
    payload["address"]["zip"] = json!("1010");
    assert_payload_refused::<Order>(&payload.to_string(), "int_type", json!(["address", "zip"]));

    let mut payload = order();
    payload["labels"]["gr\"een"] = json!(1000);
    assert_payload_refused::<Order>(
        &payload.to_string(),
        "less_than_equal",
        json!(["labels", "gr\"een"]),
    );
}

#[test]
fn of_several_wrong_values_the_first_of_the_frame_is_reported() {
    assert_payload_refused::<Order>(
        r#"{"price":"a","address":1,"id":"b"}"#,
        "float_type",
        json!(["price"]),
    );
}

#[test]
fn a_renamed_field_goes_by_its_name_in_json() {
    #[derive(Debug, Serialize, Deserialize, JsonSchema)]
    #[serde(rename_all = "camelCase")]
    struct Renamed {
        user_name: String,
    }
    impl Message for Renamed {
        const ACTION: &'static str = "renamed";
    }

    assert_payload_refused::<Renamed>("{}", "missing", json!(["userName"]));
    assert_payload_refused::<Renamed>(r#"{"userName":1}"#, "string_type", json!(["userName"]));
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
struct Flat {
    title: String,
    #[serde(flatten)]
    common: Common,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
struct Common {
    id: u32,
    inner: Inner,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
struct Inner {
    x: u8,
    #[serde(default)]
    color: Color,
}

#[derive(Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Color {
    #[default]
    Red,
}

impl Message for Flat {
    const ACTION: &'static str = "flat";
}

#[test]
fn a_field_beside_flattened_ones_has_its_own_path() {
    assert_payload_refused::<Flat>(
        r#"{"title":1,"id":1,"inner":{"x":1}}"#,
        "string_type",
        json!(["title"]),
    );
    assert_payload_refused::<Flat>(r#"{"id":1,"inner":{"x":1}}"#, "missing", json!(["title"]));
}

#[test]
fn inside_flattened_fields_the_path_goes_on() {
    assert_payload_refused::<Flat>(
        r#"{"title":"a","id":"1","inner":{"x":1}}"#,
        "int_type",
        json!(["id"]),
    );
    assert_payload_refused::<Flat>(
        r#"{"title":"a","id":1,"inner":{}}"#,
        "missing",
        json!(["inner", "x"]),
    );
    assert_payload_refused::<Flat>(
        r#"{"title":"a","id":1,"inner":{"x":1,"color":"blue"}}"#,
        "enum",
        json!(["inner", "color"]),
    );
}

#[test]
fn a_flattened_field_that_is_missing_is_missing_from_the_enclosing_value() {
    assert_payload_refused::<Flat>(r#"{"title":"a","inner":{"x":1}}"#, "missing", json!(["id"]));
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
struct Draw {
    shapes: Vec<Shape>,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Shape {
    Circle { radius: u8, center: Inner },
    Dot,
}

impl Message for Draw {
    const ACTION: &'static str = "draw";
}

#[test]
fn inside_internally_tagged_types_the_path_goes_on() {
    let refused = |shape: &str, kind: &str, loc| {
        let payload = format!(r#"{{"shapes":[{{"kind":"dot"}},{shape}]}}"#);
        assert_payload_refused::<Draw>(&payload, kind, loc);
    };

    refused("1", "dict_type", json!(["shapes", 1]));
    refused(
        r#"{"kind":"circle","radius":"1"}"#,
        "int_type",
        json!(["shapes", 1, "radius"]),
    );
    refused(
        r#"{"kind":"circle","radius":1,"center":{}}"#,
        "missing",
        json!(["shapes", 1, "center", "x"]),
    );
}

#[test]
fn an_unknown_tag_is_named() {
    assert_payload_refused::<Draw>(
        r#"{"shapes":[{"kind":"square"}]}"#,
        "enum",
        json!(["shapes", 0, "kind"]),
    );
}

#[test]
fn what_an_internally_tagged_object_itself_lacks_is_named() {
    let refused = |shape: &str, loc| {
        let payload = format!(r#"{{"shapes":[{{"kind":"dot"}},{shape}]}}"#);
        assert_payload_refused::<Draw>(&payload, "missing", loc);
    };

    refused("{ }", json!(["shapes", 1, "kind"]));
    refused(
        r#"{"kind":"circle","center":{"x":1}}"#,
        json!(["shapes", 1, "radius"]),
    );
}

#[test]
fn inside_untagged_types_the_path_goes_on_where_one_variant_is_meant() {
    #[derive(Debug, Serialize, Deserialize, JsonSchema)]
    struct Either {
        value: BTreeMap<String, Untagged>,
    }
    #[derive(Debug, Serialize, Deserialize, JsonSchema)]
    #[serde(untagged)]
    enum Untagged {
        Inner(Inner),
        Number(u8),
    }
    impl Message for Either {
        const ACTION: &'static str = "either";
    }

    let refused = |value: &str, kind: &str, loc| {
        let payload = format!(r#"{{"value":{{"a":{value}}}}}"#);
        assert_payload_refused::<Either>(&payload, kind, loc);
    };
    refused(r#"{"x":"1"}"#, "int_type", json!(["value", "a", "x"]));
    refused("-1", "greater_than_equal", json!(["value", "a"]));
    for value in ["{}", "\"1\"", "null"] {
        refused(value, "value_error", json!(["value", "a"]));
    }
}

#[test]
fn an_adjacently_tagged_type_has_paths_through_its_content() {
    #[derive(Debug, Serialize, Deserialize, JsonSchema)]
    #[serde(tag = "t", content = "c")]
    enum Adjacent {
        Inner(Inner),
    }
    impl Message for Adjacent {
        const ACTION: &'static str = "adjacent";
    }

    assert_payload_refused::<Adjacent>(
        r#"{"t":"Inner","c":{"x":"1"}}"#,
        "int_type",
        json!(["c", "x"]),
    );
    assert_payload_refused::<Adjacent>(r#"{"t":"Other","c":1}"#, "enum", json!(["t"]));
    assert_payload_refused::<Adjacent>(r#"{"c":1}"#, "missing", json!(["t"]));
    assert_payload_refused::<Adjacent>(r#"{"t":"Inner"}"#, "missing", json!(["c"]));
}

// P9: paths start with the action as the client wrote it
#[test]
fn a_path_starts_with_the_action() {
    let found = violations::<Chat>(r#"{"action":"ch\u0061t","payload":{}}"#);

    assert_eq!(
        found,
        [("missing".to_owned(), json!(["chat", "payload", "message"]))]
    );
}
