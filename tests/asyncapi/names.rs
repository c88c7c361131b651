//! Names that would collide, and names that no reference may hold.

use chanx::{ChannelLayer, Channels, Connect, Consumer, Info, Message, Ping, Pong, channel};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{kitchen_sink, request::read};

fn channels() -> Channels {
    Channels::new(ChannelLayer::new()).asyncapi(Info::new("Names", "1"))
}

#[test]
fn types_of_one_name_are_two_types() {
    let document = read(&kitchen_sink::channels().asyncapi_document());
    let schemas = &document["components"]["schemas"];
    let action = |name: &str| schemas[name]["properties"]["action"]["const"].clone();

    assert_eq!(action("Status"), "invoice_status");
    assert_eq!(action("Status2"), "member_status");
    assert_eq!(
        schemas["StatusPayload"]["properties"]["detail"],
        json!({ "$ref": "#/components/schemas/Detail" }),
    );
    assert_eq!(
        schemas["Status2Payload"]["properties"]["detail"],
        json!({ "$ref": "#/components/schemas/Detail2" }),
    );
    assert_eq!(schemas["Detail"]["required"], json!(["cents"]));
    assert_eq!(schemas["Detail2"]["required"], json!(["device"]));
    assert_eq!(
        document["components"]["messages"]["status2"]["payload"],
        json!({ "$ref": "#/components/schemas/Status2" }),
    );
}

#[test]
fn handlers_of_one_name_are_told_apart_by_their_channels() {
    let document = read(&kitchen_sink::channels().asyncapi_document());

    assert_eq!(
        document["operations"]["ping"]["channel"],
        json!({ "$ref": "#/channels/room" }),
    );
    assert_eq!(
        document["operations"]["presence_ping"]["channel"],
        json!({ "$ref": "#/channels/presence" }),
    );
}

/// Takes the name of another message's payload.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
struct Say {
    words: SayPayload,
    error: ErrorPayload,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
struct SayPayload {
    text: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
struct ErrorPayload {
    code: u16,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
#[message(action = "say_error")]
struct ErrorMessage {
    text: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Page<{T}>")]
struct Page<T> {
    items: Vec<T>,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
struct Pages {
    words: Page<SayPayload>,
}

#[derive(Default, Connect, Consumer)]
struct Odd;

#[channel(name = "live-chat/2", sends(ErrorMessage))]
impl Odd {
    #[ws_handler]
    async fn say(&mut self, _: Say) -> Pages {
        Pages {
            words: Page { items: Vec::new() },
        }
    }
}

fn odd() -> Value {
    read(&channels().route::<Odd>("/{room-id}").asyncapi_document())
}

#[test]
fn a_type_named_like_a_payload_makes_way() {
    let document = odd();
    let schemas = &document["components"]["schemas"];

    assert_eq!(
        schemas["Say"]["properties"]["payload"],
        json!({ "$ref": "#/components/schemas/SayPayload" }),
    );
    assert_eq!(
        schemas["SayPayload"]["properties"]["words"],
        json!({ "$ref": "#/components/schemas/SayPayload2" }),
    );
    assert_eq!(schemas["SayPayload2"]["required"], json!(["text"]));
}

#[test]
fn the_protocols_own_types_make_way_for_the_applications() {
    let document = odd();
    let schemas = &document["components"]["schemas"];

    assert_eq!(
        schemas["ErrorMessage"]["properties"]["action"]["const"],
        "say_error",
    );
    assert_eq!(
        schemas["ErrorMessage2"]["properties"]["action"]["const"],
        "error",
    );
    assert_eq!(schemas["ErrorPayload"]["required"], json!(["code"]));
}

#[test]
fn names_are_made_fit_for_references() {
    let document = odd();

    assert_eq!(document["channels"]["live_chat_2"]["address"], "/{room_id}");
    assert_eq!(
        document["components"]["schemas"]["PagesPayload"]["properties"]["words"],
        json!({ "$ref": "#/components/schemas/PageSayPayload" }),
    );
}

#[derive(Default, Connect, Consumer)]
struct Other;

#[channel(name = "presence")]
impl Other {
    #[ws_handler]
    async fn ping(&self, _: Ping) -> Pong {
        Pong
    }
}

#[test]
#[should_panic(expected = "channel `presence` is routed at `/a` already")]
fn one_consumer_on_two_routes_is_refused() {
    let _ = channels().route::<Other>("/a").route::<Other>("/b");
}

#[test]
#[should_panic(expected = "channel `presence` is at `/b` and at `/ws/presence/{*place}`")]
fn two_consumers_of_one_name_are_refused() {
    let other = kitchen_sink::channels();
    let _ = channels()
        .route::<Other>("/b")
        .also_document(&other)
        .asyncapi_document();
}

#[test]
#[should_panic(expected = "channels `live-chat/2` and `presence` are both at `/b`")]
fn two_consumers_at_one_path_are_refused() {
    let other: Channels = Channels::new(ChannelLayer::new()).route::<Other>("/b");
    let _ = channels()
        .route::<Odd>("/b")
        .also_document(&other)
        .asyncapi_document();
}

/// A part of a list.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
struct Sheet<T> {
    items: Vec<T>,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
struct Dot {
    x: f64,
}

impl Message for Sheet<Dot> {
    const ACTION: &'static str = "dots";
}

impl Message for Sheet<u8> {
    const ACTION: &'static str = "bytes";
}

#[derive(Default, Connect, Consumer)]
struct Sheets;

#[channel(name = "sheets")]
impl Sheets {
    #[ws_handler]
    async fn dots(&mut self, _: Sheet<Dot>) {}

    #[ws_handler]
    async fn bytes(&mut self, _: Sheet<u8>) {}
}

#[test]
fn a_generic_type_is_named_with_its_parameters() {
    let document = read(&channels().route::<Sheets>("/sheets").asyncapi_document());
    let keys = |part: &str| {
        let parts = document["components"][part].as_object().unwrap();
        parts.keys().cloned().collect::<Vec<_>>()
    };

    assert_eq!(keys("messages"), ["error_message", "sheet_dot", "sheet_u8"]);
    for name in ["Dot", "SheetDot", "SheetDotPayload", "SheetU8"] {
        assert!(keys("schemas").contains(&name.to_owned()), "no {name}");
    }
}
