//! The channels and operations in the document.

use serde_json::{Value, json};

use crate::{kitchen_sink, request::read};

fn document() -> Value {
    read(&kitchen_sink::channels().asyncapi_document())
}

fn keys(value: &Value) -> Vec<&str> {
    value
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect()
}

fn messages(operation: &Value) -> Vec<&str> {
    let messages = operation["messages"].as_array().unwrap().iter();
    messages
        .map(|message| message["$ref"].as_str().unwrap())
        .collect()
}

#[test]
fn the_application_introduces_itself() {
    let document = document();

    assert_eq!(document["asyncapi"], "3.0.0");
    assert_eq!(document["defaultContentType"], "application/json");
    assert_eq!(
        document["info"],
        json!({
            "title": "Kitchen Sink",
            "version": "1.2.3",
            "description": "Everything there is, in *one* application.",
            "contact": { "name": "The cooks", "email": "cooks@example.com" },
            "license": { "name": "MIT" },
        }),
    );
    assert_eq!(
        document["servers"],
        json!({
            "production": { "host": "chat.example", "protocol": "wss" },
            "development": { "host": "localhost:8000", "protocol": "ws" },
        }),
    );
}

#[test]
fn a_channel_says_where_it_is_and_what_it_is_opened_with() {
    let document = document();
    let room = &document["channels"]["room"];

    assert_eq!(room["address"], "/ws/room/{room}");
    assert_eq!(room["title"], "room");
    assert_eq!(
        room["description"],
        "One chat room.\n\nEvery member receives what the others send.",
    );
    assert_eq!(room["tags"], json!([{ "name": "chat" }]));
    assert_eq!(
        room["parameters"],
        json!({
            "room": { "description": "The room to join.", "examples": ["lobby", "rust"] },
        }),
    );
    let binding = &room["bindings"]["ws"];
    assert_eq!(binding["method"], "GET");
    assert_eq!(
        keys(&binding["query"]["properties"]),
        ["access_token", "color", "history", "token"],
    );
    assert_eq!(keys(&binding["headers"]["properties"]), ["X-Api-Key"]);
}

#[test]
fn a_wildcard_is_a_parameter_that_takes_the_rest() {
    let document = document();
    let presence = &document["channels"]["presence"];

    assert_eq!(presence["address"], "/ws/presence/{place}");
    assert_eq!(
        presence["parameters"]["place"]["description"],
        "The rest of the path, slashes included.",
    );
    assert_eq!(presence.get("bindings"), None);
}

#[test]
fn every_credential_is_a_scheme_that_operations_ask_for() {
    let document = document();
    let schemes = &document["components"]["securitySchemes"];

    assert_eq!(schemes["bearer"]["scheme"], "bearer");
    assert_eq!(
        schemes["cookie_session"],
        json!({ "type": "httpApiKey", "name": "session", "in": "cookie" }),
    );
    assert_eq!(
        schemes["header_x_api_key"],
        json!({ "type": "httpApiKey", "name": "X-Api-Key", "in": "header" }),
    );
    assert_eq!(schemes["query_token"]["in"], "query");
    assert_eq!(
        schemes["query_access_token"]["name"], "access_token",
        "where the channels take bearer tokens from the query",
    );
    let operations = &document["operations"];
    assert_eq!(operations["chat"]["security"].as_array().unwrap().len(), 5);
    assert_eq!(operations["announce"].get("security"), None);
}

#[test]
fn a_handler_of_messages_receives_and_replies() {
    let document = document();

    assert_eq!(
        document["operations"]["moderate"]["messages"],
        json!([
            { "$ref": "#/channels/room/messages/mute" },
            { "$ref": "#/channels/room/messages/expel" },
        ]),
    );
    assert_eq!(
        document["operations"]["moderate"]["reply"],
        json!({
            "channel": { "$ref": "#/channels/room" },
            "messages": [{ "$ref": "#/channels/room/messages/done" }],
        }),
    );
    let chat = &document["operations"]["chat"];
    assert_eq!(chat["action"], "receive");
    assert_eq!(chat["channel"], json!({ "$ref": "#/channels/room" }));
    assert_eq!(chat["summary"], "Send a line to the room.");
    assert_eq!(
        chat["description"],
        "The first line is the summary, the rest the description.",
    );
    assert_eq!(chat["tags"], json!([{ "name": "lines" }]));
    assert_eq!(chat.get("reply"), None);
}

