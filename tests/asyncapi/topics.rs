//! The channels of a hub's topics.

use chanx::{ChannelLayer, ChannelOptions, Channels, Connect, Consumer, Info, Ping, Pong, channel};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use crate::request::read;

#[derive(Debug, Deserialize, JsonSchema)]
#[expect(dead_code, reason = "it is only described")]
struct Language {
    language: String,
}

#[derive(Default, Connect, Consumer)]
struct Hub;

#[channel(name = "hub", security(bearer), query(Language))]
impl Hub {
    #[topic("room:{room}")]
    async fn room(&mut self, room: String) -> Room {
        drop(room);
        Room
    }

    /// Follow a hall.
    ///
    /// Its numbers are those of the *plan*.
    #[topic("hall:{hall}")]
    #[deprecated]
    async fn hall(&mut self, hall: u8) -> Hall {
        let _ = hall;
        Hall
    }
}

#[derive(Consumer)]
struct Room;

#[channel(name = "room")]
impl Room {
    #[ws_handler]
    async fn ping(&mut self, _: Ping) -> Pong {
        Pong
    }
}

#[derive(Consumer)]
struct Hall;

/// All that is said in a hall.
#[channel(name = "hall")]
impl Hall {
    #[ws_handler]
    async fn ping(&mut self, _: Ping) -> Pong {
        Pong
    }
}

pub(crate) fn channels() -> Channels {
    Channels::new(ChannelLayer::new())
        .route::<Hub>("/hub")
        .asyncapi(Info::new("Topics", "1").server("production", "wss://topics.example"))
}

fn document() -> Value {
    read(&channels().asyncapi_document())
}

#[test]
fn a_topic_is_opened_with_what_its_connection_is_opened_with() {
    let document = document();

    let [hub, room] = ["hub", "hub_room"].map(|name| &document["channels"][name]);
    let query = &room["bindings"]["ws"]["query"];
    assert_eq!(query["properties"]["language"]["type"], "string");
    assert_eq!(room["bindings"], hub["bindings"]);
    let ping = &document["operations"]["ping"];
    assert_eq!(ping["security"].as_array().map(Vec::len), Some(1));
}

#[test]
fn a_topic_is_described_in_the_words_of_its_method_and_of_its_channel() {
    let document = document();

    let [room, hall] = ["hub_room", "hub_hall"].map(|name| &document["channels"][name]);
    assert_eq!(hall["summary"], "Follow a hall.");
    assert_eq!(
        hall["description"],
        "Its numbers are those of the *plan*.\n\nAll that is said in a hall."
    );
    assert_eq!(hall["x-deprecated"], true);
    for word in ["summary", "description", "x-deprecated"] {
        assert_eq!(room.get(word), None);
        assert_eq!(document["channels"]["hub"].get(word), None);
    }
}

#[test]
fn completion_frames_are_documented_where_they_are_sent_which_is_not_on_topics() {
    let channels: Channels = Channels::new(ChannelLayer::new())
        .options(ChannelOptions::default().completion_frames(true))
        .route::<Hub>("/hub")
        .topic_route::<Hub>("/rooms/{room}", "room:{room}")
        .asyncapi(Info::new("Topics", "1"));
    let document = read(&channels.asyncapi_document());

    let completes = |channel: &str| {
        let messages = document["channels"][channel]["messages"].as_object();
        let messages = messages.expect("the channel is documented");
        messages.contains_key("complete_message")
    };
    assert!(completes("hub"));
    assert!(!completes("hub_room"));
    assert!(!completes("hub_room_route"));
}
