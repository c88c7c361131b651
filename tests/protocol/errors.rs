//! P8–P11: how a frame is refused, and how a handler fails.

use serde_json::{Value, json};

use crate::desk::{Fail, Hello, Ring, SECRET, Welcome, answer, client};

/// Types and places of the violations that one text is answered with.
async fn violations(text: &str) -> Vec<(String, Value)> {
    let answer = answer(text).await;
    assert_eq!(answer["action"], "error", "{answer}");
    let list = answer["payload"].as_array();
    let list = list.unwrap_or_else(|| panic!("not a list: {answer}"));
    list.iter()
        .map(|violation| {
            let keys: Vec<_> = violation.as_object().unwrap().keys().collect();
            assert_eq!(keys, ["loc", "msg", "type"], "{violation}");
            let kind = violation["type"].as_str().unwrap().to_owned();
            (kind, violation["loc"].clone())
        })
        .collect()
}

async fn is_refused(text: &str, kind: &str, loc: Value) {
    assert_eq!(violations(text).await, [(kind.to_owned(), loc)], "{text}");
}

#[tokio::test(start_paused = true)]
async fn p08_a_refused_frame_is_answered_once_and_the_connection_stays_open() {
    let mut client = client().await;

    client.send_text("nonsense").await;

    client.expect_error("json_invalid").await;
    assert_eq!(client.request::<Welcome>(&Hello).await, Welcome);
    client.receive_nothing().await;
}

