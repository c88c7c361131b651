//! The types in the document, in JSON Schema draft 7.

use chanx::{ChannelLayer, Channels, Connect, Consumer, Info, Message, channel};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
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
                    "title": "Ref",
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
                "title": "ChatPayloadReplyTo",
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
            "$ref": "#/components/schemas/Role",
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
    assert_eq!(
        titles("Fill", "oneOf"),
        ["Fill1", "FillSolid", "FillGradient"]
    );
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
        json!({
            "title": "DrawPayloadTagsValue",
            "anyOf": [reference("Tag"), { "type": "null" }],
        }),
    );
    assert_eq!(
        properties["anchors"]["patternProperties"][r"^\d+$"]["type"],
        "array",
    );
    assert_eq!(
        properties["layers"]["items"],
        json!({
            "title": "DrawPayloadLayersItem",
            "anyOf": [reference("Shape"), { "type": "null" }],
        }),
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

/// The outer type.
#[derive(Debug, Serialize, Deserialize, JsonSchema, Message)]
struct Outer {
    #[serde(flatten)]
    inner: Inner,
    big: u64,
    signed: i32,
    wide: u128,
    float: f32,
    double: f64,
    index: usize,
    offset: isize,
    maybe: Option<i64>,
    #[schemars(extend("exclusiveMinimum" = 0))]
    above: i32,
    ratio: Option<f32>,
    limited: Limited,
    address: std::net::IpAddr,
    local: chrono::NaiveDateTime,
    id: uuid::Uuid,
}

/// The inner type.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
struct Inner {
    word: String,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
struct Limited(#[schemars(range(min = 3, max = 7))] u32);

#[derive(Default, Connect, Consumer)]
struct Flat;

#[channel(name = "flat")]
impl Flat {
    #[ws_handler]
    async fn outer(&mut self, _: Outer) {}
}

fn flat() -> Value {
    let channels: Channels = Channels::new(ChannelLayer::new())
        .route::<Flat>("/flat")
        .asyncapi(Info::new("Flat", "1"));
    read(&channels.asyncapi_document())["components"].clone()
}

#[test]
fn a_message_keeps_its_own_words_beside_a_flattened_field() {
    let components = flat();

    for described in [
        &components["schemas"]["Outer"],
        &components["schemas"]["OuterPayload"],
        &components["messages"]["outer"],
    ] {
        assert_eq!(described["description"], "The outer type.");
    }
}

#[test]
fn a_format_that_json_schema_does_not_know_is_said_in_its_words() {
    let components = flat();
    let properties = &components["schemas"]["OuterPayload"]["properties"];

    assert_eq!(
        properties["big"],
        json!({ "type": "integer", "minimum": 0, "maximum": u64::MAX }),
    );
    assert_eq!(
        properties["signed"],
        json!({ "type": "integer", "minimum": i32::MIN, "maximum": i32::MAX }),
    );
    assert_eq!(
        properties["wide"],
        json!({ "type": "integer", "minimum": 0 })
    );
    assert_eq!(
        properties["float"],
        json!({ "type": "number", "minimum": -3.4028235e38, "maximum": 3.4028235e38 }),
    );
    assert_eq!(properties["double"], json!({ "type": "number" }));
    assert_eq!(
        properties["index"],
        json!({ "type": "integer", "minimum": 0, "maximum": u64::MAX }),
    );
    assert_eq!(
        properties["offset"],
        json!({ "type": "integer", "minimum": i64::MIN, "maximum": i64::MAX }),
    );
    assert_eq!(
        properties["maybe"]["anyOf"][0],
        json!({ "type": "integer", "minimum": i64::MIN, "maximum": i64::MAX }),
    );
    assert_eq!(properties["ratio"]["anyOf"][0]["maximum"], 3.4028235e38);
    assert_eq!(
        properties["above"],
        json!({ "type": "integer", "exclusiveMinimum": 0, "maximum": i32::MAX }),
    );
    let limited = &components["schemas"]["Limited"];
    assert_eq!(limited["minimum"], 3);
    assert_eq!(limited["maximum"], 7);
    assert_eq!(
        properties["address"]["anyOf"],
        json!([{ "format": "ipv4" }, { "format": "ipv6" }]),
    );
    assert_eq!(
        properties["local"]["examples"],
        json!(["2026-01-01T12:00:00"])
    );
    assert_eq!(properties["id"]["format"], "uuid");
}

#[test]
fn every_type_that_clients_make_has_a_title() {
    for components in [
        flat(),
        read(&kitchen_sink::channels().asyncapi_document())["components"].clone(),
    ] {
        for (name, schema) in components["schemas"].as_object().unwrap() {
            untitled(name, schema);
        }
    }
}

/// Panics where a schema within makes a type and has no title.
fn untitled(place: &str, schema: &Value) {
    let makers = ["anyOf", "oneOf", "enum", "properties", "patternProperties"];
    let makes_type = makers.iter().any(|key| schema.get(key).is_some());
    assert!(
        !makes_type || schema.get("title").is_some(),
        "{place} has no title: {schema}",
    );
    let named = ["properties", "patternProperties"];
    let named = named.iter().filter_map(|key| schema[key].as_object());
    for (name, schema) in named.flatten() {
        untitled(&format!("{place}.{name}"), schema);
    }
    for key in ["items", "additionalProperties"] {
        if let Some(schema) = schema.get(key).filter(|schema| schema.is_object()) {
            untitled(&format!("{place}.{key}"), schema);
        }
    }
    let listed = ["anyOf", "oneOf", "items"];
    let listed = listed.iter().filter_map(|key| schema[key].as_array());
    for (index, schema) in listed.flatten().enumerate() {
        untitled(&format!("{place}.{index}"), schema);
    }
}
