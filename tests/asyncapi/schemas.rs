//! What a reader learns of types, in JSON Schema draft 7.

use serde_json::{Value, json};

use crate::{kitchen_sink, request::read};

fn schema(name: &str) -> Value {
    let document = read(&kitchen_sink::channels().asyncapi_document());
    document["components"]["schemas"][name].clone()
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

#[test]
fn a_message_is_its_action_and_its_payload() {
    assert_eq!(
        schema("Chat"),
        json!({
            "title": "Chat",
            "description": "A line typed by a user.\n\nIt may answer another one.",
            "type": "object",
            "required": ["action", "payload"],
            "properties": {
                "action": { "type": "string", "const": "chat" },
                "payload": reference("ChatPayload"),
                "ref": {
                    "description": "Chosen by the client; the reply carries the same.",
                    "anyOf": [{ "type": "string", "maxLength": 128 }, { "type": "null" }],
                },
            },
        }),
    );
    assert_eq!(
        schema("ChatPayload")["properties"],
        json!({
            "text": {
                "description": "What is said.",
                "type": "string",
                "minLength": 1,
                "maxLength": 500,
            },
            "reply_to": {
                "description": "The line that is answered.",
                "anyOf": [{ "type": "string", "format": "uuid" }, { "type": "null" }],
            },
        }),
    );
    assert_eq!(schema("ChatPayload")["required"], json!(["text"]));
}

#[test]
fn a_message_without_data_has_null_for_its_payload_or_none() {
    let ping = schema("Ping");

    assert_eq!(ping["properties"]["payload"], json!({ "type": "null" }));
    assert_eq!(ping["required"], json!(["action"]));
}

#[test]
fn a_payload_that_may_be_absent_is_not_required() {
    assert_eq!(schema("Search")["required"], json!(["action"]));
    assert_eq!(
        schema("SearchPayload")["anyOf"],
        json!([reference("SearchOptions"), { "type": "null" }]),
    );
}

#[test]
fn a_newtype_is_what_it_is_around() {
    let payload = |message| schema(message)["properties"]["payload"].clone();

    assert_eq!(payload("Topic"), reference("TopicPayload"));
    assert_eq!(schema("TopicPayload")["type"], "string");
    assert_eq!(payload("History"), reference("HistoryPayload"));
    assert_eq!(
        schema("HistoryPayload")["items"],
        reference("ChatNotificationPayload"),
    );
    assert_eq!(payload("Introduce"), reference("Author"));
}

#[test]
fn a_message_within_a_message_is_its_payload() {
    assert_eq!(
        schema("ChatNotificationPayload")["properties"]["line"],
        reference("ChatPayload"),
    );
}

#[test]
fn rules_of_validators_and_defaults_are_told() {
    let author = schema("Author");

    assert_eq!(
        author["properties"]["displayName"],
        json!({
            "description": "The name that others see.",
            "type": "string",
            "minLength": 2,
            "maxLength": 32,
        }),
    );
    assert_eq!(author["properties"]["age"]["anyOf"][0]["minimum"], 18);
    assert_eq!(
        author["properties"]["role"],
        json!({
            "description": "What the author may do.",
            "anyOf": [reference("Role")],
            "default": "member",
        }),
    );
    assert_eq!(author["required"], json!(["displayName"]));
}

#[test]
fn dates_are_strings_with_a_format() {
    let notification = schema("ChatNotificationPayload");
    let author = schema("Author");

    assert_eq!(
        notification["properties"]["at"],
        json!({ "type": "string", "format": "date-time" }),
    );
    assert_eq!(author["properties"]["born"]["anyOf"][0]["format"], "date");
}

#[test]
fn an_enum_of_words_is_a_list_of_them() {
    let role = schema("Role");

    assert_eq!(role["enum"], json!(["guest", "member", "moderator"]));
    assert_eq!(
        role["description"],
        "What an author may do.\n\n\
         - `member`: Reads and writes.\n\
         - `moderator`: Throws others out, too.",
    );
}

#[test]
fn each_variant_has_a_name_of_its_own() {
    let titles = |name, variants: &str| {
        let schema = schema(name);
        let variants = schema[variants].as_array().unwrap().clone();
        let titles = variants.into_iter().map(|mut variant| {
            let title = variant["title"].take();
            title.as_str().map(ToOwned::to_owned).unwrap_or_default()
        });
        titles.collect::<Vec<_>>()
    };

    assert_eq!(
        titles("Shape", "oneOf"),
        ["ShapeCircle", "ShapePolygon", "ShapeNothing"]
    );
    assert_eq!(titles("Fill", "oneOf"), ["", "FillSolid", "FillGradient"]);
    assert_eq!(titles("Stroke", "oneOf"), ["StrokePlain", "StrokeDashed"]);
    assert_eq!(titles("Label", "anyOf"), ["Text", "LabelRich", ""]);
}

#[test]
fn a_variant_around_a_struct_has_all_of_its_fields() {
    let shape = schema("Shape");
    let polygon = &shape["oneOf"][1];

    assert_eq!(polygon["properties"]["kind"]["const"], "polygon");
    assert_eq!(polygon["properties"]["points"]["minItems"], 3);
    assert_eq!(polygon.get("allOf"), None);
}

#[test]
fn maps_lists_and_anything_are_told() {
    let draw = schema("DrawPayload");
    let properties = &draw["properties"];

    assert_eq!(
        properties["tags"]["additionalProperties"],
        json!({ "anyOf": [reference("Tag"), { "type": "null" }] }),
    );
    assert_eq!(
        properties["anchors"]["patternProperties"][r"^\d+$"]["type"],
        "array",
    );
    assert_eq!(
        properties["layers"]["items"],
        json!({ "anyOf": [reference("Shape"), { "type": "null" }] }),
    );
    assert_eq!(properties["anything"], json!({}));
}

#[test]
fn what_only_the_handshake_reads_is_there_too() {
    assert_eq!(schema("Color")["type"], "string");
}

#[test]
fn what_nothing_refers_to_is_left_out() {
    assert_eq!(schema("IntroducePayload"), Value::Null);
    assert_eq!(schema("Polygon"), Value::Null);
    assert_eq!(schema("RoomQuery"), Value::Null);
}