#[tokio::test(start_paused = true)]
async fn p08_an_error_carries_ref_and_topic_where_they_could_be_read() {
    let answer = answer(r#"{"ref":"7","topic":"room:5","action":null}"#).await;

    assert_eq!(answer["action"], "error");
    assert_eq!(answer["version"], 1);
    assert_eq!(answer["ref"], "7");
    assert_eq!(answer["topic"], "room:5");
}

#[tokio::test(start_paused = true)]
async fn p08_a_topic_survives_a_ref_that_cannot_be_read() {
    let answer = answer(r#"{"ref":7,"topic":"room:5","action":"hello"}"#).await;

    assert_eq!(answer["topic"], "room:5");
    assert_eq!(answer.get("ref"), None);
}

#[tokio::test(start_paused = true)]
async fn p08_an_error_to_a_frame_that_is_not_json_has_no_envelope() {
    let answer = answer(r#"{"ref":"7""#).await;

    let keys: Vec<_> = answer.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["action", "payload"]);
}

#[tokio::test(start_paused = true)]
async fn p09_text_that_is_not_json_is_json_invalid() {
    is_refused("nonsense", "json_invalid", json!([])).await;
    is_refused(r#"{"action":"hello""#, "json_invalid", json!([])).await;
}

#[tokio::test(start_paused = true)]
async fn p09_empty_text_is_json_invalid() {
    is_refused("", "json_invalid", json!([])).await;
    is_refused(" \n", "json_invalid", json!([])).await;
}

#[tokio::test(start_paused = true)]
async fn p09_a_binary_frame_is_json_invalid() {
    let mut client = client().await;

    client.send_binary(&br#"{"action":"hello"}"#[..]).await;

    let error = client.expect_error("json_invalid").await;
    assert_eq!(error.payload()[0]["loc"], json!([]));
}

#[tokio::test(start_paused = true)]
async fn p09_json_that_is_no_object_is_model_type() {
    for text in [
        "[]",
        "\"hello\"",
        "1",
        "null",
        "true",
        "[{\"action\":\"hello\"}]",
    ] {
        is_refused(text, "model_type", json!([])).await;
    }
}

#[tokio::test(start_paused = true)]
async fn p09_a_frame_without_an_action_is_union_tag_not_found() {
    is_refused("{}", "union_tag_not_found", json!([])).await;
    is_refused(r#"{"payload":{}}"#, "union_tag_not_found", json!([])).await;
}

#[tokio::test(start_paused = true)]
async fn p09_an_action_that_is_no_string_is_union_tag_invalid() {
    for action in ["null", "1", "{}", "[\"hello\"]"] {
        let text = format!(r#"{{"action":{action}}}"#);
        is_refused(&text, "union_tag_invalid", json!([])).await;
    }
}

#[tokio::test(start_paused = true)]
async fn p09_an_action_that_no_handler_takes_is_union_tag_invalid() {
    for action in ["nonsense", "Hello", "hello ", "", "welcome"] {
        let text = json!({"action": action}).to_string();
        is_refused(&text, "union_tag_invalid", json!([])).await;
    }
}

#[tokio::test(start_paused = true)]
async fn p09_the_frameworks_own_actions_are_nobodys_to_send() {
    for action in [
        "error",
        "complete",
        "group_complete",
        "event_complete",
        "authentication",
        "subscribe",
        "unsubscribe",
    ] {
        let text = json!({"action": action}).to_string();
        is_refused(&text, "union_tag_invalid", json!([])).await;
    }
}

#[tokio::test(start_paused = true)]
async fn p09_a_missing_payload_is_missing_at_the_payload() {
    is_refused(r#"{"action":"say"}"#, "missing", json!(["say", "payload"])).await;
}

#[tokio::test(start_paused = true)]
async fn p09_a_missing_field_is_missing_at_its_path() {
    is_refused(
        r#"{"action":"say","payload":{}}"#,
        "missing",
        json!(["say", "payload", "text"]),
    )
    .await;
    is_refused(
        r#"{"action":"order","payload":{"paid":true,"items":[{"id":1},{"id":2},{"id":3},{}]}}"#,
        "missing",
        json!(["order", "payload", "items", 3, "id"]),
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn p09_a_value_of_another_kind_is_named_by_the_kind_expected() {
    let place = |keys: Value| {
        let mut loc = json!(["order", "payload"]);
        loc.as_array_mut()
            .unwrap()
            .extend(keys.as_array().unwrap().clone());
        loc
    };
    for (payload, kind, keys) in [
        (json!(7), "dict_type", json!([])),
        (json!(null), "dict_type", json!([])),
        (
            json!({"items": "x", "paid": true}),
            "list_type",
            json!(["items"]),
        ),
        (
            json!({"items": [7], "paid": true}),
            "dict_type",
            json!(["items", 0]),
        ),
        (
            json!({"items": [{"id": "x"}], "paid": true}),
            "int_type",
            json!(["items", 0, "id"]),
        ),
        (
            json!({"items": [], "paid": 1}),
            "bool_type",
            json!(["paid"]),
        ),
        (
            json!({"items": [], "paid": true, "address": {"street": 5}}),
            "string_type",
            json!(["address", "street"]),
        ),
    ] {
        let text = json!({"action": "order", "payload": payload}).to_string();
        is_refused(&text, kind, place(keys)).await;
    }
}

#[tokio::test(start_paused = true)]
async fn p09_a_number_out_of_range_is_refused_at_its_path() {
    is_refused(
        r#"{"action":"count","payload":{"to":-1}}"#,
        "greater_than_equal",
        json!(["count", "payload", "to"]),
    )
    .await;
    is_refused(
        r#"{"action":"count","payload":{"to":4294967296}}"#,
        "less_than_equal",
        json!(["count", "payload", "to"]),
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn p09_the_first_value_of_the_wrong_kind_is_reported_alone() {
    is_refused(
        r#"{"action":"order","payload":{"paid":1,"items":"x"}}"#,
        "bool_type",
        json!(["order", "payload", "paid"]),
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn p09_every_violation_of_a_constraint_is_reported() {
    let text = r#"{"action":"invite","payload":{"names":["","ann","",""]}}"#;

    let places: Vec<_> = violations(text).await;

    let expected = [0, 2, 3].map(|n| {
        let loc = json!(["invite", "payload", "names", n]);
        ("value_error".to_owned(), loc)
    });
    assert_eq!(places, expected);
}

#[tokio::test(start_paused = true)]
async fn p09_a_frame_nested_64_deep_is_read_and_65_deep_is_json_invalid() {
    let nested = |depth: usize| {
        let (open, close) = ("[".repeat(depth - 1), "]".repeat(depth - 1));
        format!(r#"{{"action":"hello","extra":{open}{close}}}"#)
    };

    assert_eq!(answer(&nested(63)).await["action"], "welcome");
    assert_eq!(answer(&nested(64)).await["action"], "welcome");
    is_refused(&nested(65), "json_invalid", json!([])).await;
}

#[tokio::test(start_paused = true)]
async fn p09_brackets_in_text_do_not_count_as_nesting() {
    let text = json!({"action": "say", "payload": {"text": "[\"{".repeat(100)}}).to_string();

    assert_eq!(answer(&text).await["action"], "said");
}

#[tokio::test(start_paused = true)]
async fn p10_a_handler_that_fails_says_nothing_but_which_message_it_was() {
    let mut client = client().await;

    client.send(&Fail).await;

    assert_eq!(
        client.receive_json().await,
        json!({
            "action": "error",
            "payload": {"detail": "Failed to process message for fail"},
        })
    );
}

#[tokio::test(start_paused = true)]
async fn p10_a_handler_may_choose_what_the_client_reads() {
    let detail = answer(r#"{"action":"enter","payload":{"reason":false}}"#).await;
    assert_eq!(detail["payload"], json!({"detail": "the room is full"}));

    let reason = answer(r#"{"action":"enter","payload":{"reason":true}}"#).await;
    assert_eq!(
        reason["payload"],
        json!({"detail": "the room is full", "reason": "room_full"})
    );
}

#[tokio::test(start_paused = true)]
async fn p10_a_failing_handler_does_not_end_the_connection() {
    let mut client = client().await;

    client.send(&Fail).await;

    client
        .expect_error("Failed to process message for fail")
        .await;
    assert_eq!(client.request::<Welcome>(&Hello).await, Welcome);
}

#[tokio::test(start_paused = true)]
async fn p10_no_error_leaks_secrets_type_names_or_paths() {
    for text in [
        r#"{"action":"fail"}"#,
        r#"{"action":"crash"}"#,
        r#"{"action":"enter","payload":{"reason":true}}"#,
        r#"{"action":"order","payload":{"items":[{"id":"x"}],"paid":true}}"#,
        r#"{"action":"order","payload":{"items":{},"paid":true}}"#,
        r#"{"action":"order","payload":7}"#,
        r#"{"action":"say"}"#,
        r#"{"action":"say","payload":{"text":}}"#,
    ] {
        let answer = answer(text).await.to_string();

        for leak in [
            SECRET, "hunter2", "struct", "Item", "Order", "u32", ".rs", "line 1",
        ] {
            assert!(!answer.contains(leak), "{text} is answered with {answer}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn p11_a_failing_event_handler_shows_the_client_nothing() {
    let mut client = client().await;

    client.send(&Ring { fails: true }).await;

    client.receive_nothing().await;
    assert_eq!(client.request::<Welcome>(&Hello).await, Welcome);
}
