//! Streams in the document.

use std::sync::Arc;

use chanx::{
    ChannelLayer, Channels, Info,
    describe::{ChannelDescription, Documented, Protocol},
};
use serde_json::Value;

use crate::model::{Book, Model};

fn document() -> Value {
    let channels = Channels::<Arc<Book>>::new(ChannelLayer::new())
        .route::<Model>("/ws")
        .asyncapi(Info::new("Models", "1.0.0"));
    serde_json::from_str(&channels.asyncapi_document().to_json()).unwrap()
}

#[test]
fn p39_a_reply_that_may_be_a_stream_is_documented_as_one() {
    let document = document();
    let operations = &document["operations"];

    for streamed in ["prompt", "dictate", "guess", "stumble", "forbidden"] {
        let reply = &operations[streamed]["reply"];
        assert_eq!(reply["x-stream"], true, "{streamed}");
        assert_eq!(reply["messages"].as_array().unwrap().len(), 1, "{streamed}");
    }
    assert_eq!(operations["ping"]["reply"].get("x-stream"), None);
}

#[test]
fn p39_a_channel_that_streams_sends_complete_and_no_other_completion_frame() {
    let document = document();

    let messages = &document["channels"]["model"]["messages"];
    assert!(messages.get("complete_message").is_some(), "{messages}");
    assert_eq!(messages.get("group_complete_message"), None);
    assert_eq!(messages.get("event_complete_message"), None);
}

#[test]
fn p39_a_protocol_tells_generators_of_clients() {
    let channel = Documented::new("/ws", ChannelDescription::of::<Model>());
    let protocol = Protocol::of(&[channel]);

    let may_stream = |name: &str| {
        let operations = protocol.channels[0].operations.iter();
        let operation = operations.clone().find(|it| it.name == name);
        operation.unwrap().may_stream
    };
    assert!(may_stream("prompt"));
    assert!(!may_stream("ping"));
}
