//! Frames that are sent: P3, P5, P7, P8, P9, P12 to P14 and P23.

use std::{cell::Cell, collections::BTreeMap, error::Error};

use bytes::Bytes;
use serde::{Serialize, Serializer, ser::Error as _};
use serde_json::{Value, json};

use super::Chat;
use crate::{
    Ping,
    wire::{
        Correlation, EVENT_COMPLETE, Encoder, Envelope, ErrorPayload, GROUP_COMPLETE, Violation,
        complete_frame, error_frame,
    },
};

fn encode<T: Serialize + ?Sized>(envelope: Envelope<'_>, payload: &T) -> Value {
    let frame = Encoder::new(envelope).message("act", payload).unwrap();
    read(&frame)
}

fn read(frame: &Bytes) -> Value {
    serde_json::from_slice(frame).unwrap()
}

// P5
#[test]
fn without_a_ref_there_are_no_envelope_keys() {
    let chat = Chat {
        message: "hi".into(),
    };
    let plain = json!({"action": "act", "payload": {"message": "hi"}});

    assert_eq!(encode(Envelope::push(), &chat), plain);
    assert_eq!(
        encode(Envelope::reply(&Correlation::default()), &chat),
        plain
    );
}

// P5
#[test]
fn a_reply_carries_the_ref_and_the_version() {
    let asked = Correlation::default().with_ref("7\"\n");
    let frame = encode(Envelope::reply(&asked), &1);

    assert_eq!(
        frame,
        json!({"action": "act", "payload": 1, "version": 1, "ref": "7\"\n"})
    );
}

// A message that a topic pushes
#[test]
fn a_push_of_a_topic_carries_the_topic_and_no_ref() {
    let frame = encode(Envelope::push().with_topic("room:5"), &1);

    assert_eq!(
        frame,
        json!({"action": "act", "payload": 1, "version": 1, "topic": "room:5"})
    );
}

// P23
#[test]
fn a_group_message_says_whose_it_is_when_asked_to() {
    let frame = encode(Envelope::push().with_origin(true, false), &1);

    assert_eq!(
        frame,
        json!({"action": "act", "payload": 1, "is_mine": true, "is_current": false}),
    );
}

// P3
#[test]
fn a_message_without_data_goes_out_as_null() {
    assert_eq!(
        encode(Envelope::push(), &Ping),
        json!({"action": "act", "payload": null})
    );
}

#[test]
fn an_action_is_escaped() {
    let frame = Encoder::new(Envelope::push())
        .message("a\"\u{1}é", &())
        .unwrap();

    assert_eq!(read(&frame)["action"], "a\"\u{1}é");
}

#[test]
fn a_long_message_is_written_whole() {
    let long = "x".repeat(100_000);

    assert_eq!(encode(Envelope::push(), &long)["payload"], long);
    assert_eq!(encode(Envelope::push(), &"short")["payload"], "short");
}

#[test]
fn what_is_not_json_names_the_message_and_keeps_the_cause() {
    let keys = BTreeMap::from([((1, 2), 3)]);

    let error = Encoder::new(Envelope::push())
        .message("act", &keys)
        .unwrap_err();

    assert_eq!(error.to_string(), "message `act` cannot be written as JSON");
    assert!(
        error
            .source()
            .is_some_and(|source| source.is::<serde_json::Error>())
    );
}

#[test]
fn a_message_that_failed_leaves_nothing_behind() {
    struct Failing;
    impl Serialize for Failing {
        fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
            Err(S::Error::custom("no"))
        }
    }

    assert!(
        Encoder::new(Envelope::push())
            .message("act", &("left", Failing))
            .is_err()
    );
    assert_eq!(
        encode(Envelope::push(), &1),
        json!({"action": "act", "payload": 1})
    );
}

#[test]
fn serialising_may_encode_in_turn() {
    struct Nested(Cell<usize>);
    impl Serialize for Nested {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let inner = Encoder::new(Envelope::push()).message("inner", &1);
            self.0.set(inner.map_err(S::Error::custom)?.len());
            serializer.serialize_str("outer")
        }
    }

    assert_eq!(
        encode(Envelope::push(), &Nested(Cell::new(0)))["payload"],
        "outer"
    );
}

// P12
#[test]
fn a_completion_carries_the_ref_of_what_it_completes() {
    assert_eq!(
        read(&complete_frame(&Correlation::default())),
        json!({"action": "complete", "payload": null}),
    );
    assert_eq!(
        read(&complete_frame(&Correlation::default().with_ref("1"))),
        json!({"action": "complete", "payload": null, "version": 1, "ref": "1"}),
    );
}

// P13, P14
#[test]
fn completions_of_groups_and_events_carry_no_ref() {
    assert_eq!(
        read(&GROUP_COMPLETE),
        json!({"action": "group_complete", "payload": null})
    );
    assert_eq!(
        read(&EVENT_COMPLETE),
        json!({"action": "event_complete", "payload": null})
    );
}

// P9
#[test]
fn an_error_of_the_clients_data_is_a_list() {
    let error = ErrorPayload::from(Violation::value("no").at("a").at(3));

    assert_eq!(
        read(&error_frame(&error, &Correlation::default())),
        json!({"action": "error", "payload": [{"type": "value_error", "loc": ["a", 3], "msg": "no"}]}),
    );
}

// P8, P9
#[test]
fn any_other_error_is_an_object() {
    let error = ErrorPayload::detail("no");
    assert_eq!(
        read(&error_frame(&error, &Correlation::default().with_ref("1"))),
        json!({"action": "error", "payload": {"detail": "no"}, "version": 1, "ref": "1"}),
    );

    let error = ErrorPayload::with_reason("not_subscribed", "no");
    assert_eq!(
        read(&error_frame(
            &error,
            &Correlation::default().with_topic("room:5")
        )),
        json!({
            "action": "error",
            "payload": {"detail": "no", "reason": "not_subscribed"},
            "version": 1,
            "topic": "room:5",
        }),
    );
}

// P9
#[test]
fn a_binary_frame_is_not_json() {
    assert_eq!(
        serde_json::to_value(ErrorPayload::binary_frame()).unwrap(),
        json!([{"type": "json_invalid", "loc": [], "msg": "not valid JSON"}]),
    );
}
