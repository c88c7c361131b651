//! Received types are documented as they deserialise, sent ones as they serialise.

use chanx::{ChannelLayer, Channels, Connect, Consumer, Info, Message, channel};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::request::read;

/// Is only received.
#[derive(Debug, Serialize, Deserialize, JsonSchema, Message)]
struct Asked {
    #[serde(rename(serialize = "out", deserialize = "in"))]
    field: u8,
    #[serde(skip_deserializing)]
    kept: u8,
    point: Point,
}

/// Is only sent.
#[derive(Debug, Serialize, Deserialize, JsonSchema, Message)]
struct Told {
    #[serde(rename(serialize = "out", deserialize = "in"))]
    field: u8,
    #[serde(default)]
    always: Vec<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sometimes: Option<u8>,
    #[serde(skip_serializing)]
    #[expect(dead_code, reason = "nobody is told it")]
    secret: u8,
}

/// Goes both ways, and differs.
#[derive(Debug, Serialize, Deserialize, JsonSchema, Message)]
#[serde(rename_all(serialize = "camelCase"))]
struct Echoed {
    first_word: String,
    point: Point,
}

/// Goes both ways, and holds what differs.
#[derive(Debug, Serialize, Deserialize, JsonSchema, Message)]
struct Wrapped(Vec<Holder>);

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
struct Holder {
    held: Held,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
struct Held {
    #[serde(rename(serialize = "out"))]
    field: u8,
}

/// Goes both ways; what may be absent is always sent.
#[derive(Debug, Serialize, Deserialize, JsonSchema, Message)]
struct Same {
    word: Option<String>,
    #[serde(default)]
    list: Vec<u8>,
    point: Point,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
struct Point {
    x: f64,
    #[serde(default)]
    y: f64,
}

/// Goes both ways, under two names, one of which may be absent.
#[derive(Debug, Serialize, Deserialize, JsonSchema, Message)]
struct Optional {
    #[serde(default, rename(serialize = "out", deserialize = "in"))]
    field: u8,
}

/// Goes both ways, and holds a type of the name that another would have that is sent.
#[derive(Debug, Serialize, Deserialize, JsonSchema, Message)]
struct Crowded {
    kept: Kept,
    other: KeptSent,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
struct Kept {
    #[serde(rename(serialize = "out"))]
    field: u8,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
struct KeptSent {
    own: u8,
}

#[derive(Default, Connect, Consumer)]
struct Ways;

#[channel(name = "ways")]
impl Ways {
    #[ws_handler]
    async fn asked(&mut self, asked: Asked) -> Told {
        Told {
            field: asked.field,
            always: Vec::new(),
            sometimes: None,
            secret: asked.kept,
        }
    }

    #[ws_handler]
    async fn echoed(&mut self, echoed: Echoed) -> Echoed {
        echoed
    }

    #[ws_handler]
    async fn wrapped(&mut self, wrapped: Wrapped) -> Wrapped {
        wrapped
    }

    #[ws_handler]
    async fn optional(&mut self, optional: Optional) -> Optional {
        optional
    }

    #[ws_handler]
    async fn crowded(&mut self, crowded: Crowded) -> Crowded {
        crowded
    }

    #[ws_handler]
    async fn same(&mut self, same: Same) -> Same {
        same
    }
}

fn document() -> Value {
    let channels: Channels = Channels::new(ChannelLayer::new())
        .route::<Ways>("/ways")
        .asyncapi(Info::new("Ways", "1"));
    read(&channels.asyncapi_document())
}

fn schema(document: &Value, name: &str) -> Value {
    document["components"]["schemas"][name].clone()
}

fn fields(schema: &Value) -> Vec<&str> {
    let properties = schema["properties"].as_object().unwrap();
    properties.keys().map(String::as_str).collect()
}

#[test]
fn what_is_received_is_told_as_it_deserialises() {
    let asked = schema(&document(), "AskedPayload");

    assert_eq!(fields(&asked), ["in", "point"]);
    assert_eq!(asked["required"], json!(["in", "point"]));
}

#[test]
fn what_is_sent_is_told_as_it_serialises() {
    let told = schema(&document(), "ToldPayload");

    assert_eq!(fields(&told), ["always", "out", "sometimes"]);
    assert_eq!(told["required"], json!(["out", "always"]));
}

#[test]
fn what_goes_both_ways_and_differs_has_two_schemas() {
    let document = document();

    let received = schema(&document, "EchoedPayload");
    assert_eq!(fields(&received), ["first_word", "point"]);
    let sent = schema(&document, "EchoedSentPayload");
    assert_eq!(fields(&sent), ["firstWord", "point"]);

    let operation = &document["operations"]["echoed"];
    let message = |key| json!({ "$ref": format!("#/channels/ways/messages/{key}") });
    assert_eq!(operation["messages"], json!([message("echoed")]));
    assert_eq!(
        operation["reply"]["messages"],
        json!([message("echoed_sent")])
    );
    let action = |name| schema(&document, name)["properties"]["action"]["const"].clone();
    assert_eq!(action("Echoed"), "echoed");
    assert_eq!(action("EchoedSent"), "echoed");
}

#[test]
fn what_may_be_absent_and_has_two_names_has_two_schemas() {
    let document = document();

    assert_eq!(fields(&schema(&document, "OptionalPayload")), ["in"]);
    assert_eq!(fields(&schema(&document, "OptionalSentPayload")), ["out"]);
}

#[test]
fn what_holds_what_differs_has_two_schemas_too() {
    let document = document();
    let reference = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });

    assert_eq!(
        schema(&document, "WrappedPayload")["items"],
        reference("Holder"),
    );
    assert_eq!(
        schema(&document, "WrappedSentPayload")["items"],
        reference("HolderSent"),
    );
    assert_eq!(
        schema(&document, "HolderSent")["properties"]["held"],
        reference("HeldSent"),
    );
    assert_eq!(fields(&schema(&document, "Held")), ["field"]);
    assert_eq!(fields(&schema(&document, "HeldSent")), ["out"]);
}

#[test]
fn what_is_sent_takes_no_name_of_another_type() {
    let document = document();

    let sent = schema(&document, "CrowdedSentPayload");
    let reference = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    assert_eq!(sent["properties"]["kept"], reference("KeptSent2"));
    assert_eq!(sent["properties"]["other"], reference("KeptSent"));
    assert_eq!(fields(&schema(&document, "Kept")), ["field"]);
    assert_eq!(fields(&schema(&document, "KeptSent")), ["own"]);
    assert_eq!(fields(&schema(&document, "KeptSent2")), ["out"]);
}

#[test]
fn one_schema_serves_both_ways_where_it_is_true_of_both() {
    let document = document();

    assert_eq!(schema(&document, "SameSent"), Value::Null);
    let same = schema(&document, "SamePayload");
    assert_eq!(same["required"], json!(["point"]));
    assert_eq!(schema(&document, "PointSent"), Value::Null);
    assert_eq!(schema(&document, "Point")["required"], json!(["x"]));
}
