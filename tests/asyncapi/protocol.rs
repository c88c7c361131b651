//! The protocol as owned data: all that a document needs, without the application.

use chanx::{
    Connect, Consumer, Info, Message, Ping, Pong,
    asyncapi::{Document, Documented, ProtocolFrames},
    channel,
    describe::{ChannelDescription, Direction, Protocol, Security},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A line that was said.
#[derive(Serialize, Deserialize, JsonSchema, Message)]
#[message(example = Said { line: Line { text: "hello".into() } })]
struct Said {
    line: Line,
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct Line {
    text: String,
}

#[derive(Deserialize, JsonSchema)]
#[expect(dead_code, reason = "tells schemars what the path holds")]
struct RoomPath {
    /// Which room.
    room: u32,
}

#[derive(Default, Connect, Consumer)]
struct Room;

/// A room.
#[channel(name = "room", tags = ["talk"], sends(Said), security(bearer, cookie("session")), path(RoomPath))]
impl Room {
    /// Answer.
    #[ws_handler]
    async fn ping(&mut self, _: Ping) -> Pong {
        Pong
    }
}

mod other {
    use super::{Deserialize, JsonSchema, Message, Serialize};

    /// Another type of that name.
    #[derive(Serialize, Deserialize, JsonSchema, Message)]
    #[message(action = "said_elsewhere")]
    pub(super) struct Said(pub(super) u8);
}

#[derive(Default, Connect, Consumer)]
struct Hall;

#[channel(name = "hall", sends(other::Said))]
impl Hall {}

fn documented() -> [Documented; 2] {
    let mut room = Documented::new("/ws/{room}", ChannelDescription::of::<Room>());
    room.frames = ProtocolFrames::default()
        .with_completion(true)
        .with_authentication(true);
    room.bearer_query = Some("token".to_owned());
    [
        room,
        Documented::new("/hall", ChannelDescription::of::<Hall>()),
    ]
}

#[test]
fn a_protocol_that_was_written_down_gives_the_same_document() {
    let documented = documented();
    let written = serde_json::to_string(&Protocol::of(&documented)).unwrap();
    let read: Protocol = serde_json::from_str(&written).unwrap();

    let info = || Info::new("Rooms", "1.0.0");
    assert_eq!(
        Document::of(info(), &read).to_json(),
        Document::new(info(), &documented).to_json(),
    );
}

#[test]
fn a_protocol_tells_what_a_client_needs() {
    let protocol = Protocol::of(&documented());
    let [room, hall] = protocol.channels.as_slice() else {
        panic!("there are two channels: {protocol:?}");
    };

    assert_eq!(
        (room.name.as_str(), room.path.as_str()),
        ("room", "/ws/{room}")
    );
    assert_eq!(room.description.as_deref(), Some("A room."));
    assert_eq!(
        room.handshake.security,
        [Security::Bearer, Security::cookie("session")]
    );
    assert_eq!(room.handshake.bearer_query.as_deref(), Some("token"));
    let ping = &room.operations[0];
    assert_eq!(
        (ping.name.as_str(), ping.direction),
        ("ping", Direction::Receive)
    );
    assert_eq!(
        (&*ping.messages, &*ping.replies),
        (&["Ping".to_owned()][..], &["Pong".to_owned()][..])
    );
    assert_eq!(room.frames.len(), 5);
    assert_eq!(hall.frames, ["ErrorMessage"]);
}

#[test]
fn messages_of_one_name_are_two_messages() {
    let protocol = Protocol::of(&documented());
    let [room, hall] = protocol.channels.as_slice() else {
        panic!("there are two channels: {protocol:?}");
    };

    assert_eq!(room.sends, ["Said"]);
    assert_eq!(hall.sends, ["Said2"]);
    assert_eq!(protocol.messages["Said"].action, "said");
    assert_eq!(protocol.messages["Said2"].action, "said_elsewhere");
    assert_eq!(protocol.messages["Said2"].name, "Said");
}

#[test]
fn every_reference_of_a_protocol_leads_to_one_of_its_types() {
    let written = serde_json::to_value(Protocol::of(&documented())).unwrap();

    let text = written.to_string();
    let references = text.split(r##""$ref":"#"##).skip(1);
    let pointers: Vec<_> = references
        .filter_map(|rest| rest.split('"').next())
        .collect();
    assert!(pointers.contains(&"/$defs/Line"), "{pointers:?}");
    for pointer in pointers {
        assert!(
            written.pointer(pointer).is_some(),
            "{pointer} leads nowhere"
        );
    }
}

/// Goes both ways; a client may leave the field out.
#[derive(Serialize, Deserialize, JsonSchema, Message)]
struct Setting {
    #[serde(default)]
    loud: bool,
}

#[derive(Default, Connect, Consumer)]
struct Settings;

#[channel(name = "settings")]
impl Settings {
    #[ws_handler]
    async fn set(&mut self, setting: Setting) -> Setting {
        setting
    }
}

#[test]
fn what_the_server_always_writes_is_required_where_each_way_is_described() {
    let settings = Documented::new("/ws/settings", ChannelDescription::of::<Settings>());
    let settings = [settings];

    let both = Protocol::of(&settings);
    assert!(both.types["Setting"].get("required").is_none());
    assert!(both.written_as.is_empty());

    let each = Protocol::of_each_way(&settings);
    assert!(each.types["Setting"].get("required").is_none());
    assert_eq!(each.written_as["Setting"], "SettingSent");
    assert_eq!(
        each.types["SettingSent"].get("required"),
        Some(&serde_json::json!(["loud"]))
    );
}
