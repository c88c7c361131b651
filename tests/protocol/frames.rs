//! P1–P7: the parts of a frame, on the way in and on the way out.

use chanx_testing::Frame;
use serde_json::{Value, json};

use crate::desk::{Announce, Count, Divide, Number, Ring, Said, answer, client};

fn is_error(answer: &Value, kind: &str, loc: &Value) {
    assert_eq!(answer["action"], "error", "{answer}");
    assert_eq!(answer["payload"][0]["type"], kind, "{answer}");
    assert_eq!(answer["payload"][0]["loc"], *loc, "{answer}");
}

#[tokio::test(start_paused = true)]
async fn p01_a_message_is_one_text_frame_of_action_and_payload() {
    let mut client = client().await;

    client
        .send_text(r#"{"action":"say","payload":{"text":"grüß dich"}}"#)
        .await;

    let Frame::Text(text) = client.receive_frame().await else {
        panic!("not a text frame");
    };
    let message: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(
        message,
        json!({"action": "said", "payload": {"text": "grüß dich"}})
    );
}

#[tokio::test(start_paused = true)]
async fn p02_reserved_keys_of_the_right_kind_are_accepted() {
    let answer = answer(
        r#"{"version":1,"topic":null,"ref":"a","seq":7,"action":"say","payload":{"text":"x"}}"#,
    )
    .await;

    assert_eq!(answer["payload"], json!({"text": "x"}));
}

#[tokio::test(start_paused = true)]
async fn p02_reserved_keys_may_be_null_save_for_the_version() {
    let nulls = r#"{"topic":null,"ref":null,"seq":null,"action":"hello"}"#;
    assert_eq!(
        answer(nulls).await,
        json!({"action": "welcome", "payload": null})
    );

    let version = r#"{"version":null,"action":"hello"}"#;
    is_error(&answer(version).await, "int_type", &json!(["version"]));
}

#[tokio::test(start_paused = true)]
async fn p02_a_reserved_key_of_another_kind_is_an_error_at_that_key() {
    for (key, value, kind) in [
        ("version", json!("1"), "int_type"),
        ("version", json!(1.5), "int_type"),
        ("topic", json!(["room:5"]), "string_type"),
        ("ref", json!(7), "string_type"),
        ("seq", json!("1"), "int_type"),
    ] {
        let frame = json!({"action": "hello", key: value});

        is_error(&answer(&frame.to_string()).await, kind, &json!([key]));
    }
}

#[tokio::test(start_paused = true)]
async fn p02_the_same_names_inside_a_payload_are_ordinary_data() {
    let payload = json!({"version": "two", "topic": [1, 2], "ref": 3, "seq": true});

    let frame = json!({"action": "label", "payload": payload});

    assert_eq!(
        answer(&frame.to_string()).await,
        json!({"action": "labelled", "payload": payload})
    );
}

#[tokio::test(start_paused = true)]
async fn p03_a_message_without_data_has_the_payload_null() {
    let answer = answer(r#"{"action":"hello","payload":null}"#).await;

    assert_eq!(answer, json!({"action": "welcome", "payload": null}));
}

#[tokio::test(start_paused = true)]
async fn p03_a_message_without_data_may_come_without_a_payload() {
    let answer = answer(r#"{"action":"ping"}"#).await;

    assert_eq!(answer, json!({"action": "pong", "payload": null}));
}

#[tokio::test(start_paused = true)]
async fn p03_any_other_payload_of_a_message_without_data_is_an_error() {
    for payload in [json!({}), json!([]), json!(0), json!(""), json!(false)] {
        let frame = json!({"action": "hello", "payload": payload});

        is_error(
            &answer(&frame.to_string()).await,
            "none_required",
            &json!(["hello", "payload"]),
        );
    }
}

#[tokio::test(start_paused = true)]
async fn p04_unknown_keys_beside_the_payload_are_ignored() {
    let answer = answer(r#"{"trace":{"id":[1]},"action":"hello","retries":3}"#).await;

    assert_eq!(answer, json!({"action": "welcome", "payload": null}));
}

#[tokio::test(start_paused = true)]
async fn p04_unknown_keys_in_a_payload_are_ignored() {
    let answer = answer(r#"{"action":"say","payload":{"mood":"glad","text":"hi"}}"#).await;

    assert_eq!(answer["payload"], json!({"text": "hi"}));
}

#[tokio::test(start_paused = true)]
async fn p04_unknown_keys_are_an_error_where_the_type_says_so() {
    let address = json!({"street": "Main Street", "floor": 3});
    let payload = json!({"items": [], "paid": true, "address": address});
    let frame = json!({"action": "order", "payload": payload});

    is_error(
        &answer(&frame.to_string()).await,
        "extra_forbidden",
        &json!(["order", "payload", "address", "floor"]),
    );
}

#[tokio::test(start_paused = true)]
async fn p04_keys_may_come_in_any_order() {
    let answer = answer(r#"{"ref":"1","payload":{"text":"hi"},"version":1,"action":"say"}"#).await;

    assert_eq!(
        answer,
        json!({"action": "said", "payload": {"text": "hi"}, "version": 1, "ref": "1"})
    );
}

#[tokio::test(start_paused = true)]
async fn p05_a_reply_carries_the_ref_of_its_request() {
    let answer = answer(r#"{"action":"hello","ref":"q-1"}"#).await;

    assert_eq!(
        answer,
        json!({"action": "welcome", "payload": null, "version": 1, "ref": "q-1"})
    );
}

#[tokio::test(start_paused = true)]
async fn p05_every_one_of_several_replies_carries_the_ref() {
    let mut client = client().await;

    client
        .send_json(json!({"action": "count", "payload": {"to": 3}, "ref": "c"}))
        .await;

    for n in 1..=3 {
        assert_eq!(
            client.receive_json().await,
            json!({"action": "number", "payload": {"n": n}, "version": 1, "ref": "c"})
        );
    }
}

#[tokio::test(start_paused = true)]
async fn p05_an_error_carries_the_ref_of_its_request() {
    let refused = answer(r#"{"action":"nonsense","ref":"1"}"#).await;
    assert_eq!(
        (&refused["version"], &refused["ref"]),
        (&json!(1), &json!("1"))
    );

    let failed = answer(r#"{"action":"fail","ref":"2"}"#).await;
    assert_eq!(
        (&failed["version"], &failed["ref"]),
        (&json!(1), &json!("2"))
    );
}

#[tokio::test(start_paused = true)]
async fn p05_a_ref_is_given_back_as_it_came() {
    for reference in ["", "\"quoted\" \\ and \u{1f980}", &"r".repeat(128)] {
        let frame = json!({"action": "hello", "ref": reference});

        assert_eq!(answer(&frame.to_string()).await["ref"], *reference);
    }
}

#[tokio::test(start_paused = true)]
async fn p05_without_a_ref_a_reply_has_no_envelope_keys() {
    let answer = answer(r#"{"version":1,"action":"hello"}"#).await;

    assert_eq!(answer, json!({"action": "welcome", "payload": null}));
}

#[tokio::test(start_paused = true)]
async fn p05_pushes_and_broadcasts_carry_no_ref_and_the_reply_does() {
    let mut client = client().await;

    client
        .send_json(json!({"action": "announce", "payload": {"text": "hi"}, "ref": "9"}))
        .await;

    assert_eq!(
        client.receive_json().await,
        json!({"action": "said", "payload": {"text": "hi, sent"}})
    );
    assert_eq!(
        client.receive_json().await,
        json!({"action": "said", "payload": {"text": "hi, broadcast"}})
    );
    assert_eq!(
        client.receive_json().await,
        json!({"action": "said", "payload": {"text": "hi"}, "version": 1, "ref": "9"})
    );
}

#[tokio::test(start_paused = true)]
async fn p05_what_an_event_handler_returns_carries_no_ref() {
    let mut client = client().await;

    client
        .send_json(json!({"action": "ring", "payload": {"fails": false}, "ref": "9"}))
        .await;

    assert_eq!(
        client.receive_json().await,
        json!({"action": "rang", "payload": null})
    );
}

#[tokio::test(start_paused = true)]
async fn p05_a_ref_does_not_outlive_its_message() {
    let mut client = client().await;

    client
        .send_json(json!({"action": "hello", "ref": "1"}))
        .await;
    client.send_json(json!({"action": "hello"})).await;

    assert_eq!(client.receive_json().await["ref"], "1");
    assert_eq!(
        client.receive_json().await,
        json!({"action": "welcome", "payload": null})
    );
}

#[tokio::test(start_paused = true)]
async fn p06_another_version_is_answered_with_an_error() {
    for version in [0, 2, -1, 10_000] {
        let frame = json!({"version": version, "action": "hello", "ref": "1"});

        let answer = answer(&frame.to_string()).await;

        assert_eq!(answer["action"], "error");
        assert_eq!(answer["payload"]["reason"], "unsupported_version");
        assert_eq!(answer["ref"], "1");
    }
}

#[tokio::test(start_paused = true)]
async fn p07_output_holds_no_nan_and_no_infinity() {
    let mut client = client().await;

    client.send(&Divide).await;

    assert_eq!(
        client.receive_json().await,
        json!({"action": "error", "payload": {"detail": "Failed to process message for divide"}})
    );
}

#[tokio::test(start_paused = true)]
async fn p07_of_duplicate_keys_the_last_wins() {
    let envelope = r#"{"action":"nonsense","ref":"1","ref":"2","action":"hello"}"#;
    assert_eq!(
        answer(envelope).await,
        json!({"action": "welcome", "payload": null, "version": 1, "ref": "2"})
    );

    let payload = r#"{"action":"say","payload":{"text":"first","text":"last"}}"#;
    assert_eq!(answer(payload).await["payload"]["text"], "last");
}

#[tokio::test(start_paused = true)]
async fn p07_escaped_keys_and_actions_are_read_as_what_they_mean() {
    let answer = answer(r#"{"\u0061ction":"\u0073ay","pa\u0079load":{"te\u0078t":"\u0068i"}}"#);

    assert_eq!(
        answer.await,
        json!({"action": "said", "payload": {"text": "hi"}})
    );
}

#[tokio::test(start_paused = true)]
async fn p07_what_is_not_json_is_refused() {
    for text in [
        "\u{feff}{\"action\":\"hello\"}",
        "{\"action\":\"hello\"} x",
        "{\"action\":\"hello\"}{\"action\":\"hello\"}",
        r#"{"action":"say","payload":{"text":"\ud800"}}"#,
        r#"{"action":"say","payload":{"text":"\udc00\ud800"}}"#,
        r#"{"action":"say","payload":NaN}"#,
        "{'action':'hello'}",
        "{\"action\":\"hello\",}",
    ] {
        is_error(&answer(text).await, "json_invalid", &json!([]));
    }
}

#[tokio::test(start_paused = true)]
async fn p07_a_surrogate_pair_is_one_character() {
    let answer = answer(r#"{"action":"say","payload":{"text":"\ud83e\udd80"}}"#).await;

    assert_eq!(answer["payload"]["text"], "\u{1f980}");
}

#[tokio::test(start_paused = true)]
async fn p07_a_ref_or_topic_that_is_too_long_is_refused_without_being_echoed() {
    for (key, length) in [("ref", 129), ("topic", 201)] {
        let frame = json!({"action": "hello", key: "x".repeat(length)});

        let answer = answer(&frame.to_string()).await;

        is_error(&answer, "string_too_long", &json!([key]));
        assert!(!answer.to_string().contains("xx"), "{answer}");
    }
}

#[tokio::test(start_paused = true)]
async fn p07_an_action_that_is_too_long_is_unknown_and_not_echoed() {
    let frame = json!({"action": "x".repeat(129), "ref": "1"});

    let answer = answer(&frame.to_string()).await;

    is_error(&answer, "union_tag_invalid", &json!([]));
    assert!(!answer.to_string().contains("xx"), "{answer}");
    assert_eq!(answer["ref"], "1");
}

#[tokio::test(start_paused = true)]
async fn p07_a_long_ref_is_counted_in_bytes() {
    let frame = json!({"action": "hello", "ref": "é".repeat(65)});

    is_error(
        &answer(&frame.to_string()).await,
        "string_too_long",
        &json!(["ref"]),
    );
}

#[tokio::test(start_paused = true)]
async fn a_frame_that_names_a_topic_is_not_handled_as_if_it_had_none() {
    let mut client = client().await;

    client
        .send_json(json!({"action": "hello", "topic": "room:5", "ref": "2"}))
        .await;

    let error = client.expect_error("not_subscribed").await;
    assert_eq!(error.json()["topic"], "room:5");
    assert_eq!(error.json()["ref"], "2");
    client.receive_nothing().await;
}

#[tokio::test(start_paused = true)]
async fn typed_messages_travel_as_the_same_frames() {
    let mut client = client().await;

    client.send(&Count { to: 1 }).await;
    assert_eq!(client.receive::<Number>().await, Number { n: 1 });

    client.send(&Announce { text: "a".into() }).await;
    let said = client.receive::<Said>().await;
    assert_eq!(said.text, "a, sent");

    client.send(&Ring { fails: true }).await;
    assert_eq!(client.receive::<Said>().await.text, "a, broadcast");
    assert_eq!(client.receive::<Said>().await.text, "a");
    client.receive_nothing().await;
}
