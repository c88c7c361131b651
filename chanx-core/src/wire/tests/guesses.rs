//! Frames that are taken for an action and a payload before they are cut with care.

use std::fmt::Debug;

use proptest::{collection::vec, prelude::*, sample::select};
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, de::Visitor};

use super::{
    Chat, Order,
    generators::{any_json, any_soup},
    order,
};
use crate::{
    Message, MessageSet,
    describe::MessageDescription,
    wire::{Beginning, Correlation, EncodeError, Encoder, Guess, Inbound, InvalidPayload, Payload},
};

/// A message that makes something of whatever it cannot read.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
struct Forgiving {
    #[serde(default, deserialize_with = "or_default")]
    items: Vec<Option<u8>>,
    #[serde(default, deserialize_with = "or_default")]
    id: Option<u8>,
}

fn or_default<'de, T: Default + Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    Ok(T::deserialize(deserializer).unwrap_or_default())
}

/// A message of bytes, for which serde_json looks into no string.
#[derive(Debug, PartialEq, Serialize, JsonSchema)]
struct Bytes(Vec<u8>);

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct List;

        impl<'de> Visitor<'de> for List {
            type Value = Bytes;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("bytes")
            }

            fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Bytes, E> {
                Ok(Bytes(bytes.to_vec()))
            }

            fn visit_seq<A: serde::de::SeqAccess<'de>>(
                self,
                mut items: A,
            ) -> Result<Bytes, A::Error> {
                let mut bytes = Vec::new();
                while let Some(Text(text)) = items.next_element()? {
                    bytes.extend(text);
                }
                Ok(Bytes(bytes))
            }
        }

        struct Text(Vec<u8>);

        impl<'de> Deserialize<'de> for Text {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_bytes(List).map(|it| Self(it.0))
            }
        }

        deserializer.deserialize_seq(List)
    }
}

impl Message for Forgiving {
    const ACTION: &'static str = "order";
}

impl Message for Bytes {
    const ACTION: &'static str = "order";
}

/// An order, or a list of items without one; the JSON of what is neither is looked at.
#[derive(Debug, PartialEq)]
enum Either {
    Order(Order),
    Items(Vec<u8>, InvalidPayload),
}

impl MessageSet for Either {
    const ACTIONS: &'static [&'static str] = &["order"];

    fn decode(_: &str, payload: Payload<'_>) -> Result<Self, InvalidPayload> {
        let refusal = match payload.decode() {
            Ok(order) => return Ok(Self::Order(order)),
            Err(refusal) => refusal,
        };
        if let Ok(items) = payload.decode() {
            return Ok(Self::Items(items, refusal));
        }
        assert_ne!(payload.json(), Some(""));
        Err(refusal)
    }

    fn encode(&self, encoder: Encoder<'_>) -> Result<bytes::Bytes, EncodeError> {
        encoder.message("order", &())
    }

    fn describe(_: &mut Vec<MessageDescription>) {}
}

/// The payload of a frame by the guess that it has nothing else; `None` where that does not hold.
pub(super) fn guessed<M: MessageSet>(frame: &str) -> Option<Result<M, InvalidPayload>> {
    let guess = Guess::default();
    let (action, payload) = Payload::guess(Beginning::of(frame.as_bytes())?, &guess)?;
    let read = M::decode(action, payload);
    (!payload.is_guess()).then_some(read)
}

/// Asserts that a guess holds of no frame but what is read the same with care.
fn assert_guessed_right<M: MessageSet + Debug + PartialEq>(frame: &str) {
    let Some(guessed) = guessed::<M>(frame) else {
        return;
    };
    let message = Inbound::decode(frame.as_bytes()).expect(frame);
    assert_eq!(message.correlation, Correlation::default(), "{frame}");
    assert_eq!([&*message.action], M::ACTIONS, "{frame}");
    let read = M::decode(&message.action, message.payload);
    assert_eq!(guessed, read, "{frame}");
}

/// Text behind `"payload":`, up to a frame's last brace.
fn any_tail() -> impl Strategy<Value = String> {
    const PIECES: &[&str] = &[
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        " ",
        "1",
        "1.5",
        "nu",
        "null",
        "{}",
        "\u{1}",
        "\"\u{1}\"",
        "\"items\":",
        "\"id\":",
        ",\"payload\":",
        ",\"action\":\"chat\"",
        ",\"ref\":\"7\"",
        ",\"topic\":null",
        ",\"version\":1",
        "\\ud83d",
        "{\"items\":[",
        "\"$serde_json::private::RawValue\":",
    ];
    let ends = select(&["}", "]", "null"][..]);
    let soup = (vec(select(PIECES), 0..12), ends)
        .prop_map(|(pieces, end)| format!("{}{end}", pieces.concat()));
    let json = any_json().prop_map(|json| json.to_string());
    let order = (any::<prop::sample::Index>(), select(PIECES)).prop_map(|(place, piece)| {
        let mut order = order().to_string();
        let place = place.index(order.len());
        if order.is_char_boundary(place) {
            order.insert_str(place, piece);
        }
        order
    });
    prop_oneof![soup, json, order]
}

