//! Properties of every frame, whatever is in it.

use proptest::{
    collection::vec,
    option,
    prelude::*,
    sample::{Index, select},
};
use serde_json::{Value, json};

use super::{
    Chat, Order, State, answer,
    generators::{
        any_frame, any_json, any_name, any_soup, expected, field, kind_of, located, pointer,
        required_fields, take,
    },
    order,
};
use crate::{
    Message,
    wire::{Correlation, Encoder, Envelope, Inbound, Payload, explain::explain},
};

/// The first violation that a frame is answered with.
fn first(frame: impl AsRef<[u8]>) -> (String, Value) {
    first_of(&answer::<Order>(frame))
}

fn first_of(answer: &Value) -> (String, Value) {
    let violation = &answer["payload"][0];
    let kind = violation["type"].as_str().unwrap_or_default();
    (kind.to_owned(), violation["loc"].clone())
}

proptest! {
    #[test]
    fn no_bytes_make_decoding_panic(bytes in vec(any::<u8>(), 0..256)) {
        if let Ok(inbound) = Inbound::decode(&bytes) {
            let _ = inbound.payload.decode::<Order>();
        }
    }

    // P1, P7, P9: what serde_json makes of the whole frame is what is made of it in one pass
    #[test]
    fn a_frame_is_judged_as_a_slow_reader_would(frame in any_soup()) {
        let kind = match serde_json::from_str::<Value>(&frame) {
            Err(_) => Some("json_invalid"),
            Ok(Value::Object(members)) => match members.get("action") {
                _ if ["ref", "topic", "version", "seq"].iter().any(|key| members.contains_key(*key)) => return Ok(()),
                Some(Value::String(_)) => None,
                Some(_) => Some("union_tag_invalid"),
                None => Some("union_tag_not_found"),
            },
            Ok(_) => Some("model_type"),
        };

        match (Inbound::decode(frame.as_bytes()), kind) {
            (Ok(_), None) => {}
            (Err(refusal), Some(kind)) => {
                let answer = serde_json::from_slice(&refusal.to_frame()).unwrap();
                prop_assert_eq!(first_of(&answer), (kind.to_owned(), json!([])));
            }
            (decoded, expected) => prop_assert!(false, "{decoded:?}, expected {expected:?}"),
        }
    }

    // P9
    #[test]
    fn a_frame_cut_short_is_json_invalid(frame in any_frame(vec![("action", json!("order")), ("payload", order())]), at in any::<Index>()) {
        let cut = at.index(frame.len());

        let cut = first(&frame.as_bytes()[..cut]);

        prop_assert_eq!(cut, ("json_invalid".to_owned(), json!([])));
    }

    // P9
    #[test]
    fn json_that_is_no_object_is_a_model_type(value in any_json().prop_filter("no object", |value| !value.is_object())) {
        let expected = ("model_type".to_owned(), json!([]));

        prop_assert_eq!(first(value.to_string()), expected);
    }

    // P9
    #[test]
    fn depth_decides_whatever_the_brackets(lists in vec(any::<bool>(), 1..130)) {
        let open: String = lists.iter().map(|list| if *list { "[" } else { r#"{"[{":"# }).collect();
        let close: String = lists.iter().rev().map(|list| if *list { "]" } else { "}" }).collect();
        let frame = format!(r#"{{"action":"order","payload":{open}null{close}}}"#);

        prop_assert_eq!(Inbound::decode(frame.as_bytes()).is_ok(), lists.len() < 64);
    }

    // P9
    #[test]
    fn an_action_of_another_kind_is_an_invalid_tag(
        frame in any_json().prop_filter("no string", |value| !value.is_string())
            .prop_flat_map(|action| any_frame(vec![("action", action), ("payload", order())])),
    ) {
        prop_assert_eq!(first(frame), ("union_tag_invalid".to_owned(), json!([])));
    }

    // P9
    #[test]
    fn a_ref_or_topic_of_another_kind_is_named(
        (key, frame) in (select(&["ref", "topic"][..]), any_json())
            .prop_filter("no string", |(_, value)| !value.is_string() && !value.is_null())
            .prop_flat_map(|(key, value)| {
                let members = vec![(key, value), ("action", json!("order")), ("payload", order())];
                (Just(key), any_frame(members))
            }),
    ) {
        prop_assert_eq!(first(frame), ("string_type".to_owned(), json!([key])));
    }

    // P6, P9
    #[test]
    fn a_version_is_one_or_answered(
        (version, frame) in any_json().prop_filter("not one", |value| *value != json!(1))
            .prop_flat_map(|version| {
                let members = vec![("version", version.clone()), ("action", json!("order"))];
                (Just(version), any_frame(members))
            }),
    ) {
        let answer = answer::<Order>(frame);

        if version.is_i64() || version.is_u64() {
            prop_assert_eq!(&answer["payload"]["reason"], "unsupported_version");
        } else {
            prop_assert_eq!(first_of(&answer), ("int_type".to_owned(), json!(["version"])));
        }
    }

    // P8
    #[test]
    fn an_answer_carries_what_could_be_read(
        (reference, topic, frame) in (option::of(any_name()), option::of(any_name()), any_json())
            .prop_flat_map(|(reference, topic, payload)| {
                let members = vec![("ref", json!(reference)), ("topic", json!(topic)), ("payload", payload)];
                (Just(reference), Just(topic), any_frame(members))
            }),
    ) {
        let answer = answer::<Order>(frame);

        prop_assert_eq!(answer.get("ref").cloned(), reference.as_ref().map(|name| json!(name)));
        prop_assert_eq!(answer.get("topic").cloned(), topic.as_ref().map(|name| json!(name)));
        let enveloped = reference.is_some() || topic.is_some();
        prop_assert_eq!(answer.get("version").cloned(), enveloped.then(|| json!(1)));
    }

    // P9
    #[test]
    fn a_missing_field_is_named_wherever_it_is_missing(
        (path, frame) in select(required_fields()).prop_flat_map(|path| {
            let mut payload = order();
            take(&mut payload, &path);
            (Just(path), any_frame(vec![("action", json!("order")), ("payload", payload)]))
        }),
    ) {
        prop_assert_eq!(first(frame), ("missing".to_owned(), located(&path)));
    }

    // P9
    #[test]
    fn a_value_of_another_kind_is_named_wherever_it_is(
        (path, kind, frame) in (select(required_fields()), any_json())
            .prop_filter("of another kind", |(path, value)| kind_of(&field(path)) != kind_of(value))
            .prop_flat_map(|(path, value)| {
                let mut payload = order();
                let kind = expected(&path);
                *payload.pointer_mut(&pointer(&path)).unwrap() = value;
                let members = vec![("action", json!("order")), ("payload", payload)];
                (Just(path), Just(kind), any_frame(members))
            }),
    ) {
        prop_assert_eq!(first(frame), (kind.to_owned(), located(&path)));
    }

    // The second reading finds fault with exactly what the first one cannot read
    #[test]
    fn both_readings_agree(path in select(required_fields()), value in any_json()) {
        let mut payload = order();
        *payload.pointer_mut(&pointer(&path)).unwrap() = value;
        let raw = serde_json::value::to_raw_value(&payload).unwrap();

        let read = Payload::from_raw(&raw).decode::<Order>().ok();
        let explained = explain::<Order>(raw.get(), None).ok();

        prop_assert_eq!(read, explained);
    }

    // P1, P5
    #[test]
    fn what_is_encoded_is_decoded(
        message in any::<String>(),
        reference in option::of(any_name()),
        topic in option::of(any_name()),
    ) {
        let chat = Chat { message };
        let asked = Correlation {
            reference: reference.map(Into::into),
            topic: topic.map(Into::into),
            seq: None,
        };
        let envelope = Envelope::reply(&asked);
        let frame = Encoder::new(envelope).message(Chat::ACTION, &chat).unwrap();

        let inbound = Inbound::decode(&frame).unwrap();

        prop_assert_eq!(&inbound.action, Chat::ACTION);
        prop_assert_eq!(inbound.payload.decode::<Chat>().unwrap(), chat);
        prop_assert_eq!(inbound.correlation, asked);
    }

    #[test]
    fn a_message_of_many_kinds_comes_back_as_it_was(
        id in any::<u32>(),
        price in any::<i32>(),
        labels in prop::collection::btree_map(any::<String>(), any::<i8>(), 0..4),
        gift in option::of(any::<String>()),
    ) {
        let mut sent: Order = serde_json::from_value(order()).unwrap();
        sent = Order { id, price: f64::from(price) / 4.0, labels, gift, state: State::Shipped, ..sent };
        let frame = Encoder::new(Envelope::push()).message(Order::ACTION, &sent).unwrap();

        let received = Inbound::decode(&frame).unwrap().payload.decode::<Order>().unwrap();

        prop_assert_eq!(received, sent);
    }
}