#[test]
fn what_a_handler_sends_besides_its_reply_is_an_operation_of_its_own() {
    let document = document();
    let emits = &document["operations"]["draw_emits"];

    assert_eq!(emits["action"], "send");
    assert_eq!(emits["summary"], "Sent while handling `draw`.");
    assert_eq!(messages(emits), ["#/channels/room/messages/draw"]);
}

#[test]
fn what_is_sent_outside_handlers_is_one_operation() {
    let document = document();
    let emits = &document["operations"]["room_emits"];

    assert_eq!(emits["action"], "send");
    assert_eq!(
        messages(emits),
        [
            "#/channels/room/messages/chat_notification",
            "#/channels/room/messages/history",
        ],
    );
}

#[test]
fn events_are_what_they_send() {
    let document = document();

    let handled = &document["operations"]["payment_completed"];
    assert_eq!(handled["action"], "send");
    assert_eq!(handled["summary"], "Tell of a payment.");
    assert_eq!(messages(handled), ["#/channels/room/messages/status"]);
    let passed_through = &document["operations"]["member_joined"];
    assert_eq!(passed_through["action"], "send");
    assert_eq!(
        messages(passed_through),
        ["#/channels/room/messages/member_joined"],
    );
}

#[test]
fn the_protocols_own_frames_are_documented_where_they_are_sent() {
    let document = document();

    assert_eq!(
        messages(&document["operations"]["room_protocol"]),
        ["#/channels/room/messages/error_message"],
    );
    assert_eq!(
        messages(&document["operations"]["presence_protocol"]),
        [
            "#/channels/presence/messages/error_message",
            "#/channels/presence/messages/complete_message",
            "#/channels/presence/messages/group_complete_message",
            "#/channels/presence/messages/event_complete_message",
            "#/channels/presence/messages/authentication_message",
        ],
    );
    let schemas = &document["components"]["schemas"];
    let authentication = &schemas["AuthenticationMessage"]["properties"]["payload"];
    assert_eq!(
        *authentication,
        json!({ "$ref": "#/components/schemas/AuthenticationPayload" }),
    );
    let error = &document["components"]["schemas"]["ErrorPayload"]["anyOf"];
    assert_eq!(
        error[0]["items"],
        json!({ "$ref": "#/components/schemas/Violation" }),
    );
    assert_eq!(
        error[1],
        json!({ "$ref": "#/components/schemas/ErrorDetail" }),
    );
}

#[test]
fn only_what_is_asked_or_answered_carries_a_ref() {
    let document = document();
    let messages = &document["components"]["messages"];

    for correlated in ["chat", "pong", "done", "error_message", "history"] {
        assert_eq!(
            messages[correlated]["correlationId"],
            json!({ "$ref": "#/components/correlationIds/ref" }),
            "{correlated}",
        );
    }
    for pushed in ["chat_notification", "member_joined", "status"] {
        assert_eq!(messages[pushed].get("correlationId"), None, "{pushed}");
        let schema = &document["components"]["schemas"]["ChatNotification"];
        assert_eq!(
            keys(&schema["properties"]),
            ["action", "is_current", "is_mine", "payload"],
        );
    }
}

#[test]
fn examples_are_whole_frames() {
    let document = document();

    assert_eq!(
        document["components"]["messages"]["mute"]["examples"],
        json!([
            { "payload": { "action": "mute", "payload": { "member": "ann", "minutes": 5 } } },
            { "payload": { "action": "mute", "payload": { "member": "bob", "minutes": 60 } } },
        ]),
    );
}

#[test]
fn a_document_is_the_same_each_time() {
    let first = kitchen_sink::channels().asyncapi_document();
    let second = kitchen_sink::channels().asyncapi_document();

    assert_eq!(first.to_json(), second.to_json());
    assert_eq!(first.to_yaml(), second.to_yaml());
}