proptest! {
    // P1 to P7
    #[test]
    fn a_guess_holds_only_of_what_is_read_the_same_with_care(tail in any_tail()) {
        let frame = format!(r#"{{"action":"order","payload":{tail}}}"#);

        assert_guessed_right::<Order>(&frame);
        assert_guessed_right::<Forgiving>(&frame);
        assert_guessed_right::<Bytes>(&frame);
        assert_guessed_right::<Either>(&frame);
    }

    #[test]
    fn a_guess_of_any_frame_is_right(frame in any_soup()) {
        assert_guessed_right::<Order>(&frame);
        assert_guessed_right::<Forgiving>(&frame);
    }
}

#[test]
fn a_frame_as_most_clients_write_it_is_guessed() {
    for payload in [
        r#"{"message":"hello"}"#,
        r#"{"message":"he said \"hello\" for 5 $"}"#,
        r#"{"message":"}, \"ref\": \"7\""}"#,
        r#"{ "message": "hello" }"#,
        "\n{\"message\":\"hello\"}",
    ] {
        let frame = format!(r#"{{"action":"chat","payload":{payload}}}"#);

        assert!(matches!(guessed::<Chat>(&frame), Some(Ok(_))), "{frame}");
    }
}

#[test]
fn a_frame_that_says_more_or_is_wrong_is_not_guessed() {
    for frame in [
        r#"{"action":"chat","payload":{"message":"hello"},"action":{}}"#,
        r#"{"action":"chat","payload":{"message":"hello"},"action":null}"#,
        r#"{"action":"chat","action":"chat","payload":{"message":"hello"}}"#,
        r#"{"action":"chat","payload":{"message":"hello"}{}}"#,
        r#"{"action":"chat","payload":{"message":"hello"},{}}"#,
        r#"{"action":"chat","payload":{"message":"hello"},[]}"#,
        r#"{"action":"chat","payload":}"#,
        r#"{"action":"chat","payload":null,"payload":null}"#,
        r#"{"action":"chat\","payload":{"message":"hello"}}"#,
        "{\"action\":\"ch\nat\",\"payload\":{\"message\":\"hello\"}}",
        "{\"action\":\"chat\",\"payload\":{\"message\":\"hel\nlo\"}}",
        "{\"action\":\"chat\",\"payload\":{\"message\":\"hello\"}}\n",
        "\u{feff}{\"action\":\"chat\",\"payload\":{\"message\":\"hello\"}}",
        r#"{"action": "chat","payload":{"message":"hello"}}"#,
        r#"{"action":"chat", "payload":{"message":"hello"}}"#,
        r#"{"action":"chat","payload":{"message":"hello","$serde_json::private::RawValue":"1"}}"#,
        r#"{"action":"chat","payload":{"message":"hello"},"ref":"7"}"#,
        r#"{"action":"chat","payload":{"message":"hello"},"version":2}"#,
        r#"{"action":"chat","payload":{"message":"hello"},"topic":null}"#,
        r#"{"action":"chat","payload":{"message":"hello"},"payload":{}}"#,
        r#"{"action":"chat","payload":{"message":"hello"},"x":{}}"#,
        r#"{"action":"chat","payload":{"message":"hello"}}}"#,
        r#"{"action":"chat","payload":{"message":"hello"}"#,
        r#"{"action":"chat","payload":{"message":"\ud800"}}"#,
        r#"{"action":"ch\u0061t","payload":{"message":"hello"}}"#,
        r#"{"payload":{"message":"hello"},"action":"chat"}"#,
    ] {
        assert!(guessed::<Chat>(frame).is_none(), "{frame}");
    }
}

#[test]
fn what_a_forgiving_type_reads_is_not_thereby_json() {
    for payload in [
        r#"{"items":[nu,],"id":1}"#,
        r#"{"items":nu,,"id":1}"#,
        r#"{"items":[1 2]}"#,
        r#"{"items":[null}"#,
    ] {
        let frame = format!(r#"{{"action":"order","payload":{payload}}}"#);

        assert!(guessed::<Forgiving>(&frame).is_none(), "{frame}");
    }
}

#[test]
fn bytes_are_not_thereby_json() {
    let frame = "{\"action\":\"order\",\"payload\":[\"\u{1}\"]}";
    assert!(guessed::<Bytes>(frame).is_none());
}

#[test]
fn a_refusal_is_told_with_its_reason_whatever_is_read_behind_it() {
    for payload in ["[1,2]", "[]", r#"{"items":"none"}"#, "null"] {
        let frame = format!(r#"{{"action":"order","payload":{payload}}}"#);

        assert_guessed_right::<Either>(&frame);
    }
}
