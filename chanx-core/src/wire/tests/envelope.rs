//! The envelope of a frame that is received: P1, P2, P4, P6, P7 and their rows of P9.

use serde_json::json;

use super::{Chat, answer, assert_refused};
use crate::{Ping, wire::Inbound};

fn decode(frame: &str) -> Inbound<'_> {
    Inbound::decode(frame.as_bytes()).unwrap()
}

// P1
#[test]
fn an_action_and_a_payload_are_read() {
    let inbound = decode(r#"{"action":"chat","payload":{"message":"hi"}}"#);

    assert_eq!(inbound.action, "chat");
    assert_eq!(inbound.payload.json().unwrap(), r#"{"message":"hi"}"#);
    assert_eq!(inbound.correlation.reference, None);
    assert_eq!(inbound.correlation.topic, None);
}

// P2
#[test]
fn reserved_keys_are_read() {
    let inbound = decode(r#"{"version":1,"topic":"room:5","ref":"7","seq":12,"action":"chat"}"#);

    assert_eq!(inbound.correlation.topic.as_deref(), Some("room:5"));
    assert_eq!(inbound.correlation.reference.as_deref(), Some("7"));
}

// P2
#[test]
fn null_is_no_topic_ref_or_seq() {
    let inbound = decode(r#"{"action":"chat","topic":null,"ref":null,"seq":null}"#);

    assert_eq!(inbound.correlation.topic, None);
    assert_eq!(inbound.correlation.reference, None);
}

// P2
#[test]
fn reserved_names_inside_the_payload_are_ordinary_data() {
    let inbound =
        decode(r#"{"action":"chat","payload":{"version":9,"ref":3,"topic":[],"seq":""}}"#);

    assert_eq!(inbound.correlation.reference, None);
    assert_eq!(inbound.correlation.topic, None);
}

// P4
#[test]
fn keys_come_in_any_order_and_unknown_ones_are_ignored() {
    let inbound =
        decode(r#" { "x":{"ref":[]}, "payload" : [1] ,"y":1e400,"ref":"1","action":"a"} "#);

    assert_eq!(inbound.action, "a");
    assert_eq!(inbound.payload.json().unwrap(), "[1]");
    assert_eq!(inbound.correlation.reference.as_deref(), Some("1"));
}

// P7
#[test]
fn of_duplicate_keys_the_last_wins() {
    let inbound = decode(
        r#"{"action":1,"action":"a","payload":1,"payload":2,"ref":5,"ref":"x","version":9,"version":1}"#,
    );

    assert_eq!(inbound.action, "a");
    assert_eq!(inbound.payload.json().unwrap(), "2");
    assert_eq!(inbound.correlation.reference.as_deref(), Some("x"));
}

// P7
#[test]
fn escaped_keys_and_actions_are_read_as_what_they_mean() {
    let inbound = decode(r#"{"\u0061ction":"ch\u0061t","r\u0065f":"\"\u00e9\ud83d\ude00"}"#);

    assert_eq!(inbound.action, "chat");
    assert_eq!(inbound.correlation.reference.as_deref(), Some("\"é😀"));
}

// P7, P9
#[test]
fn what_is_not_json_is_json_invalid() {
    let frames: [&[u8]; 16] = [
        b"",
        b"  ",
        b"{",
        b"nope",
        b"[1,",
        b"\"open",
        b"{\"action\":\"chat\"",
        b"{\"action\":\"chat\",}",
        b"{\"action\":\"chat\"} x",
        b"{\"action\":\"chat\"}{}",
        b"[] []",
        b"\xEF\xBB\xBF{\"action\":\"chat\"}",
        b"{\"action\":\"chat\",\"payload\":NaN}",
        b"{\"action\":\"chat\",\"payload\":\"\n\"}",
        b"{\"action\":\"chat\",\"payload\":\"\xFF\"}",
        b"{'action':'chat'}",
    ];
    for frame in frames {
        assert_refused::<Chat>(frame, "json_invalid", json!([]));
    }
}

// P7, P9
#[test]
fn a_lone_surrogate_is_not_json_wherever_it_stands() {
    let frames = [
        r#"{"action":"chat\ud800"}"#,
        r#"{"action":"chat","payload":{"message":"\ud800"}}"#,
        r#"{"action":"chat","payload":{"message":"\udc00\ud800"}}"#,
        r#"{"action":"chat","payload":{"message":"\ud800\u0041"}}"#,
        r#"{"action":"chat","payload":{"message":"\ud800\\udc00"}}"#,
        r#"{"action":"chat","payload":{"other":["\uDBFF"]}}"#,
        r#"{"action":"chat","\udfff":1}"#,
        r#"{"action":"chat","x":"\udfff"}"#,
        r#""\ud800""#,
    ];
    for frame in frames {
        assert_refused::<Chat>(frame, "json_invalid", json!([]));
    }
}

// P7
#[test]
fn a_lone_surrogate_is_found_at_the_end_of_a_long_frame() {
    let frame = format!(
        r#"{{"action":"chat","payload":["{}\ud800"]}}"#,
        "x".repeat(1000)
    );

    assert_refused::<Chat>(frame, "json_invalid", json!([]));
}

// P7
#[test]
fn a_pair_of_surrogates_or_an_escaped_backslash_is_json() {
    let frames = [
        r#"{"action":"chat","payload":"\ud83d\ude00 \uD83D\uDE00"}"#,
        r#"{"action":"chat","payload":"\\ud800"}"#,
        r#"{"action":"chat","payload":"\\\\ud800 \\\"ud800"}"#,
    ];
    for frame in frames {
        assert!(Inbound::decode(frame.as_bytes()).is_ok(), "{frame}");
    }
}

fn nested(depth: usize) -> String {
    let (open, close) = ("[".repeat(depth), "]".repeat(depth));
    format!(r#"{{"ref":"1","action":"chat","payload":{open}{close}}}"#)
}

// P9: the frame itself is the first of 64 levels
#[test]
fn nesting_is_fine_up_to_64_levels() {
    assert!(Inbound::decode(nested(63).as_bytes()).is_ok());

    let answer = answer::<Chat>(nested(64));
    assert_eq!(answer["payload"][0]["type"], "json_invalid");
    assert_eq!(answer["ref"], "1");
}

#[test]
fn brackets_in_strings_and_side_by_side_are_not_nesting() {
    let flat = format!(
        r#"{{"action":"chat","payload":["{}",{}1]}}"#,
        r#"[{\""#.repeat(100),
        "[{}],".repeat(100)
    );

    assert!(Inbound::decode(flat.as_bytes()).is_ok());
}

#[test]
fn a_frame_as_deep_as_it_is_long_is_refused_without_recursion() {
    let depth = 1_000_000;
    assert_refused::<Chat>("[".repeat(depth), "json_invalid", json!([]));
    assert_refused::<Chat>(nested(depth), "json_invalid", json!([]));
}

// P9
#[test]
fn json_that_is_no_object_is_a_model_type() {
    for frame in ["null", "1", "1e999", "\"x\"", " [ ] ", "[{}]", "true"] {
        assert_refused::<Chat>(frame, "model_type", json!([]));
    }
}

// P9
#[test]
fn a_list_that_is_too_deep_is_json_invalid() {
    let frame = format!("{}{}", "[".repeat(65), "]".repeat(65));
    assert_refused::<Chat>(frame, "json_invalid", json!([]));
}

// P9
#[test]
fn no_action_is_a_tag_not_found() {
    for frame in ["{}", r#"{"payload":{"action":"chat"}}"#] {
        assert_refused::<Chat>(frame, "union_tag_not_found", json!([]));
    }
}

// P9
#[test]
fn an_action_that_is_not_a_string_is_an_invalid_tag() {
    for action in ["null", "1", "1e999", "[\"chat\"]", "{}", "true"] {
        let frame = format!(r#"{{"action":{action}}}"#);
        assert_refused::<Chat>(frame, "union_tag_invalid", json!([]));
    }
}

// P7: no handler's action is that long, and it is not echoed
#[test]
fn an_action_beyond_128_bytes_is_an_invalid_tag() {
    let longest = format!(r#"{{"action":"{}"}}"#, "é".repeat(64));
    assert!(Inbound::decode(longest.as_bytes()).is_ok());

    let frame = format!(r#"{{"action":"{}x"}}"#, "é".repeat(64));
    let answer = answer::<Chat>(&frame);
    assert_eq!(answer["payload"][0]["type"], "union_tag_invalid");
    assert!(!answer.to_string().contains('é'));
}

// P9
#[test]
fn a_reserved_key_of_the_wrong_kind_is_named() {
    for value in ["1", "true", "[]", "{}"] {
        for key in ["ref", "topic"] {
            let frame = format!(r#"{{"action":"chat","{key}":{value}}}"#);
            assert_refused::<Chat>(frame, "string_type", json!([key]));
        }
    }
    for value in ["\"1\"", "true", "1.0", "1e0", "[]"] {
        for key in ["version", "seq"] {
            let frame = format!(r#"{{"action":"chat","{key}":{value}}}"#);
            assert_refused::<Chat>(frame, "int_type", json!([key]));
        }
    }
}

// P2: unlike the others, `version` is never null
#[test]
fn a_version_of_null_is_of_the_wrong_kind() {
    assert_refused::<Chat>(
        r#"{"action":"chat","version":null}"#,
        "int_type",
        json!(["version"]),
    );
}

// P9
#[test]
fn a_reserved_key_of_the_wrong_kind_comes_before_a_missing_action() {
    assert_refused::<Chat>(r#"{"ref":1}"#, "string_type", json!(["ref"]));
}

// P6
#[test]
fn another_version_is_answered_and_never_guessed_at() {
    for version in ["0", "2", "-1", "99999999999999999999999"] {
        let answer = answer::<Chat>(format!(
            r#"{{"version":{version},"action":"chat","ref":"1"}}"#
        ));

        assert_eq!(answer["payload"]["reason"], "unsupported_version");
        assert!(answer["payload"]["detail"].is_string());
        assert_eq!(answer["ref"], "1");
    }
}

// P6: nothing else of an unknown version can be judged
#[test]
fn another_version_comes_before_all_else() {
    let answer = answer::<Chat>(r#"{"version":2,"ref":1}"#);

    assert_eq!(answer["payload"]["reason"], "unsupported_version");
}

// P7
#[test]
fn a_ref_beyond_128_bytes_or_a_topic_beyond_200_is_refused_without_being_echoed() {
    for (key, most) in [("ref", 128), ("topic", 200)] {
        let fine = format!(r#"{{"action":"ping","{key}":"{}"}}"#, "x".repeat(most));
        assert!(Inbound::decode(fine.as_bytes()).is_ok());

        let long = format!(r#"{{"action":"ping","{key}":"{}"}}"#, "x".repeat(most + 1));
        assert_refused::<Ping>(&long, "string_too_long", json!([key]));
        assert!(!answer::<Ping>(&long).to_string().contains("xxx"));
    }
}

// P7: the limit is on what an escape means
#[test]
fn a_ref_is_measured_by_what_it_means() {
    let frame = format!(r#"{{"action":"ping","ref":"{}"}}"#, r"\u0041".repeat(128));

    assert_eq!(
        decode(&frame).correlation.reference.unwrap(),
        "A".repeat(128)
    );
}

// P8
#[test]
fn an_answer_carries_ref_and_topic_wherever_they_stand() {
    let frames = [
        r#"{"payload":1,"ref":"7","topic":"room:5"}"#,
        r#"{"ref":"7","action":null,"topic":"room:5"}"#,
        r#"{"topic":"room:5","version":"1","action":"ping","ref":"7"}"#,
        r#"{"topic":"room:5","version":2,"ref":"7"}"#,
        r#"{"seq":"1","action":"ping","ref":"7","topic":"room:5"}"#,
        r#"{"action":"ping","ref":"7","topic":"room:5","payload":"\ud800"}"#,
        r#"{"action":"ping","ref":"7","topic":"room:5","payload":1}"#,
    ];
    for frame in frames {
        let answer = answer::<Ping>(frame);

        assert_eq!(answer["action"], "error");
        assert_eq!(answer["version"], 1);
        assert_eq!(answer["ref"], "7");
        assert_eq!(answer["topic"], "room:5");
    }
}

// P8
#[test]
fn of_ref_and_topic_the_one_that_can_be_read_is_answered() {
    let answer = answer::<Ping>(r#"{"action":"ping","ref":7,"topic":"room:5"}"#);

    assert_eq!(answer["topic"], "room:5");
    assert_eq!(answer.get("ref"), None);
}
