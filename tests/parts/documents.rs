//! A channel's document has its parts' handlers as its own.

use chanx::{ChannelLayer, Info};
use serde_json::Value;

use crate::rooms::channels;

#[test]
fn the_handlers_of_parts_are_the_channels() {
    let document = channels(ChannelLayer::new()).asyncapi(Info::new("House", "1.0.0"));
    let document = document.asyncapi_document().to_json();
    let document: Value = serde_json::from_str(&document).unwrap();

    let operations = document["operations"].as_object().unwrap();
    let in_channel = |channel: &str| {
        let pointer = format!("#/channels/{channel}");
        let mut names: Vec<_> = operations
            .iter()
            .filter(|(_, operation)| operation["channel"]["$ref"] == pointer.as_str())
            .map(|(name, _)| name.as_str())
            .collect();
        names.sort_unstable();
        names
    };
    assert_eq!(
        in_channel("room"),
        [
            "chat",
            "count",
            "hush",
            "ping",
            "room_emits",
            "room_protocol",
            "sense",
            "typed",
            "typed_emits",
            "weather"
        ]
    );
    assert_eq!(
        in_channel("desk"),
        ["desk_count", "desk_ping", "desk_protocol"]
    );
    assert_eq!(operations["ping"]["summary"], "Say that we are alive.");
    assert_eq!(operations["sense"]["x-reasons"][0], "dark");
}

#[cfg(feature = "typescript")]
#[test]
fn a_client_in_typescript_sends_and_hears_what_parts_take_and_send() {
    let channels = channels(ChannelLayer::new());
    let client = channels.typescript_client().typescript();

    for taken in ["count", "type", "look", "listen"] {
        assert!(client.contains(&format!("{taken}:")), "{taken}\n{client}");
    }
    for sent in ["pong", "beats", "typing", "stopped", "sensed", "weather"] {
        let frame = format!("Frame<\"{sent}\"");
        assert!(client.contains(&frame), "{sent}\n{client}");
    }
}
