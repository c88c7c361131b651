//! The parts of an operation besides its messages.

#![expect(deprecated, reason = "that deprecation is told is what is tested")]

use chanx::{
    ChannelLayer, Channels, Connect, Consumer, Context, HandlerError, Info, Message, Ping, Pong,
    channel,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::request::read;

/// Comes in.
#[derive(Debug, Serialize, Deserialize, JsonSchema, Message)]
struct Enter;

/// Came in, once.
#[deprecated]
#[derive(Debug, Serialize, Deserialize, JsonSchema, Message)]
struct Come {
    name: String,
}

/// Is in.
#[derive(Debug, Serialize, Deserialize, JsonSchema, Message)]
struct Entered;

/// Is told by one handler.
#[derive(Debug, Serialize, Deserialize, JsonSchema, Message)]
struct Noted;

#[derive(Default, Connect, Consumer)]
struct Door;

#[channel(name = "door", sends(Entered))]
impl Door {
    #[ws_handler(reasons("room_full", "banned"), sends(Noted))]
    async fn enter(&mut self, _: Enter, _: &mut Context<Self>) -> Result<(), HandlerError> {
        Err(HandlerError::client("full").with_reason("room_full"))
    }

    #[deprecated]
    #[ws_handler]
    async fn come(&mut self, _: Come) {}

    #[ws_handler]
    async fn ping(&mut self, _: Ping) -> Pong {
        Pong
    }
}

fn document() -> Value {
    let channels: Channels = Channels::new(ChannelLayer::new())
        .route::<Door>("/door")
        .asyncapi(Info::new("Door", "1"));
    read(&channels.asyncapi_document())
}

#[test]
fn the_reasons_of_a_handlers_errors_are_its_operations() {
    let operations = &document()["operations"];

    assert_eq!(
        operations["enter"]["x-reasons"],
        json!(["room_full", "banned"])
    );
    assert_eq!(operations["ping"].get("x-reasons"), None);
}

#[test]
fn what_is_deprecated_is_told() {
    let document = document();

    assert_eq!(document["operations"]["come"]["x-deprecated"], true);
    assert_eq!(document["operations"]["enter"].get("x-deprecated"), None);
    let components = &document["components"];
    assert_eq!(components["messages"]["come"]["x-deprecated"], true);
    assert_eq!(components["messages"]["enter"].get("x-deprecated"), None);
    assert_eq!(components["schemas"]["Come"]["deprecated"], true);
    assert_eq!(components["schemas"]["ComePayload"]["deprecated"], true);
}

#[test]
fn what_can_be_broadcast_may_have_metadata() {
    let document = document();
    let keys = |name: &str| {
        let properties = &document["components"]["schemas"][name]["properties"];
        let keys = properties.as_object().unwrap().keys().cloned();
        keys.collect::<Vec<_>>()
    };

    for sent in ["Entered", "Noted"] {
        assert_eq!(keys(sent), ["action", "is_current", "is_mine", "payload"]);
    }
    let entered = &document["components"]["schemas"]["Entered"];
    assert_eq!(entered["properties"]["is_mine"]["type"], "boolean");
    assert_eq!(entered["required"], json!(["action"]));
    assert_eq!(keys("Pong"), ["action", "payload", "ref"]);
    assert_eq!(keys("Enter"), ["action", "payload", "ref"]);
}
